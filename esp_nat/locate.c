// SPDX-License-Identifier: GPL-2.0
/*
 * Which context is it, and where is it? SAs know the presented endpoint, the
 * wire the actual one.
 */
#include "locate.h"

/* ---- which context? ---- */

/**
 * esp_nat_locate_presented() - who is presented as this endpoint?
 * @en: the namespace
 * @flow: a presented endpoint, and this end's address; of an alias neither its port
 *	nor that matters
 *
 * Context: RCU read side or &esp_nat_table.lock held.
 * Return: the context or NULL; valid under RCU.
 */
struct esp_nat_ctx *esp_nat_locate_presented(struct esp_nat_net *en,
					     const struct esp_nat_flow *flow)
{
	struct esp_nat_ctx *ctx = esp_nat_alias_find(&en->pool,
						     &flow->peer.addr);
	struct esp_nat_binding *b;

	if (ctx)
		return ctx;
	b = esp_nat_binding_by_presented(&en->table.bindings, flow);
	return b ? b->ctx : NULL;
}

/*
 * An SA without encapsulation has no port to find its context by; but its peer
 * speaks IKE on one of two ports.
 */
static struct esp_nat_ctx *esp_nat_locate_plain(struct esp_nat_net *en,
						const struct esp_nat_flow *end)
{
	struct esp_nat_flow flow = *end;
	struct esp_nat_ctx *ctx;

	flow.peer.port = 0;
	ctx = esp_nat_locate_presented(en, &flow);
	if (ctx)
		return ctx;
	flow.peer.port = htons(READ_ONCE(en->cfg.ike_port));
	ctx = esp_nat_locate_presented(en, &flow);
	if (ctx)
		return ctx;
	flow.peer.port = htons(READ_ONCE(en->cfg.nat_port));
	return esp_nat_locate_presented(en, &flow);
}

/**
 * esp_nat_locate_sa_end() - which context has this end of an SA?
 * @en: the namespace
 * @end: the end, a presented endpoint, and the other end's address
 * @encap: the SA has UDP encapsulation; else the port of @end does not matter
 *
 * Context: RCU read side or &esp_nat_table.lock held.
 * Return: the context or NULL; valid under RCU.
 */
struct esp_nat_ctx *esp_nat_locate_sa_end(struct esp_nat_net *en,
					  const struct esp_nat_flow *end,
					  bool encap)
{
	return encap ? esp_nat_locate_presented(en, end) :
		       esp_nat_locate_plain(en, end);
}

/**
 * esp_nat_locate_sa() - which context has an SA?
 * @en: the namespace
 * @sa: the SA, of either direction
 *
 * Context: RCU read side or &esp_nat_table.lock held.
 * Return: the context or NULL; valid under RCU.
 */
struct esp_nat_ctx *esp_nat_locate_sa(struct esp_nat_net *en,
				      const struct esp_nat_sa *sa)
{
	struct esp_nat_flow in = esp_nat_sa_in(sa), out = esp_nat_sa_out(sa);

	return esp_nat_locate_sa_end(en, &in, sa->encap) ?:
	       esp_nat_locate_sa_end(en, &out, sa->encap);
}

/* ---- where is it? ---- */

/**
 * esp_nat_locate_actual() - where is a context that is presented so?
 * @ctx: the context
 * @presented: an endpoint of nat_port that it is presented as; port 0 for plain
 *	ESP, which does not move
 * @actual: receives the endpoint that was last believed, before that the one at
 *	home that @presented stands for
 *
 * Context: RCU read side or &esp_nat_table.lock held.
 * Return: the binding of @actual, valid under RCU; NULL if nothing was believed.
 */
struct esp_nat_binding *
esp_nat_locate_actual(const struct esp_nat_ctx *ctx,
		      const struct esp_nat_ep *presented,
		      struct esp_nat_ep *actual)
{
	struct esp_nat_binding *b = NULL;
	__be16 stand_in;

	if (presented->port)
		b = rcu_dereference_check(ctx->believed, 1);
	if (b) {
		*actual = b->actual.peer;
	} else {
		*actual = *presented;
		actual->addr = ctx->home->addr;
		/* pairs with esp_nat_place_show() */
		stand_in = smp_load_acquire(&ctx->stand_in);
		/* plain ESP has no port */
		if (stand_in && stand_in == presented->port)
			actual->port = READ_ONCE(ctx->stands_for);
	}
	return b;
}

/**
 * esp_nat_locate_assumed() - where does ESP of a context go in UDP, if its SA
 *	has no encapsulation?
 * @en: the namespace
 * @ctx: the context
 *
 * Context: RCU read side.
 * Return: the actual endpoint.
 */
struct esp_nat_ep esp_nat_locate_assumed(struct esp_nat_net *en,
					 const struct esp_nat_ctx *ctx)
{
	struct esp_nat_ep to = {
		.addr = ctx->home->addr,
		.port = READ_ONCE(ctx->plain_port),
	};

	if (!to.port)
		to.port = htons(READ_ONCE(en->cfg.nat_port));
	return to;
}

/**
 * esp_nat_locate_known() - what is known of where a context is?
 * @ctx: the context
 * @locked: &esp_nat_table.lock is held; else RCU, and nobody may look through
 *	its bindings
 * @actual: receives where it was last believed to be, or else last heard from
 * @presented: receives what that is presented as
 *
 * Context: RCU read side or &esp_nat_table.lock held.
 */
void esp_nat_locate_known(const struct esp_nat_ctx *ctx, bool locked,
			  struct esp_nat_ep *actual,
			  struct esp_nat_ep *presented)
{
	const struct esp_nat_binding *b;

	b = rcu_dereference_check(ctx->believed, locked);
	if (!b && locked && !list_empty(&ctx->bindings))
		b = list_first_entry(&ctx->bindings, struct esp_nat_binding,
				     list);
	if (b) {
		*actual = b->actual.peer;
		*presented = b->presented.peer;
	} else {
		*actual = (struct esp_nat_ep) { .addr = ctx->home->addr };
		*presented = (struct esp_nat_ep) { .addr = ctx->presented };
	}
}
