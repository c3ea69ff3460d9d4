/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_NET_IPV6_H
#define _UNIT_NET_IPV6_H

#include <netinet/in.h>

static inline bool ipv6_prefix_equal(const struct in6_addr *a,
				     const struct in6_addr *b,
				     unsigned int len)
{
	unsigned int bit;

	for (bit = 0; bit < len; bit++)
		if ((a->s6_addr[bit / 8] ^ b->s6_addr[bit / 8]) &
		    (0x80 >> bit % 8))
			return false;
	return true;
}

#endif /* _UNIT_NET_IPV6_H */
