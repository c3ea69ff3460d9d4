// SPDX-License-Identifier: GPL-2.0
/* How an IKE message that comes in is shown to the daemon. */
#include "follow.h"
#include "lifecycle.h"
#include "show.h"

/* Where the daemon last heard from a context, as far as anything has proved it. */
static const struct esp_nat_binding *
esp_nat_show_latest(struct esp_nat_ctx *ctx)
{
	const struct esp_nat_binding *b;

	list_for_each_entry(b, &ctx->bindings, list)
		if (b->proven)
			return b;
	return list_first_entry_or_null(&ctx->bindings, struct esp_nat_binding,
					list);
}

/* It is believed where it was, but presented as that from now on. */
static void esp_nat_show_moved(struct esp_nat_table *t, struct esp_nat_ctx *ctx,
			       const struct esp_nat_flow *actual)
{
	bool at_home = esp_nat_addr_equal(&actual->peer.addr, &ctx->home->addr);
	struct esp_nat_ep presented =
		esp_nat_place_show(t, ctx, actual->peer.port, &actual->local,
				   at_home);

	rcu_assign_pointer(ctx->believed,
			   esp_nat_place_bind(t, ctx, actual, &presented, false));
}

/*
 * Where one that has lost its SAs was presented as another is that has some, it was
 * never.
 */
static void esp_nat_show_anew(struct esp_nat_table *t, struct esp_nat_ctx *ctx)
{
	const struct esp_nat_binding *at = rcu_access_pointer(ctx->believed);
	struct esp_nat_binding *b, *next;
	struct esp_nat_flow actual;
	bool moved = false;

	if (!esp_nat_ctx_confirmed(ctx) || ctx->state == ESP_NAT_CTX_LIVE)
		return;
	list_for_each_entry_safe(b, next, &ctx->bindings, list) {
		if (!esp_nat_place_anothers(t, &b->presented, ctx, false))
			continue;
		if (b == at) {
			moved = true;
			actual = b->actual;
			/* nobody finds it once it may be freed */
			RCU_INIT_POINTER(ctx->believed, NULL);
		}
		if (b->presented.peer.port == ctx->stand_in)
			WRITE_ONCE(ctx->stand_in, 0);
		esp_nat_place_unbind(t, b);
	}
	if (moved)
		esp_nat_show_moved(t, ctx, &actual);
}

/*
 * The daemon's side of the endpoint that a message comes from. A client that
 * is followed is shown where the daemon knows it, from wherever it speaks.
 */
static struct esp_nat_ep
esp_nat_show_presented(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
		       const struct esp_nat_ike_in *msg)
{
	const struct esp_nat_ep *from = &msg->actual.peer;
	bool at_home = esp_nat_match_at_home(ctx, msg);
	const struct esp_nat_binding *b;
	__be16 port = from->port;

	/* IPv6 has no aliases, and its ESP is not followed */
	if (from->addr.family == AF_INET6)
		return *from;
	esp_nat_show_anew(&en->table, ctx);
	b = esp_nat_place_bound(&en->table, ctx, &msg->actual);
	if (b)
		return b->presented.peer;
	if (msg->nat_port && esp_nat_ctx_confirmed(ctx) &&
	    esp_nat_follow_may(en, ctx)) {
		b = rcu_access_pointer(ctx->believed);
		if (b)
			return b->presented.peer;
	}
	if (!at_home) {
		b = esp_nat_show_latest(ctx);
		if (b)
			port = b->presented.peer.port;
	}
	return msg->nat_port ?
	       esp_nat_place_show(&en->table, ctx, port, &msg->actual.local,
				  at_home) :
	       esp_nat_ctx_presented(ctx, port);
}

/*
 * Is a context shown at an endpoint because it is there? IKE does not move one, so
 * another address is its own only until it has SAs, and only where no other port
 * would tell it from the client that it is shown as.
 */
static bool esp_nat_show_stays(const struct esp_nat_ctx *ctx,
			       const struct esp_nat_ike_in *msg,
			       const struct esp_nat_ep *presented)
{
	bool home = esp_nat_match_at_home(ctx, msg);

	if (presented->port == ctx->stand_in)
		return home || !esp_nat_ctx_confirmed(ctx);
	return home && presented->port == msg->actual.peer.port;
}

/* Where was a context heard? Where it is only passing through it is not bound to. */
static void esp_nat_show_place(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			       const struct esp_nat_ike_in *msg,
			       const struct esp_nat_ep *presented)
{
	if (esp_nat_place_bound(&en->table, ctx, &msg->actual) ||
	    esp_nat_show_stays(ctx, msg, presented))
		esp_nat_place_bind(&en->table, ctx, &msg->actual, presented,
				   false);
	else
		esp_nat_place_doubt(&en->table, &msg->actual, ctx);
}

/*
 * A context was heard: it is alive. Of one that has had an SA, the port says
 * nothing until the daemon has authenticated its peer there.
 */
static void esp_nat_show_alive(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			       const struct esp_nat_ike_in *msg, bool echo)
{
	bool home = esp_nat_match_at_home(ctx, msg);

	ctx->heard = jiffies;
	if (home && msg->nat_port && !esp_nat_ctx_confirmed(ctx))
		ctx->used_nat_port = true;
	if (home && echo && !esp_nat_ctx_confirmed(ctx))
		esp_nat_lifecycle_go_on(en, ctx, ESP_NAT_CTX_ECHOED);
}

/**
 * esp_nat_show() - how is a message of a context shown to the daemon?
 * @en: the namespace
 * @ctx: the context
 * @sa: its IKE SA, NULL if that is not known
 * @msg: the message
 *
 * Notes that the context was heard, and where: nothing of what has nothing but an
 * address, not where of what is perhaps another client's.
 *
 * Context: softirq, &esp_nat_table.lock held.
 * Return: the presented endpoint.
 */
struct esp_nat_ep esp_nat_show(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			       const struct esp_nat_ikesa *sa,
			       const struct esp_nat_ike_in *msg)
{
	const struct esp_nat_binding *b;
	struct esp_nat_ep presented;

	if (!sa)
		return esp_nat_show_presented(en, ctx, msg);
	b = esp_nat_match_fold(en, msg, sa);
	if (b) {
		presented = b->presented.peer;
	} else {
		presented = esp_nat_show_presented(en, ctx, msg);
		esp_nat_show_place(en, ctx, msg, &presented);
	}
	/* its key has an SPIr if the daemon was seen to send it */
	esp_nat_show_alive(en, ctx, msg, sa->ctx == ctx && sa->key.spir);
	return presented;
}
