/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_NET_NETNS_GENERIC_H
#define _UNIT_NET_NETNS_GENERIC_H

struct net;

/* the test's */
void *net_generic(const struct net *net, unsigned int id);

#endif /* _UNIT_NET_NETNS_GENERIC_H */
