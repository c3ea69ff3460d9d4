/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_REWRITE_H
#define _ESP_NAT_REWRITE_H

#include <linux/skbuff.h>

#include "endpoint.h"

int esp_nat_rewrite_source(struct sk_buff *skb, const struct esp_nat_ep *to);
int esp_nat_rewrite_dest(struct sk_buff *skb, const struct esp_nat_ep *to);
void esp_nat_rewrite_esp_source(struct iphdr *iph, struct udphdr *uh,
				const struct esp_nat_ep *to);
int esp_nat_rewrite_add_udp(struct sk_buff *skb, const struct esp_nat_ep *src,
			    __be16 dport);
void esp_nat_rewrite_del_udp(struct sk_buff *skb);
int esp_nat_rewrite_encap(struct sk_buff *skb, __be16 sport, __be16 dport);
int esp_nat_rewrite_port(struct sk_buff *skb, unsigned int offset, bool source,
			 __be16 to);
int esp_nat_rewrite_del_marker(struct sk_buff *skb, unsigned int offset);
int esp_nat_rewrite_add_marker(struct sk_buff *skb, unsigned int offset);
int esp_nat_rewrite_mtu(struct sk_buff *skb, unsigned int less);
int esp_nat_rewrite_quoted(struct sk_buff *skb, unsigned int offset,
			   const struct esp_nat_ep *to);

#endif /* _ESP_NAT_REWRITE_H */
