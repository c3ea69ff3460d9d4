// SPDX-License-Identifier: GPL-2.0
/*
 * Static aliases: an administrator keeps them for a peer, so that rules can name
 * it.
 */
#include <linux/slab.h>

#include "alias_static.h"
#include "gfp.h"

static const struct rhashtable_params esp_nat_alias_static_params = {
	.key_len		= sizeof(struct esp_nat_ep),
	.key_offset		= offsetof(struct esp_nat_alias_static, actual),
	.head_offset		= offsetof(struct esp_nat_alias_static, node),
	.automatic_shrinking	= true,
};

/**
 * esp_nat_alias_static_init() - a pool has no static aliases yet
 * @pool: the pool
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_alias_static_init(struct esp_nat_pool *pool)
{
	return rhashtable_init(&pool->keeper, &esp_nat_alias_static_params);
}

/**
 * esp_nat_alias_static_exit() - the reverse of esp_nat_alias_static_init()
 * @pool: the pool; nobody looks up any more
 *
 * Context: process.
 */
void esp_nat_alias_static_exit(struct esp_nat_pool *pool)
{
	struct esp_nat_alias_static *kept;
	unsigned long alias;

	rhashtable_destroy(&pool->keeper);
	xa_for_each(&pool->kept, alias, kept)
		kfree(kept);
}

static struct esp_nat_alias_static *
esp_nat_alias_static_find(struct esp_nat_pool *pool,
			  const struct esp_nat_ep *actual)
{
	return rhashtable_lookup_fast(&pool->keeper, actual,
				      esp_nat_alias_static_params);
}

static int esp_nat_alias_static_publish(struct esp_nat_pool *pool,
					struct esp_nat_alias_static *kept)
{
	u32 alias = ntohl(kept->alias.ip.ip);
	int err;

	err = rhashtable_insert_fast(&pool->keeper, &kept->node,
				     esp_nat_alias_static_params);
	if (err)
		return err;
	err = xa_insert(&pool->kept, alias, kept, ESP_NAT_GFP);
	if (err)
		goto err_keeper;
	err = esp_nat_alias_keep(pool, &kept->alias);
	if (err)
		goto err_kept;
	pool->nr_static++;
	return 0;

err_kept:
	xa_erase(&pool->kept, alias);
err_keeper:
	rhashtable_remove_fast(&pool->keeper, &kept->node,
			       esp_nat_alias_static_params);
	return err;
}

/**
 * esp_nat_alias_static_add() - keep an alias for a peer
 * @pool: the pool
 * @actual: the peer; port 0: any client of that address
 * @alias: the alias; who has it now keeps it as long as it lives
 *
 * Context: process.
 * Return: 0, also if it is so already; -EEXIST, the peer or the alias has
 * another; -ERANGE, the pool has no such alias; -ENOMEM.
 */
int esp_nat_alias_static_add(struct esp_nat_pool *pool,
			     const struct esp_nat_ep *actual,
			     const struct esp_nat_addr *alias)
{
	struct esp_nat_alias_static *kept, *old;
	int err;

	kept = kzalloc(sizeof(*kept), GFP_KERNEL_ACCOUNT);
	if (!kept)
		return -ENOMEM;
	kept->actual = *actual;
	kept->alias = *alias;

	spin_lock_bh(pool->lock);
	old = xa_load(&pool->kept, ntohl(alias->ip.ip));
	if (!old)
		old = esp_nat_alias_static_find(pool, actual);
	if (!old)
		err = esp_nat_alias_static_publish(pool, kept);
	else if (esp_nat_ep_equal(&old->actual, actual) &&
		 esp_nat_addr_equal(&old->alias, alias))
		err = 0;
	else
		err = -EEXIST;
	spin_unlock_bh(pool->lock);
	if (err || old)
		kfree(kept);
	return err;
}

/**
 * esp_nat_alias_static_del() - keep an alias for nobody any more
 * @pool: the pool
 * @alias: the alias; who has it keeps it as long as it lives
 *
 * Context: process.
 * Return: 0, or -ENOENT if it is not static.
 */
int esp_nat_alias_static_del(struct esp_nat_pool *pool,
			     const struct esp_nat_addr *alias)
{
	struct esp_nat_alias_static *kept;

	spin_lock_bh(pool->lock);
	kept = xa_erase(&pool->kept, ntohl(alias->ip.ip));
	if (kept) {
		pool->nr_static--;
		rhashtable_remove_fast(&pool->keeper, &kept->node,
				       esp_nat_alias_static_params);
		esp_nat_alias_unkeep(pool, alias);
	}
	spin_unlock_bh(pool->lock);
	if (!kept)
		return -ENOENT;
	/* a look-up of another processor may have just seen it */
	synchronize_rcu();
	kfree(kept);
	return 0;
}

/**
 * esp_nat_alias_static_take() - take the alias that is kept for a client
 * @pool: the pool
 * @ctx: the client's context
 * @from: its actual endpoint
 * @alias: receives the alias, taken
 *
 * One kept for exactly its endpoint comes before one for its address.
 *
 * Context: @pool->lock held.
 * Return: false if there is none, or another has it, or SAs may still use it.
 */
bool esp_nat_alias_static_take(struct esp_nat_pool *pool,
			       struct esp_nat_ctx *ctx,
			       const struct esp_nat_ep *from,
			       struct esp_nat_addr *alias)
{
	struct esp_nat_ep any = { .addr = from->addr };
	struct esp_nat_alias_static *kept;

	lockdep_assert_held(pool->lock);

	if (xa_empty(&pool->kept))
		return false;
	kept = esp_nat_alias_static_find(pool, from);
	if (kept && esp_nat_alias_take(pool, ctx, &kept->alias)) {
		*alias = kept->alias;
		return true;
	}
	kept = esp_nat_alias_static_find(pool, &any);
	if (!kept || !esp_nat_alias_take(pool, ctx, &kept->alias))
		return false;
	*alias = kept->alias;
	return true;
}

/**
 * esp_nat_alias_static_is() - is an alias static?
 * @pool: the pool
 * @alias: the alias
 *
 * Context: @pool->lock held.
 * Return: true if an administrator keeps it for a peer.
 */
bool esp_nat_alias_static_is(struct esp_nat_pool *pool,
			     const struct esp_nat_addr *alias)
{
	lockdep_assert_held(pool->lock);

	return xa_load(&pool->kept, ntohl(alias->ip.ip));
}

/**
 * esp_nat_alias_static_next() - the next static alias
 * @pool: the pool
 * @alias: where to begin, an address in host byte order; receives where it is
 *
 * Context: @pool->lock held.
 * Return: the static alias, NULL if there is none from @alias on.
 */
const struct esp_nat_alias_static *
esp_nat_alias_static_next(struct esp_nat_pool *pool, unsigned long *alias)
{
	lockdep_assert_held(pool->lock);

	return xa_find(&pool->kept, alias, ULONG_MAX, XA_PRESENT);
}
