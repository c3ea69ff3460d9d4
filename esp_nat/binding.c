// SPDX-License-Identifier: GPL-2.0
/* Bindings: which context is behind an endpoint. */
#include <linux/slab.h>
#include <net/net_debug.h>

#include "binding.h"
#include "gfp.h"

static const struct rhashtable_params esp_nat_binding_actual_params = {
	.key_len		= sizeof(struct esp_nat_flow),
	.key_offset		= offsetof(struct esp_nat_binding, actual),
	.head_offset		= offsetof(struct esp_nat_binding, by_actual),
	.automatic_shrinking	= true,
};

static const struct rhashtable_params esp_nat_binding_presented_params = {
	.key_len		= sizeof(struct esp_nat_flow),
	.key_offset		= offsetof(struct esp_nat_binding, presented),
	.head_offset		= offsetof(struct esp_nat_binding, by_presented),
	.automatic_shrinking	= true,
};

/**
 * esp_nat_binding_init() - make the tables of bindings
 * @all: to be made
 * @lock: what serialises those who change them
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_binding_init(struct esp_nat_bindings *all, spinlock_t *lock)
{
	int err;

	all->lock = lock;
	err = rhashtable_init(&all->actual,
			      &esp_nat_binding_actual_params);
	if (err)
		return err;
	err = rhashtable_init(&all->presented,
			      &esp_nat_binding_presented_params);
	if (err)
		rhashtable_destroy(&all->actual);
	return err;
}

/**
 * esp_nat_binding_exit() - the reverse of esp_nat_binding_init()
 * @all: the bindings, none
 *
 * Context: process.
 */
void esp_nat_binding_exit(struct esp_nat_bindings *all)
{
	rhashtable_destroy(&all->presented);
	rhashtable_destroy(&all->actual);
}

/**
 * esp_nat_binding_add() - make a binding that nobody finds yet
 * @all: all bindings
 * @ctx: the context
 * @actual: its endpoint on the wire, and this end's address
 * @presented: what daemon and xfrm are shown
 *
 * Context: @all->lock held.
 * Return: the binding, NULL for want of memory.
 */
struct esp_nat_binding *esp_nat_binding_add(struct esp_nat_bindings *all,
					    struct esp_nat_ctx *ctx,
					    const struct esp_nat_flow *actual,
					    const struct esp_nat_ep *presented)
{
	struct esp_nat_binding *b;

	lockdep_assert_held(all->lock);

	b = kzalloc(sizeof(*b), ESP_NAT_GFP);
	if (!b)
		return NULL;
	b->ctx = ctx;
	b->actual = *actual;
	b->presented.peer = *presented;
	b->presented.local = actual->local;
	b->identity = esp_nat_flow_equal(&b->actual, &b->presented);
	return b;
}

static void esp_nat_binding_hide_actual(struct esp_nat_bindings *all,
					struct esp_nat_binding *b)
{
	if (b && b->in_actual) {
		rhashtable_remove_fast(&all->actual, &b->by_actual,
				       esp_nat_binding_actual_params);
		b->in_actual = false;
	}
}

static void esp_nat_binding_hide_presented(struct esp_nat_bindings *all,
					   struct esp_nat_binding *b)
{
	if (b && b->in_presented) {
		rhashtable_remove_fast(&all->presented, &b->by_presented,
				       esp_nat_binding_presented_params);
		b->in_presented = false;
	}
}

/**
 * esp_nat_binding_publish_actual() - this one is found at its actual endpoint
 * @all: all bindings
 * @b: the binding; takes the place of any other
 *
 * Context: @all->lock held.
 */
void esp_nat_binding_publish_actual(struct esp_nat_bindings *all,
				    struct esp_nat_binding *b)
{
	struct esp_nat_binding *old;

	lockdep_assert_held(all->lock);

	if (b->in_actual)
		return;
	old = esp_nat_binding_by_actual(all, &b->actual);
	esp_nat_binding_hide_actual(all, old);
	DEBUG_NET_WARN_ON_ONCE(esp_nat_binding_by_actual(all, &b->actual));
	b->in_actual = !rhashtable_insert_fast(&all->actual, &b->by_actual,
					       esp_nat_binding_actual_params);
}

/**
 * esp_nat_binding_publish_presented() - this one is found at its presented
 *	endpoint
 * @all: all bindings
 * @b: the binding; takes the place of any other
 *
 * Context: @all->lock held.
 */
void esp_nat_binding_publish_presented(struct esp_nat_bindings *all,
				       struct esp_nat_binding *b)
{
	struct esp_nat_binding *old;

	lockdep_assert_held(all->lock);

	if (b->in_presented)
		return;
	old = esp_nat_binding_by_presented(all, &b->presented);
	esp_nat_binding_hide_presented(all, old);
	DEBUG_NET_WARN_ON_ONCE(esp_nat_binding_by_presented(all,
							    &b->presented));
	b->in_presented =
		!rhashtable_insert_fast(&all->presented, &b->by_presented,
					esp_nat_binding_presented_params);
}

/**
 * esp_nat_binding_hide() - nobody is found at an actual endpoint any more
 * @all: all bindings
 * @b: the binding that was; it stays its context's
 *
 * Context: @all->lock held.
 */
void esp_nat_binding_hide(struct esp_nat_bindings *all,
			  struct esp_nat_binding *b)
{
	lockdep_assert_held(all->lock);

	esp_nat_binding_hide_actual(all, b);
}

static void esp_nat_binding_free(struct rcu_head *rcu)
{
	struct esp_nat_binding *b = container_of(rcu, struct esp_nat_binding,
						 rcu);

	/* not sooner: a reader may have cached a route until now */
	esp_nat_route_exit(&b->route);
	kfree(b);
}

/**
 * esp_nat_binding_del() - forget a binding
 * @all: all bindings
 * @b: the binding; the caller has taken it from its list
 *
 * Context: @all->lock held.
 */
void esp_nat_binding_del(struct esp_nat_bindings *all,
			 struct esp_nat_binding *b)
{
	lockdep_assert_held(all->lock);

	esp_nat_binding_hide_actual(all, b);
	esp_nat_binding_hide_presented(all, b);
	call_rcu(&b->rcu, esp_nat_binding_free);
}

/**
 * esp_nat_binding_by_actual() - who was last heard from an endpoint?
 * @all: all bindings
 * @flow: an actual endpoint, and this end's address
 *
 * Context: RCU read side.
 * Return: the binding or NULL; valid under RCU.
 */
struct esp_nat_binding *
esp_nat_binding_by_actual(struct esp_nat_bindings *all,
			  const struct esp_nat_flow *flow)
{
	return rhashtable_lookup(&all->actual, flow,
				 esp_nat_binding_actual_params);
}

/**
 * esp_nat_binding_by_presented() - which identity context is presented so?
 * @all: all bindings
 * @flow: a presented endpoint, and this end's address
 *
 * Context: RCU read side.
 * Return: the binding or NULL; valid under RCU.
 */
struct esp_nat_binding *
esp_nat_binding_by_presented(struct esp_nat_bindings *all,
			     const struct esp_nat_flow *flow)
{
	return rhashtable_lookup(&all->presented, flow,
				 esp_nat_binding_presented_params);
}

/**
 * esp_nat_binding_believe() - an authenticated packet came from there
 * @b: the binding
 *
 * Context: softirq, RCU read side.
 */
void esp_nat_binding_believe(struct esp_nat_binding *b)
{
	WRITE_ONCE(b->believed, jiffies);
	if (!READ_ONCE(b->is_believed))
		/* pairs with esp_nat_binding_believed_since() */
		smp_store_release(&b->is_believed, true);
}

/**
 * esp_nat_binding_left() - its context has moved away
 * @all: all bindings
 * @b: the binding
 *
 * Context: @all->lock held.
 */
void esp_nat_binding_left(struct esp_nat_bindings *all,
			  struct esp_nat_binding *b)
{
	lockdep_assert_held(all->lock);

	WRITE_ONCE(b->is_believed, false);
	esp_nat_route_drop(&b->route);
}

/**
 * esp_nat_binding_believed_since() - did one come later than that?
 * @b: the binding
 * @since: jiffies
 *
 * Context: any.
 * Return: true if it did, and the context has not moved since.
 */
bool esp_nat_binding_believed_since(const struct esp_nat_binding *b,
				    unsigned long since)
{
	/* pairs with esp_nat_binding_believe() */
	return smp_load_acquire(&b->is_believed) &&
	       time_after(READ_ONCE(b->believed), since);
}
