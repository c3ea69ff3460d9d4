/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_BLOCK_H
#define _ESP_NAT_BLOCK_H

#include <linux/skbuff.h>

#include "net.h"

int esp_nat_block_init(struct esp_nat_net *en);
void esp_nat_block_exit(struct esp_nat_net *en);
int esp_nat_block_in(struct esp_nat_net *en, const struct sk_buff *skb,
		     unsigned int family);
int esp_nat_block_out(struct esp_nat_net *en, const struct sk_buff *skb,
		      unsigned int family,
		      const struct net_device *out, const struct sock *sk);

#endif /* _ESP_NAT_BLOCK_H */
