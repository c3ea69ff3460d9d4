/* SPDX-License-Identifier: GPL-2.0 */
/* For kernels whose iptunnel_xmit() is not told flags for its control block. */
#ifndef _ESP_NAT_COMPAT_NET_IP_TUNNELS_H
#define _ESP_NAT_COMPAT_NET_IP_TUNNELS_H

#include_next <net/ip_tunnels.h>

static inline void esp_nat_iptunnel_xmit(struct sock *sk, struct rtable *rt,
					 struct sk_buff *skb, __be32 src,
					 __be32 dst, u8 proto, u8 tos, u8 ttl,
					 __be16 df, bool xnet, u16 ipcb_flags)
{
	iptunnel_xmit(sk, rt, skb, src, dst, proto, tos, ttl, df, xnet);
}

#define iptunnel_xmit	esp_nat_iptunnel_xmit

#endif /* _ESP_NAT_COMPAT_NET_IP_TUNNELS_H */
