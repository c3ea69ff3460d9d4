/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_UDP_H
#define _UNIT_LINUX_UDP_H

#include_next <linux/udp.h>
#include <linux/skbuff.h>

static inline struct udphdr *udp_hdr(const struct sk_buff *skb)
{
	return (struct udphdr *)skb_transport_header(skb);
}

#endif /* _UNIT_LINUX_UDP_H */
