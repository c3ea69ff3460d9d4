// SPDX-License-Identifier: GPL-2.0
/* Bindings: which context is behind an endpoint. */
#include <linux/slab.h>

#include "binding.h"

static const struct rhashtable_params esp_nat_binding_actual_params = {
	.key_len		= sizeof(struct esp_nat_ep),
	.key_offset		= offsetof(struct esp_nat_binding, actual),
	.head_offset		= offsetof(struct esp_nat_binding, by_actual),
	.automatic_shrinking	= true,
};

static const struct rhashtable_params esp_nat_binding_presented_params = {
	.key_len		= sizeof(struct esp_nat_ep),
	.key_offset		= offsetof(struct esp_nat_binding, presented),
	.head_offset		= offsetof(struct esp_nat_binding, by_presented),
	.automatic_shrinking	= true,
};

/**
 * esp_nat_binding_init() - make the tables of bindings
 * @en: the namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_binding_init(struct esp_nat_net *en)
{
	int err;

	err = rhashtable_init(&en->table.actual,
			      &esp_nat_binding_actual_params);
	if (err)
		return err;
	err = rhashtable_init(&en->table.presented,
			      &esp_nat_binding_presented_params);
	if (err)
		rhashtable_destroy(&en->table.actual);
	return err;
}

/**
 * esp_nat_binding_exit() - the reverse of esp_nat_binding_init()
 * @en: the namespace; its tables are empty
 *
 * Context: process.
 */
void esp_nat_binding_exit(struct esp_nat_net *en)
{
	rhashtable_destroy(&en->table.presented);
	rhashtable_destroy(&en->table.actual);
}

/**
 * esp_nat_binding_add() - make a binding that nobody finds yet
 * @ctx: the context
 * @actual: its endpoint on the wire
 * @presented: what daemon and xfrm are shown
 *
 * Context: &esp_nat_table.lock held.
 * Return: the binding, NULL for want of memory.
 */
struct esp_nat_binding *esp_nat_binding_add(struct esp_nat_ctx *ctx,
					    const struct esp_nat_ep *actual,
					    const struct esp_nat_ep *presented)
{
	struct esp_nat_binding *b;

	b = kzalloc(sizeof(*b), GFP_ATOMIC | __GFP_NOWARN);
	if (!b)
		return NULL;
	b->ctx = ctx;
	b->actual = *actual;
	b->presented = *presented;
	b->identity = esp_nat_ep_equal(actual, presented);
	return b;
}

static void esp_nat_binding_hide_actual(struct esp_nat_net *en,
					struct esp_nat_binding *b)
{
	if (b && b->in_actual) {
		rhashtable_remove_fast(&en->table.actual, &b->by_actual,
				       esp_nat_binding_actual_params);
		b->in_actual = false;
	}
}

static void esp_nat_binding_hide_presented(struct esp_nat_net *en,
					   struct esp_nat_binding *b)
{
	if (b && b->in_presented) {
		rhashtable_remove_fast(&en->table.presented, &b->by_presented,
				       esp_nat_binding_presented_params);
		b->in_presented = false;
	}
}

/**
 * esp_nat_binding_publish() - from now on this one is found at its endpoints
 * @en: the namespace
 * @b: the binding; takes the place of any other
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_binding_publish(struct esp_nat_net *en, struct esp_nat_binding *b)
{
	struct esp_nat_table *t = &en->table;
	struct esp_nat_binding *old;

	lockdep_assert_held(&t->lock);

	if (!b->in_actual) {
		old = esp_nat_binding_by_actual(en, &b->actual);
		esp_nat_binding_hide_actual(en, old);
		b->in_actual =
			!rhashtable_insert_fast(&t->actual, &b->by_actual,
						esp_nat_binding_actual_params);
	}
	if (b->identity && !b->in_presented) {
		old = esp_nat_binding_by_presented(en, &b->presented);
		esp_nat_binding_hide_presented(en, old);
		b->in_presented =
			!rhashtable_insert_fast(&t->presented, &b->by_presented,
						esp_nat_binding_presented_params);
	}
}

/**
 * esp_nat_binding_doubt() - an endpoint was heard from under another IKE SA
 * @en: the namespace
 * @actual: the endpoint
 * @but: the context that was heard; its own binding stays
 *
 * Nobody else is found there, and joined, until it proves that it is there.
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_binding_doubt(struct esp_nat_net *en, const struct esp_nat_ep *actual,
			   const struct esp_nat_ctx *but)
{
	struct esp_nat_binding *b = esp_nat_binding_by_actual(en, actual);

	lockdep_assert_held(&en->table.lock);

	if (b && b->ctx != but)
		esp_nat_binding_hide_actual(en, b);
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
 * @en: the namespace
 * @b: the binding; the caller has taken it from its list
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_binding_del(struct esp_nat_net *en, struct esp_nat_binding *b)
{
	lockdep_assert_held(&en->table.lock);

	esp_nat_binding_hide_actual(en, b);
	esp_nat_binding_hide_presented(en, b);
	call_rcu(&b->rcu, esp_nat_binding_free);
}

/**
 * esp_nat_binding_by_actual() - who was last heard from an endpoint?
 * @en: the namespace
 * @ep: an actual endpoint
 *
 * Context: RCU read side.
 * Return: the binding or NULL; valid under RCU.
 */
struct esp_nat_binding *
esp_nat_binding_by_actual(struct esp_nat_net *en, const struct esp_nat_ep *ep)
{
	return rhashtable_lookup(&en->table.actual, ep,
				 esp_nat_binding_actual_params);
}

/**
 * esp_nat_binding_by_presented() - which identity context is presented so?
 * @en: the namespace
 * @ep: a presented endpoint
 *
 * Context: RCU read side.
 * Return: the binding or NULL; valid under RCU.
 */
struct esp_nat_binding *
esp_nat_binding_by_presented(struct esp_nat_net *en,
			     const struct esp_nat_ep *ep)
{
	return rhashtable_lookup(&en->table.presented, ep,
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
 * @b: the binding
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_binding_left(struct esp_nat_binding *b)
{
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

/**
 * esp_nat_binding_is_believed() - did one come within idle_timeout?
 * @en: the namespace
 * @b: the binding
 *
 * Context: any.
 * Return: true if it did, and the context has not moved since.
 */
bool esp_nat_binding_is_believed(struct esp_nat_net *en,
				 const struct esp_nat_binding *b)
{
	unsigned long idle = READ_ONCE(en->cfg.idle_timeout) *
			     (unsigned long)HZ;

	return esp_nat_binding_believed_since(b, jiffies - idle);
}
