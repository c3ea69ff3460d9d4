/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_BINDING_H
#define _ESP_NAT_BINDING_H

#include <linux/list.h>
#include <linux/rhashtable.h>
#include <linux/spinlock.h>

#include "endpoint.h"
#include "route.h"

struct esp_nat_ctx;

/**
 * struct esp_nat_binding - a context was heard from this endpoint, by one of this
 *	end's addresses
 * @by_actual: in &esp_nat_bindings.actual, if @in_actual
 * @by_presented: in &esp_nat_bindings.presented, if @in_presented
 * @actual: the endpoint on the wire
 * @presented: what daemon and xfrm are shown
 * @route: RCU, cached route to @actual, NULL until needed
 * @ctx: whose it is
 * @list: in its list
 * @identity: @presented is @actual: no alias, and not moved
 * @believed: jiffies of the last authenticated packet from @actual
 * @is_believed: there was one
 * @taken: jiffies when it took @actual from another context that was there, if
 *	@is_taken
 * @is_taken: it did
 * @proven: an SA is, or was, known by @presented, or an authenticated packet came
 *	from @actual
 * @in_actual: no other context was heard from @actual since
 * @in_presented: its context is found at @presented by it
 * @rcu: for call_rcu()
 */
struct esp_nat_binding {
	struct rhash_head	by_actual;
	struct rhash_head	by_presented;
	struct esp_nat_flow	actual;
	struct esp_nat_flow	presented;
	struct esp_nat_route __rcu *route;
	struct esp_nat_ctx	*ctx;
	struct list_head	list;
	unsigned long		believed;
	unsigned long		taken;
	bool			is_believed;
	bool			is_taken;
	bool			identity;
	bool			proven;
	bool			in_actual;
	bool			in_presented;
	struct rcu_head		rcu;
};

/**
 * struct esp_nat_bindings - all bindings of a namespace
 * @actual: by actual endpoint
 * @presented: those of contexts without alias, by presented endpoint
 * @lock: what serialises those who change them
 */
struct esp_nat_bindings {
	struct rhashtable	actual;
	struct rhashtable	presented;
	spinlock_t		*lock;	/* the table's */
};

int esp_nat_binding_init(struct esp_nat_bindings *all, spinlock_t *lock);
void esp_nat_binding_exit(struct esp_nat_bindings *all);
struct esp_nat_binding *esp_nat_binding_add(struct esp_nat_bindings *all,
					    struct esp_nat_ctx *ctx,
					    const struct esp_nat_flow *actual,
					    const struct esp_nat_ep *presented);
void esp_nat_binding_publish_actual(struct esp_nat_bindings *all,
				    struct esp_nat_binding *b);
void esp_nat_binding_publish_presented(struct esp_nat_bindings *all,
				       struct esp_nat_binding *b);
void esp_nat_binding_hide(struct esp_nat_bindings *all,
			  struct esp_nat_binding *b);
void esp_nat_binding_del(struct esp_nat_bindings *all,
			 struct esp_nat_binding *b);
struct esp_nat_binding *
esp_nat_binding_by_actual(struct esp_nat_bindings *all,
			  const struct esp_nat_flow *flow);
struct esp_nat_binding *
esp_nat_binding_by_presented(struct esp_nat_bindings *all,
			     const struct esp_nat_flow *flow);
void esp_nat_binding_believe(struct esp_nat_binding *b);
void esp_nat_binding_left(struct esp_nat_bindings *all,
			  struct esp_nat_binding *b);
bool esp_nat_binding_believed_since(const struct esp_nat_binding *b,
				    unsigned long since);

#endif /* _ESP_NAT_BINDING_H */
