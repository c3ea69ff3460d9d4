// SPDX-License-Identifier: GPL-2.0
/*
 * Where a client is. NATs forget, clients change networks: a context moves to
 * where an authenticated packet, the newest of its SA, comes from. What daemon
 * and xfrm are shown stays.
 */
#include "alias.h"
#include "birth.h"
#include "event.h"
#include "follow.h"
#include "trace.h"

/* A context moves to an endpoint that is new to it once in so many jiffies. */
#define ESP_NAT_FOLLOW_INTERVAL	HZ

/**
 * esp_nat_follow_may() - are a context's moves believed?
 * @en: the namespace
 * @ctx: the context
 *
 * RFC 3947, section 7: the end that has no NAT follows; a host behind a dynamic
 * NAT must not. One that a peer has opened an IKE SA to has a static one. What
 * is not known forbids nothing.
 *
 * Context: any.
 * Return: true if follow_peer lets them.
 */
bool esp_nat_follow_may(struct esp_nat_net *en, const struct esp_nat_ctx *ctx)
{
	switch (READ_ONCE(en->cfg.follow_peer)) {
	case ESP_NAT_FOLLOW_NEVER:
		return false;
	case ESP_NAT_FOLLOW_NAT:
		return READ_ONCE(ctx->path.peer_nat) != ESP_NAT_BEHIND_NO &&
		       (READ_ONCE(ctx->path.role) != ESP_NAT_ROLE_INITIATOR ||
			READ_ONCE(ctx->path.local_nat) != ESP_NAT_BEHIND_YES);
	default:
		return true;
	}
}

/**
 * esp_nat_follow_where() - where is a context that is presented so?
 * @ctx: the context
 * @presented: an endpoint of nat_port that it is presented as; port 0 for plain
 *	ESP, which does not move
 * @where: receives the endpoint that was last believed, before that the one at
 *	home that @presented stands for
 *
 * Context: RCU read side or &esp_nat_table.lock held.
 * Return: the binding of @where, valid under RCU; NULL if nothing was believed.
 */
struct esp_nat_binding *
esp_nat_follow_where(const struct esp_nat_ctx *ctx,
		     const struct esp_nat_ep *presented,
		     struct esp_nat_ep *where)
{
	struct esp_nat_binding *b = NULL;

	if (presented->port)
		b = rcu_dereference_check(ctx->believed, 1);
	if (b) {
		*where = b->actual;
	} else {
		*where = *presented;
		where->addr = ctx->home;
	}
	return b;
}

/* Is it too soon for a move to an endpoint that is new to it? */
static bool esp_nat_follow_early(const struct esp_nat_ctx *ctx)
{
	return time_before64(get_jiffies_64(),
			     ctx->moved + ESP_NAT_FOLLOW_INTERVAL);
}

static void esp_nat_follow_tell(struct esp_nat_net *en,
				struct esp_nat_ctx *ctx,
				const struct esp_nat_ep *was,
				const struct esp_nat_ep *now)
{
	struct esp_nat_happening what = {
		.event = ESP_NAT_EVENT_MOVED, .ctx = ctx, .was = was,
	};

	ctx->moves++;
	trace_esp_nat_ctx_move(en->net->ns.inum, was, now, &ctx->presented);
	esp_nat_event_raise(en, &what);
	esp_nat_inc(en, ctx_moved);
}

/* From now on it is there; false for want of memory. */
static bool esp_nat_follow_settle(struct esp_nat_net *en,
				  struct esp_nat_ctx *ctx,
				  const struct esp_nat_ep *presented,
				  const struct esp_nat_ep *from)
{
	struct esp_nat_binding *b, *at;

	at = rcu_dereference_protected(ctx->believed,
				       lockdep_is_held(&en->table.lock));
	b = esp_nat_ctx_bind(en, ctx, from, presented);
	if (!b)
		return false;
	esp_nat_binding_believe(b);
	esp_nat_ctx_active(ctx);
	rcu_assign_pointer(ctx->believed, b);
	if (at && at != b)
		esp_nat_binding_left(at);
	if (ctx->state != ESP_NAT_CTX_LIVE)
		/* its SA was moved here, which not every daemon's way tells */
		set_bit(0, &en->dirty);
	return true;
}

/*
 * An SA with an alias but no context: this module was gone for a while. Its
 * client is where its first authenticated packet comes from; not one that was
 * with asynchronous crypto while enabled=0 was written.
 */
static struct esp_nat_ctx *esp_nat_follow_heal(struct esp_nat_net *en,
					       const struct esp_nat_ep *presented,
					       const struct esp_nat_ep *from)
{
	struct esp_nat_birth birth = {
		.from = *from, .presented = presented
	};
	struct esp_nat_ctx *ctx;

	if (!READ_ONCE(en->cfg.enabled) ||
	    !esp_nat_alias_given(en, presented->addr.ip.ip))
		return NULL;
	ctx = esp_nat_birth_context(en, &birth);
	if (IS_ERR(ctx))
		return NULL;
	ctx->sa_gen = en->table.sa_gen;
	ctx->used_nat_port = true;
	esp_nat_ctx_set_state(en, ctx, ESP_NAT_CTX_LIVE);
	esp_nat_inc(en, ctx_healed);
	return ctx;
}

static void esp_nat_follow_move(struct esp_nat_net *en,
				const struct esp_nat_ep *presented,
				const struct esp_nat_ep *from)
{
	struct esp_nat_ctx *ctx = esp_nat_ctx_by_presented(en, presented);
	struct esp_nat_ep was;
	bool moves, is_new;

	if (!ctx)
		ctx = esp_nat_follow_heal(en, presented, from);
	if (!ctx)
		return;
	esp_nat_follow_where(ctx, presented, &was);
	moves = !esp_nat_ep_equal(&was, from);
	is_new = !esp_nat_ctx_bound(en, ctx, from);
	if (moves && !esp_nat_follow_may(en, ctx))
		return;
	/*
	 * Back to where it was it may go at any time: else one who races copies
	 * of its packets would pin it to himself.
	 */
	if (moves && is_new && esp_nat_follow_early(ctx)) {
		esp_nat_inc(en, ctx_move_early);
		return;
	}
	if (!esp_nat_follow_settle(en, ctx, presented, from) || !moves)
		return;
	if (is_new)
		ctx->moved = get_jiffies_64();
	esp_nat_follow_tell(en, ctx, &was, from);
}

/**
 * esp_nat_follow_believe() - an authenticated packet, the newest of its SA
 * @en: the namespace
 * @ctx: the context that is presented so, or NULL
 * @presented: the endpoint that its SA knows
 * @from: the actual endpoint that it came from
 *
 * Context: softirq, RCU read side.
 */
void esp_nat_follow_believe(struct esp_nat_net *en,
			    const struct esp_nat_ctx *ctx,
			    const struct esp_nat_ep *presented,
			    const struct esp_nat_ep *from)
{
	struct esp_nat_binding *b = esp_nat_binding_by_actual(en, from);

	trace_esp_nat_believe(en->net->ns.inum, presented, from);
	if (b && b->ctx == ctx && b == rcu_access_pointer(ctx->believed)) {
		esp_nat_binding_believe(b);
		esp_nat_ctx_active(b->ctx);
		return;
	}
	spin_lock_bh(&en->table.lock);
	esp_nat_follow_move(en, presented, from);
	spin_unlock_bh(&en->table.lock);
}
