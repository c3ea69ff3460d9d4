/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_GRO_H
#define _ESP_NAT_GRO_H

#include <linux/skbuff.h>

#include "net.h"

void esp_nat_gro_hook_port(struct esp_nat_net *en);
void esp_nat_gro_hook_socket(struct esp_nat_net *en, struct sk_buff *skb);
bool esp_nat_gro_hooked(const struct sock *sk);
void esp_nat_gro_unhook(struct esp_nat_net *en);

#endif /* _ESP_NAT_GRO_H */
