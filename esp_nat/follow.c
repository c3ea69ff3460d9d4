// SPDX-License-Identifier: GPL-2.0
/*
 * Where a client is. NATs forget, clients change networks: a context moves to
 * where an authenticated packet, the newest of its SA, comes from. What daemon
 * and xfrm are shown stays.
 */
#include "event.h"
#include "follow.h"
#include "lifecycle.h"
#include "locate.h"
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
		return READ_ONCE(ctx->pos.peer_nat) != ESP_NAT_BEHIND_NO &&
		       (READ_ONCE(ctx->pos.role) != ESP_NAT_ROLE_INITIATOR ||
			READ_ONCE(ctx->pos.local_nat) != ESP_NAT_BEHIND_YES);
	default:
		return true;
	}
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
				  const struct esp_nat_flow *from)
{
	struct esp_nat_binding *b, *at;

	at = rcu_dereference_protected(ctx->believed,
				       lockdep_is_held(&en->table.lock));
	b = esp_nat_place_bind(&en->table, ctx, from, presented, true);
	if (!b)
		return false;
	esp_nat_binding_believe(b);
	esp_nat_ctx_active(ctx);
	rcu_assign_pointer(ctx->believed, b);
	if (at && at != b)
		esp_nat_binding_left(&en->table.bindings, at);
	if (ctx->state != ESP_NAT_CTX_LIVE)
		/* its SA was moved here, which not every daemon's way tells */
		set_bit(0, &en->table.dirty);
	return true;
}

/*
 * An SA with an alias but no context: this module was gone for a while. Its
 * client is where its first authenticated packet comes from; not one that was
 * with asynchronous crypto while enabled=0 was written.
 */
static struct esp_nat_ctx *esp_nat_follow_heal(struct esp_nat_net *en,
					       const struct esp_nat_ep *presented,
					       const struct esp_nat_flow *from)
{
	struct esp_nat_birth birth = {
		.from = from->peer, .local = from->local,
		.presented = presented,
	};
	struct esp_nat_ctx *ctx;

	if (!READ_ONCE(en->cfg.enabled) ||
	    !esp_nat_alias_given(&en->pool, presented->addr.ip.ip))
		return NULL;
	ctx = esp_nat_lifecycle_birth(en, &birth);
	if (IS_ERR(ctx))
		return NULL;
	ctx->sa_gen = en->table.sa_gen;
	ctx->used_nat_port = true;
	/* a walk finds its SAs, and from then on it has keepalives */
	set_bit(0, &en->table.dirty);
	esp_nat_lifecycle_go_on(en, ctx, ESP_NAT_CTX_LIVE);
	esp_nat_inc(en, ctx_healed);
	return ctx;
}

static void esp_nat_follow_move(struct esp_nat_net *en,
				const struct esp_nat_flow *end,
				const struct esp_nat_flow *from)
{
	struct esp_nat_ctx *ctx = esp_nat_locate_presented(en, end);
	const struct esp_nat_ep *presented = &end->peer;
	struct esp_nat_ep was;
	bool moves, is_new;

	if (!ctx)
		ctx = esp_nat_follow_heal(en, presented, from);
	if (!ctx)
		return;
	esp_nat_locate_actual(ctx, presented, &was);
	moves = !esp_nat_ep_equal(&was, &from->peer);
	is_new = !esp_nat_place_bound(&en->table, ctx, from);
	if (moves && (ctx->contested || !esp_nat_follow_may(en, ctx)))
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
	esp_nat_follow_tell(en, ctx, &was, &from->peer);
}

/**
 * esp_nat_follow_believe() - an authenticated packet, the newest of its SA
 * @en: the namespace
 * @ctx: the context that is presented so, or NULL
 * @end: the endpoint that its SA knows, and this end's address
 * @peer: the actual endpoint that it came from
 *
 * Context: softirq, RCU read side.
 */
void esp_nat_follow_believe(struct esp_nat_net *en,
			    const struct esp_nat_ctx *ctx,
			    const struct esp_nat_flow *end,
			    const struct esp_nat_ep *peer)
{
	struct esp_nat_flow from = esp_nat_flow(peer, &end->local);
	struct esp_nat_binding *b;
	struct mem_cgroup *was;

	b = esp_nat_binding_by_actual(&en->table.bindings, &from);
	trace_esp_nat_believe(en->net->ns.inum, &end->peer, peer);
	if (b && b->ctx == ctx && b == rcu_access_pointer(ctx->believed)) {
		esp_nat_binding_believe(b);
		esp_nat_ctx_active(b->ctx);
		return;
	}
	was = esp_nat_charge_begin(&en->charge);
	spin_lock_bh(&en->table.lock);
	esp_nat_follow_move(en, end, &from);
	spin_unlock_bh(&en->table.lock);
	esp_nat_charge_end(&en->charge, was);
}

/*
 * Where did the daemon authenticate a context that it has an SA with? IKEv2 tells no
 * more than where it was heard last, and only of one that is not at home.
 */
static const struct esp_nat_ep *
esp_nat_follow_answer(const struct esp_nat_ctx *ctx,
		      const struct esp_nat_ep *presented)
{
	const struct esp_nat_ikesa *sa;

	list_for_each_entry(sa, &ctx->ikesas, list) {
		if (!sa->heard || !sa->nat_port ||
		    !esp_nat_ep_equal(&sa->presented, presented))
			continue;
		if (sa->proven)
			return &sa->proven_at;
		return ctx->used_nat_port ? NULL : &sa->from;
	}
	return NULL;
}

/**
 * esp_nat_follow_answered() - a context gets its first SA, with encapsulation
 * @en: the namespace
 * @ctx: the context
 * @end: the endpoint that the SA knows, and this end's address
 *
 * A NAT may give its clients one address for ike_port and another for nat_port. Then
 * the SA knows the first, and until a packet under it tells more, the context is
 * where the daemon has answered it.
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_follow_answered(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			     const struct esp_nat_flow *end)
{
	const struct esp_nat_ep *at;
	struct esp_nat_binding *b;
	struct esp_nat_flow flow;

	lockdep_assert_held(&en->table.lock);

	if (rcu_access_pointer(ctx->believed) || ctx->contested)
		return;
	at = esp_nat_follow_answer(ctx, &end->peer);
	if (!at || esp_nat_addr_equal(&at->addr, &ctx->home->addr))
		return;
	flow = esp_nat_flow(at, &end->local);
	b = esp_nat_place_bind(&en->table, ctx, &flow, &end->peer, false);
	if (b)
		rcu_assign_pointer(ctx->believed, b);
}

/**
 * esp_nat_follow_plain() - an authenticated UDP-encapsulated packet under an SA
 *	without encapsulation, the newest of that
 * @en: the namespace
 * @ctx: its context
 * @from: the actual endpoint that it came from
 *
 * Such an SA does not follow to another address; but where the rule has its ESP
 * sent in UDP, this tells the port that the peer's NAT has for it.
 *
 * Context: softirq, RCU read side.
 */
void esp_nat_follow_plain(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			  const struct esp_nat_ep *from)
{
	__be16 port;

	if (!esp_nat_addr_equal(&ctx->home->addr, &from->addr))
		return;
	esp_nat_ctx_active(ctx);
	port = READ_ONCE(ctx->plain_port);
	if (port != from->port && (!port || esp_nat_follow_may(en, ctx)))
		WRITE_ONCE(ctx->plain_port, from->port);
}

/**
 * esp_nat_follow_is_there() - is a context believed to be at an endpoint?
 * @en: the namespace
 * @b: its binding
 *
 * Context: any.
 * Return: true if an authenticated packet came from there within idle_timeout,
 * and the context has not moved since.
 */
bool esp_nat_follow_is_there(struct esp_nat_net *en,
			     const struct esp_nat_binding *b)
{
	unsigned long idle = READ_ONCE(en->cfg.idle_timeout) *
			     (unsigned long)HZ;

	return esp_nat_binding_believed_since(b, jiffies - idle);
}
