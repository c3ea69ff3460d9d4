/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_SOCKET_H
#define _ESP_NAT_SOCKET_H

#include <linux/skbuff.h>

#include "net.h"

bool esp_nat_socket_bound(struct esp_nat_net *en,
			  const struct esp_nat_ep *local,
			  const struct esp_nat_ep *remote, int dif);
int esp_nat_socket_open(struct esp_nat_net *en);
void esp_nat_socket_close(struct esp_nat_net *en);
bool esp_nat_socket_has(struct esp_nat_net *en, unsigned int family);
bool esp_nat_socket_own(struct esp_nat_net *en, const struct esp_nat_ep *local,
			const struct esp_nat_ep *remote, int dif);
bool esp_nat_socket_give(struct esp_nat_net *en, struct sk_buff *skb,
			 unsigned int family);

#endif /* _ESP_NAT_SOCKET_H */
