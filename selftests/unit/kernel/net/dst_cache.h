/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_NET_DST_CACHE_H
#define _UNIT_NET_DST_CACHE_H

struct net;

/* No route is ever cached. */
struct dst_cache {
	int unused;
};

#endif /* _UNIT_NET_DST_CACHE_H */
