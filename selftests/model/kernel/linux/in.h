/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_IN_H
#define _UNIT_LINUX_IN_H

#include <linux/types.h>
#include_next <linux/in.h>

#define ipv4_is_zeronet(ip)	(!((ip) & htonl(0xff000000)))
#define ipv4_is_loopback(ip)	(((ip) & htonl(0xff000000)) == htonl(0x7f000000))
#define ipv4_is_multicast(ip)	(((ip) & htonl(0xf0000000)) == htonl(0xe0000000))

#endif /* _UNIT_LINUX_IN_H */
