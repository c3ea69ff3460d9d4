/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_NET_DEBUG_H
#define _UNIT_NET_DEBUG_H

#include <stdio.h>

#define DEBUG_NET_WARN_ON_ONCE(cond)	assert(!(cond))
#define net_warn_ratelimited(...)	fprintf(stderr, __VA_ARGS__)

#endif /* _UNIT_NET_DEBUG_H */
