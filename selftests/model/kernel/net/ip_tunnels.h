/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_NET_IP_TUNNELS_H
#define _UNIT_NET_IP_TUNNELS_H

#include <linux/skbuff.h>
#include <net/route.h>

#define LL_MAX_HEADER	32

/* the test's; @skb is its from now on */
void iptunnel_xmit(void *sk, struct rtable *rt, struct sk_buff *skb,
		   __be32 src, __be32 dst, u8 proto, u8 tos, u8 ttl, __be16 df,
		   bool xnet, u16 ipcb_flags);

#endif /* _UNIT_NET_IP_TUNNELS_H */
