/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_SECPATH_H
#define _ESP_NAT_SECPATH_H

#include <linux/skbuff.h>

#include "endpoint.h"

struct xfrm_state;

/**
 * struct esp_nat_origin - where an ESP packet that xfrm has accepted came from
 * @from: the actual endpoint; its port is 0 if it came without UDP header
 * @x: the SA, held by the packet's secpath
 * @seq: the low half of its sequence number, network byte order
 * @bytes: its length as it came, with its IP header
 * @last: its SA is the last one that the packet came in by
 */
struct esp_nat_origin {
	struct esp_nat_ep	from;
	struct xfrm_state	*x;
	__be32			seq;
	unsigned int		bytes;
	bool			last;
};

void esp_nat_secpath_tag(struct sk_buff *skb, const struct esp_nat_ep *from,
			 __be32 spi, __be32 seq);
void esp_nat_secpath_untag(struct sk_buff *skb);
bool esp_nat_secpath_take(struct sk_buff *skb, struct esp_nat_origin *origin);
bool esp_nat_secpath_device(const struct net_device *dev);
bool esp_nat_secpath_decrypted(const struct sk_buff *skb);
bool esp_nat_secpath_pending(const struct sk_buff *skb);
bool esp_nat_secpath_unfinished(const struct sk_buff *skb);
bool esp_nat_secpath_esp_in(const struct sk_buff *skb);
bool esp_nat_secpath_esp_out(const struct sk_buff *skb, unsigned int family);
void esp_nat_secpath_vouch(struct sk_buff *skb);
bool esp_nat_secpath_vouched(const struct sk_buff *skb);

#endif /* _ESP_NAT_SECPATH_H */
