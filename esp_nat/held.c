// SPDX-License-Identifier: GPL-2.0
/* Aliases that an administrator has kept for a peer, so that rules can name it. */
#include <linux/slab.h>

#include "alias.h"
#include "held.h"

static const struct rhashtable_params esp_nat_held_params = {
	.key_len		= sizeof(struct esp_nat_ep),
	.key_offset		= offsetof(struct esp_nat_held, actual),
	.head_offset		= offsetof(struct esp_nat_held, node),
	.automatic_shrinking	= true,
};

/**
 * esp_nat_held_init() - make the table
 * @en: the namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_held_init(struct esp_nat_net *en)
{
	return rhashtable_init(&en->pool.holder, &esp_nat_held_params);
}

/**
 * esp_nat_held_exit() - the reverse of esp_nat_held_init()
 * @en: the namespace; nobody looks up any more
 *
 * Context: process.
 */
void esp_nat_held_exit(struct esp_nat_net *en)
{
	struct esp_nat_held *held;
	unsigned long alias;

	rhashtable_destroy(&en->pool.holder);
	xa_for_each(&en->pool.held, alias, held)
		kfree(held);
}

static struct esp_nat_held *esp_nat_held_find(struct esp_nat_net *en,
					      const struct esp_nat_ep *actual)
{
	return rhashtable_lookup_fast(&en->pool.holder, actual,
				      esp_nat_held_params);
}

static int esp_nat_held_publish(struct esp_nat_net *en,
				struct esp_nat_held *held)
{
	struct esp_nat_pool *pool = &en->pool;
	u32 alias = ntohl(held->alias.ip.ip);
	int err;

	err = rhashtable_insert_fast(&pool->holder, &held->node,
				     esp_nat_held_params);
	if (err)
		return err;
	err = xa_insert(&pool->held, alias, held, GFP_ATOMIC | __GFP_NOWARN);
	if (err)
		goto err_holder;
	err = esp_nat_alias_keep(en, &held->alias);
	if (err)
		goto err_held;
	return 0;

err_held:
	xa_erase(&pool->held, alias);
err_holder:
	rhashtable_remove_fast(&pool->holder, &held->node, esp_nat_held_params);
	return err;
}

/**
 * esp_nat_held_add() - keep an alias for a peer
 * @en: the namespace
 * @actual: the peer; port 0: any client of that address
 * @alias: the alias; who has it now keeps it as long as it lives
 *
 * Context: process.
 * Return: 0, also if it is so already; -EEXIST, the peer or the alias has
 * another; -ERANGE, the pool has no such alias; -ENOMEM.
 */
int esp_nat_held_add(struct esp_nat_net *en, const struct esp_nat_ep *actual,
		     const struct esp_nat_addr *alias)
{
	struct esp_nat_held *held, *old;
	int err;

	held = kzalloc(sizeof(*held), GFP_KERNEL_ACCOUNT);
	if (!held)
		return -ENOMEM;
	held->actual = *actual;
	held->alias = *alias;

	spin_lock_bh(&en->table.lock);
	old = xa_load(&en->pool.held, ntohl(alias->ip.ip));
	if (!old)
		old = esp_nat_held_find(en, actual);
	if (!old)
		err = esp_nat_held_publish(en, held);
	else if (esp_nat_ep_equal(&old->actual, actual) &&
		 esp_nat_addr_equal(&old->alias, alias))
		err = 0;
	else
		err = -EEXIST;
	spin_unlock_bh(&en->table.lock);
	if (err || old)
		kfree(held);
	return err;
}

/**
 * esp_nat_held_del() - keep an alias for nobody any more
 * @en: the namespace
 * @alias: the alias; who has it keeps it as long as it lives
 *
 * Context: process.
 * Return: 0, or -ENOENT if it was not kept.
 */
int esp_nat_held_del(struct esp_nat_net *en, const struct esp_nat_addr *alias)
{
	struct esp_nat_pool *pool = &en->pool;
	struct esp_nat_held *held;

	spin_lock_bh(&en->table.lock);
	held = xa_erase(&pool->held, ntohl(alias->ip.ip));
	if (held) {
		rhashtable_remove_fast(&pool->holder, &held->node,
				       esp_nat_held_params);
		esp_nat_alias_unkeep(en, alias);
	}
	spin_unlock_bh(&en->table.lock);
	if (!held)
		return -ENOENT;
	/* a look-up of another processor may have just seen it */
	synchronize_rcu();
	kfree(held);
	return 0;
}

/**
 * esp_nat_held_take() - a client is born: is an alias kept for it?
 * @en: the namespace
 * @ctx: its context
 * @from: its actual endpoint
 * @alias: receives the alias, taken
 *
 * One kept for exactly its endpoint comes before one for its address.
 *
 * Context: &esp_nat_table.lock held.
 * Return: false if there is none, or another has it, or SAs may still use it.
 */
bool esp_nat_held_take(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
		       const struct esp_nat_ep *from,
		       struct esp_nat_addr *alias)
{
	struct esp_nat_ep any = { .addr = from->addr };
	struct esp_nat_held *held;

	lockdep_assert_held(&en->table.lock);

	if (xa_empty(&en->pool.held))
		return false;
	held = esp_nat_held_find(en, from);
	if (held && esp_nat_alias_take(en, ctx, &held->alias)) {
		*alias = held->alias;
		return true;
	}
	held = esp_nat_held_find(en, &any);
	if (!held || !esp_nat_alias_take(en, ctx, &held->alias))
		return false;
	*alias = held->alias;
	return true;
}
