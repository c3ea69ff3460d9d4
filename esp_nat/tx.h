/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_TX_H
#define _ESP_NAT_TX_H

#include <linux/skbuff.h>

#include "net.h"

int esp_nat_tx_local(struct esp_nat_net *en, struct sk_buff *skb,
		     struct sock *sk);
int esp_nat_tx_local6(struct esp_nat_net *en, struct sk_buff *skb,
		      struct sock *sk);
int esp_nat_tx_stray(struct esp_nat_net *en, const struct sk_buff *skb,
		     const struct net_device *out);

#endif /* _ESP_NAT_TX_H */
