/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_POOL_H
#define _ESPNAT_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "ep.h"

/**
 * struct pool - the pool of aliases
 * @known: the kernel has sent it
 * @first: its first address
 * @prefix_len: the length of its prefix
 * @addresses: how many addresses it has
 * @written: an administrator has written it; else it is the default
 * @covered: it is the default and a route covers it: no alias is given
 * @given: aliases that contexts have
 * @lingering: aliases without a context that an SA may still use
 * @fixed: static aliases, which an administrator keeps for a peer
 */
struct pool {
	bool		known;
	struct ep	first;
	uint8_t		prefix_len;
	uint64_t	addresses;
	bool		written;
	bool		covered;
	uint64_t	given;
	uint64_t	lingering;
	uint64_t	fixed;
};

bool pool_read(const struct nlattr **msg, void *data);
int pool_get(struct pool *pool);
void pool_print(const struct pool *pool);

#endif /* _ESPNAT_POOL_H */
