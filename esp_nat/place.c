// SPDX-License-Identifier: GPL-2.0
/*
 * Places: where a context is found, and where it is presented. Who has proved
 * nothing takes no living one's.
 */
#include <linux/random.h>

#include "place.h"

/**
 * enum esp_nat_place_limits - what no sysctl sets
 * @ESP_NAT_PLACE_BINDINGS: most endpoints that a context is known by, where
 *	something was authenticated
 * @ESP_NAT_PLACE_HEARD: most others, which anybody may make up
 * @ESP_NAT_PLACE_TRIES: ports that are tried for one that is free
 */
enum esp_nat_place_limits {
	ESP_NAT_PLACE_BINDINGS	= 8,
	ESP_NAT_PLACE_HEARD	= 4,
	ESP_NAT_PLACE_TRIES	= 16,
};

/* ---- where it is found ---- */

/**
 * esp_nat_place_unbind() - a context is not known by an endpoint any more
 * @t: the table
 * @b: its binding
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_place_unbind(struct esp_nat_table *t, struct esp_nat_binding *b)
{
	lockdep_assert_held(&t->lock);

	list_del(&b->list);
	esp_nat_binding_del(&t->bindings, b);
}

/*
 * The oldest of a kind goes if there are too many of that: what proves nothing
 * costs nobody a place that was proven. Where it is, never.
 */
static void esp_nat_place_make_room(struct esp_nat_table *t,
				    struct esp_nat_ctx *ctx, bool proven)
{
	unsigned int most = proven ? ESP_NAT_PLACE_BINDINGS : ESP_NAT_PLACE_HEARD;
	struct esp_nat_binding *b, *oldest = NULL;
	unsigned int n = 0;

	list_for_each_entry(b, &ctx->bindings, list) {
		if (b->proven != proven)
			continue;
		n++;
		if (b != rcu_access_pointer(ctx->believed))
			oldest = b;
	}
	if (n >= most && oldest)
		esp_nat_place_unbind(t, oldest);
}

/**
 * esp_nat_place_bound() - was a context heard from this endpoint?
 * @t: the table
 * @ctx: the context
 * @actual: the endpoint, and this end's address
 *
 * Context: &esp_nat_table.lock held.
 * Return: its binding, which others may have taken over since, or NULL.
 */
struct esp_nat_binding *esp_nat_place_bound(struct esp_nat_table *t,
					    const struct esp_nat_ctx *ctx,
					    const struct esp_nat_flow *actual)
{
	struct esp_nat_binding *b;

	lockdep_assert_held(&t->lock);

	list_for_each_entry(b, &ctx->bindings, list)
		if (esp_nat_flow_equal(&b->actual, actual))
			return b;
	return NULL;
}

static bool esp_nat_place_has_sa(const struct esp_nat_ctx *ctx)
{
	return ctx->state == ESP_NAT_CTX_LIVE;
}

/* Were SAs, or something authenticated, there? Plain ESP has no port to tell. */
static bool esp_nat_place_proven(const struct esp_nat_binding *b)
{
	return b->proven || b->ctx->plain_sa;
}

/**
 * esp_nat_place_is_here() - has a context SAs, and not moved away from here?
 * @b: its binding, or NULL
 *
 * Until something is believed of it, it is where its SAs are with it.
 *
 * Context: &esp_nat_table.lock held.
 * Return: true if it is there as far as is known; false for NULL.
 */
bool esp_nat_place_is_here(const struct esp_nat_binding *b)
{
	const struct esp_nat_binding *believed;

	if (!b || !esp_nat_place_has_sa(b->ctx))
		return false;
	believed = rcu_access_pointer(b->ctx->believed);
	return believed ? believed == b : esp_nat_place_proven(b);
}

/**
 * esp_nat_place_left() - has a context been believed elsewhere?
 * @b: its binding, or NULL
 *
 * Context: &esp_nat_table.lock held.
 * Return: true if it has, and for NULL.
 */
bool esp_nat_place_left(const struct esp_nat_binding *b)
{
	const struct esp_nat_binding *believed;

	if (!b)
		return true;
	believed = rcu_access_pointer(b->ctx->believed);
	return believed && believed != b;
}

/**
 * esp_nat_place_shows() - is a context still the one that is presented so?
 * @t: the table
 * @b: its binding
 *
 * Context: &esp_nat_table.lock held.
 * Return: false if another is, since this one had no SAs.
 */
bool esp_nat_place_shows(struct esp_nat_table *t, const struct esp_nat_binding *b)
{
	const struct esp_nat_binding *now;

	if (b->ctx->aliased)
		return true;
	now = esp_nat_binding_by_presented(&t->bindings, &b->presented);
	return !now || now->ctx == b->ctx;
}

/**
 * esp_nat_place_present() - a context is found where it is presented
 * @t: the table
 * @b: its binding
 *
 * Nobody takes the place of one that has SAs, where these, or what was
 * authenticated, are. Aliases are found in the pool.
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_place_present(struct esp_nat_table *t, struct esp_nat_binding *b)
{
	const struct esp_nat_binding *old;

	lockdep_assert_held(&t->lock);

	if (b->ctx->aliased)
		return;
	old = esp_nat_binding_by_presented(&t->bindings, &b->presented);
	if (!old || (old->ctx != b->ctx &&
		     !(esp_nat_place_has_sa(old->ctx) &&
		       esp_nat_place_proven(old))))
		esp_nat_binding_publish_presented(&t->bindings, b);
}

/**
 * esp_nat_place_doubt() - an endpoint was heard from under another IKE SA
 * @t: the table
 * @actual: the endpoint, and this end's address
 * @but: the context that was heard; its own binding stays
 *
 * Nobody else is found there, and joined, until it proves that it is there. Of
 * one that has SAs and is there, a message without authentication says nothing.
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_place_doubt(struct esp_nat_table *t,
			 const struct esp_nat_flow *actual,
			 const struct esp_nat_ctx *but)
{
	struct esp_nat_binding *b;

	lockdep_assert_held(&t->lock);

	b = esp_nat_binding_by_actual(&t->bindings, actual);
	if (b && b->ctx != but && !esp_nat_place_is_here(b))
		esp_nat_binding_hide(&t->bindings, b);
}

/**
 * esp_nat_place_bind() - a context was heard from, or is sent to, an endpoint
 * @t: the table
 * @ctx: the context
 * @actual: the endpoint, and this end's address
 * @presented: what daemon and xfrm are shown for it, if it is new
 * @proven: an authenticated packet came from there
 *
 * From now on the context is found there, and no other; but what
 * proves nothing takes no place of one that has SAs and, as far as is known, is
 * there.
 *
 * Context: &esp_nat_table.lock held.
 * Return: the binding, NULL for want of memory.
 */
struct esp_nat_binding *esp_nat_place_bind(struct esp_nat_table *t,
					   struct esp_nat_ctx *ctx,
					   const struct esp_nat_flow *actual,
					   const struct esp_nat_ep *presented,
					   bool proven)
{
	struct esp_nat_binding *b = esp_nat_place_bound(t, ctx, actual), *old;

	if (!b) {
		b = esp_nat_binding_add(&t->bindings, ctx, actual, presented);
		if (!b)
			return NULL;
		esp_nat_place_make_room(t, ctx, proven);
		list_add(&b->list, &ctx->bindings);
	}
	b->proven |= proven;
	list_move(&b->list, &ctx->bindings);
	old = esp_nat_binding_by_actual(&t->bindings, actual);
	if (old != b && proven && esp_nat_place_is_here(old)) {
		b->taken = jiffies;
		b->is_taken = true;
	}
	if (proven || !esp_nat_place_is_here(old))
		esp_nat_binding_publish_actual(&t->bindings, b);
	esp_nat_place_present(t, b);
	return b;
}

/* ---- how it is presented ---- */

/**
 * esp_nat_place_anothers() - is another presented as this endpoint that has SAs?
 * @t: the table
 * @flow: the endpoint, and this end's address
 * @but: the context that is not another, or NULL
 * @at_home: whoever asks is at that endpoint; then one that is there, too, as far
 *	as is known, does not count
 *
 * Context: &esp_nat_table.lock held.
 * Return: true if one is.
 */
bool esp_nat_place_anothers(struct esp_nat_table *t,
			    const struct esp_nat_flow *flow,
			    const struct esp_nat_ctx *but, bool at_home)
{
	const struct esp_nat_binding *b;

	lockdep_assert_held(&t->lock);

	b = esp_nat_binding_by_presented(&t->bindings, flow);
	return b && b->ctx != but && esp_nat_place_has_sa(b->ctx) &&
	       !(at_home && esp_nat_place_is_here(b));
}

/* A port that nobody has there; 0 if chance finds none. */
static __be16 esp_nat_place_free_port(struct esp_nat_table *t,
				      struct esp_nat_flow flow)
{
	unsigned int left = ESP_NAT_PLACE_TRIES;

	while (left--) {
		flow.peer.port = htons(1024 + get_random_u32() % (65536 - 1024));
		if (!esp_nat_binding_by_presented(&t->bindings, &flow) &&
		    !esp_nat_binding_by_actual(&t->bindings, &flow))
			return flow.peer.port;
	}
	return 0;
}

/**
 * esp_nat_place_show() - what is a context's endpoint on nat_port presented as?
 * @t: the table
 * @ctx: the context
 * @port: its port there, as the daemon knows it, network byte order
 * @local: this end's address
 * @at_home: that is where it was heard; else a NAT has given it another address
 *	for nat_port
 *
 * If another is presented there and has moved, since a NAT has given its port away,
 * another port stands for it. Of one that has SAs that does not change.
 *
 * Context: &esp_nat_table.lock held.
 * Return: the presented endpoint.
 */
struct esp_nat_ep esp_nat_place_show(struct esp_nat_table *t,
				     struct esp_nat_ctx *ctx, __be16 port,
				     const struct esp_nat_addr *local,
				     bool at_home)
{
	struct esp_nat_flow at = {
		.peer = esp_nat_ctx_presented(ctx, port),
		.local = *local,
	};

	lockdep_assert_held(&t->lock);

	if (ctx->stand_in && ctx->stands_for == port) {
		at.peer.port = ctx->stand_in;
		return at.peer;
	}
	if (ctx->aliased || esp_nat_place_has_sa(ctx) ||
	    !esp_nat_place_anothers(t, &at, ctx, at_home))
		return at.peer;
	port = esp_nat_place_free_port(t, at);
	if (port) {
		WRITE_ONCE(ctx->stands_for, at.peer.port);
		/* pairs with esp_nat_locate_actual() */
		smp_store_release(&ctx->stand_in, port);
		at.peer.port = port;
	}
	return at.peer;
}
