/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_NET_DST_CACHE_H
#define _UNIT_NET_DST_CACHE_H

#include <linux/types.h>

struct dst_cache {
	int unused;
};

#define dst_cache_init(cache, gfp)	((void)(cache), 0)
#define dst_cache_destroy(cache)	((void)(cache))

#endif /* _UNIT_NET_DST_CACHE_H */
