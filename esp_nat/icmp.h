/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_ICMP_H
#define _ESP_NAT_ICMP_H

#include <linux/skbuff.h>

#include "net.h"

void esp_nat_icmp_error(struct esp_nat_net *en, struct sk_buff *skb);
void esp_nat_icmp_error6(struct esp_nat_net *en, struct sk_buff *skb);

#endif /* _ESP_NAT_ICMP_H */
