/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_NET_ROUTE_H
#define _UNIT_NET_ROUTE_H

#include <linux/rtnetlink.h>
#include <net/net_namespace.h>

/* the test's addresses */
unsigned int inet_addr_type(struct net *net, __be32 addr);

#endif /* _UNIT_NET_ROUTE_H */
