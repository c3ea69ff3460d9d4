/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_IN_H
#define _UNIT_LINUX_IN_H

#include <linux/types.h>
#include_next <linux/in.h>

static inline bool ipv4_is_zeronet(__be32 ip)
{
	return ntohl(ip) >> 24 == 0;
}

static inline bool ipv4_is_loopback(__be32 ip)
{
	return ntohl(ip) >> 24 == 127;
}

static inline bool ipv4_is_multicast(__be32 ip)
{
	return ntohl(ip) >> 28 == 14;
}

#endif /* _UNIT_LINUX_IN_H */
