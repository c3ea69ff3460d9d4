// SPDX-License-Identifier: GPL-2.0
/* Datagrams that GRO, or a sender's UDP_SEGMENT, has made one packet of. */
#include <linux/netdevice.h>
#include <net/udp.h>

#include "segment.h"

/**
 * esp_nat_segment() - datagrams of one packet, each a packet of its own
 * @skb: UDP, at its network header; it stays the caller's, who may only free it then
 *
 * As UDP does for sockets that do not take them as one. They keep device, route,
 * conntrack entry and control block.
 *
 * Context: softirq.
 * Return: the first, at its network header as all of them are, linked by
 * skb->next; NULL if they cannot be told apart, or for want of memory.
 */
struct sk_buff *esp_nat_segment(struct sk_buff *skb)
{
	/* their checksums are as good as this one's, which need not be computed */
	const netdev_features_t features = NETIF_F_SG | NETIF_F_IP_CSUM |
					   NETIF_F_IPV6_CSUM;
	struct sk_buff *segs, *seg, *next;

	if (!skb_mac_header_was_set(skb))
		skb_reset_mac_header(skb);
	__skb_push(skb, -skb_mac_offset(skb));
	segs = __skb_gso_segment(skb, features, false);
	if (IS_ERR_OR_NULL(segs))
		return NULL;
	skb_list_walk_safe(segs, seg, next)
		__skb_pull(seg, skb_network_offset(seg));
	return segs;
}
