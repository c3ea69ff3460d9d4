/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_NET_UDP_H
#define _UNIT_NET_UDP_H

#include <linux/udp.h>

#endif /* _UNIT_NET_UDP_H */
