/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_BINDING_H
#define _ESP_NAT_BINDING_H

#include "net.h"
#include "route.h"

struct esp_nat_ctx;

/**
 * struct esp_nat_binding - a context was heard from this endpoint
 * @by_actual: in &esp_nat_table.actual, if @in_actual
 * @by_presented: in &esp_nat_table.presented, if @in_presented
 * @actual: the endpoint on the wire
 * @presented: what daemon and xfrm are shown
 * @route: RCU, cached route to @actual, NULL until needed
 * @ctx: whose it is
 * @list: in its list
 * @identity: @presented is @actual: no alias, and not moved
 * @believed: jiffies of the last authenticated packet from @actual
 * @is_believed: there was one
 * @in_actual: no other context was heard from @actual since
 * @in_presented: @identity, and no other took @presented over
 * @rcu: for call_rcu()
 */
struct esp_nat_binding {
	struct rhash_head	by_actual;
	struct rhash_head	by_presented;
	struct esp_nat_ep	actual;
	struct esp_nat_ep	presented;
	struct esp_nat_route __rcu *route;
	struct esp_nat_ctx	*ctx;
	struct list_head	list;
	unsigned long		believed;
	bool			is_believed;
	bool			identity;
	bool			in_actual;
	bool			in_presented;
	struct rcu_head		rcu;
};

int esp_nat_binding_init(struct esp_nat_net *en);
void esp_nat_binding_exit(struct esp_nat_net *en);
struct esp_nat_binding *esp_nat_binding_add(struct esp_nat_ctx *ctx,
					    const struct esp_nat_ep *actual,
					    const struct esp_nat_ep *presented);
void esp_nat_binding_publish(struct esp_nat_net *en, struct esp_nat_binding *b);
void esp_nat_binding_doubt(struct esp_nat_net *en, const struct esp_nat_ep *actual,
			   const struct esp_nat_ctx *but);
void esp_nat_binding_del(struct esp_nat_net *en, struct esp_nat_binding *b);
struct esp_nat_binding *
esp_nat_binding_by_actual(struct esp_nat_net *en, const struct esp_nat_ep *ep);
struct esp_nat_binding *
esp_nat_binding_by_presented(struct esp_nat_net *en,
			     const struct esp_nat_ep *ep);
void esp_nat_binding_believe(struct esp_nat_binding *b);
void esp_nat_binding_left(struct esp_nat_binding *b);
bool esp_nat_binding_is_believed(struct esp_nat_net *en,
				 const struct esp_nat_binding *b);
bool esp_nat_binding_believed_since(const struct esp_nat_binding *b,
				    unsigned long since);

#endif /* _ESP_NAT_BINDING_H */
