/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_ALIAS_H
#define _ESP_NAT_ALIAS_H

#include <linux/rhashtable.h>
#include <linux/spinlock.h>
#include <linux/xarray.h>

#include "endpoint.h"
#include "stats.h"

struct esp_nat_ctx;

/**
 * struct esp_nat_pool - a pool of aliases
 * @prefix: the addresses
 * @alias: address, host byte order -> context, or a value: lingering, an SA
 *	that no context has may still use it, or static and not in use; looked
 *	up under RCU
 * @cursor: where the search for a free alias goes on
 * @given: how many contexts have one
 * @lingering: how many linger
 * @kept: static aliases, by alias, see alias_static.c
 * @keeper: the same, by the peer that they are kept for
 * @nr_static: how many are static
 * @written: the administrator wrote it: used as told
 * @stats: counters of the namespace
 * @lock: protects all but @stats, and serialises the writers of @alias
 */
struct esp_nat_pool {
	struct esp_nat_prefix		prefix;
	struct xarray			alias;
	u32				cursor;
	unsigned int			given;
	unsigned int			lingering;
	struct xarray			kept;
	struct rhashtable		keeper;
	unsigned int			nr_static;
	bool				written;
	struct esp_nat_stats __percpu	*stats;
	spinlock_t			*lock;	/* the table's */
};

void esp_nat_alias_init(struct esp_nat_pool *pool,
			struct esp_nat_stats __percpu *stats, spinlock_t *lock);
void esp_nat_alias_exit(struct esp_nat_pool *pool);
struct esp_nat_addr esp_nat_alias_first(const struct esp_nat_pool *pool);
struct esp_nat_prefix esp_nat_alias_pool(const struct esp_nat_pool *pool);
bool esp_nat_alias_usable(const struct esp_nat_pool *pool,
			  const struct esp_nat_addr *addr);
bool esp_nat_alias_in_pool(const struct esp_nat_pool *pool,
			   const struct esp_nat_addr *addr);
int esp_nat_alias_get(struct esp_nat_pool *pool, struct esp_nat_ctx *ctx,
		      struct esp_nat_addr *addr);
int esp_nat_alias_claim(struct esp_nat_pool *pool, struct esp_nat_ctx *ctx,
			const struct esp_nat_addr *addr);
int esp_nat_alias_keep(struct esp_nat_pool *pool,
		       const struct esp_nat_addr *addr);
void esp_nat_alias_unkeep(struct esp_nat_pool *pool,
			  const struct esp_nat_addr *addr);
bool esp_nat_alias_take(struct esp_nat_pool *pool, struct esp_nat_ctx *ctx,
			const struct esp_nat_addr *addr);
void esp_nat_alias_put(struct esp_nat_pool *pool,
		       const struct esp_nat_addr *addr, bool linger);
int esp_nat_alias_linger(struct esp_nat_pool *pool,
			 const struct esp_nat_addr *addr, u32 gen);
void esp_nat_alias_sweep(struct esp_nat_pool *pool, u32 gen);
struct esp_nat_ctx *esp_nat_alias_find(const struct esp_nat_pool *pool,
				       const struct esp_nat_addr *addr);
bool esp_nat_alias_given(const struct esp_nat_pool *pool, __be32 ip);
bool esp_nat_alias_pool_valid(const struct esp_nat_prefix *prefix);
int esp_nat_alias_set_pool(struct esp_nat_pool *pool,
			   const struct esp_nat_prefix *prefix);

#endif /* _ESP_NAT_ALIAS_H */
