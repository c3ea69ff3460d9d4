/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_NET_IP_H
#define _UNIT_NET_IP_H

#include <linux/ip.h>

#define IP_OFFSET	0x1fff
#define IP_MAX_MTU	0xffffu

#endif /* _UNIT_NET_IP_H */
