/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_IPV6_H
#define _UNIT_LINUX_IPV6_H

#include <linux/skbuff.h>
#include_next <linux/ipv6.h>

static inline struct ipv6hdr *ipv6_hdr(const struct sk_buff *skb)
{
	return (struct ipv6hdr *)skb_network_header(skb);
}

#endif /* _UNIT_LINUX_IPV6_H */
