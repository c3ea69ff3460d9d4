/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_RX_H
#define _ESP_NAT_RX_H

#include <linux/skbuff.h>

#include "net.h"

bool esp_nat_rx_segments(struct esp_nat_net *en, const struct sk_buff *skb,
			 unsigned int family);
int esp_nat_rx_local(struct esp_nat_net *en, struct sk_buff *skb);
int esp_nat_rx_local6(struct esp_nat_net *en, struct sk_buff *skb);
int esp_nat_rx_stray(struct esp_nat_net *en, const struct sk_buff *skb);

#endif /* _ESP_NAT_RX_H */
