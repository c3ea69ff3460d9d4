// SPDX-License-Identifier: GPL-2.0
/* The daemon sends an IKE message: where does it go, and what does it tell? */
#include "classify.h"
#include "detect.h"
#include "fold.h"
#include "lifecycle.h"
#include "locate.h"
#include "match.h"
#include "match_out.h"
#include "refusal.h"

/* One that a context has begun where it is, or this end to it. */
static struct esp_nat_ikesa *
esp_nat_match_begun(struct esp_nat_table *t, const struct esp_nat_ike_out *msg,
		    const struct esp_nat_ctx *ctx)
{
	struct esp_nat_ikesa *half;
	struct esp_nat_ep actual;

	if (!ctx)
		return esp_nat_match_half(t, &msg->hdr, &msg->presented.peer.addr);
	half = esp_nat_match_half(t, &msg->hdr, &ctx->home->addr);
	if (half)
		return half;
	esp_nat_locate_actual(ctx, &msg->presented.peer, &actual);
	return esp_nat_match_half(t, &msg->hdr, &actual.addr);
}

/* The daemon's answer tells the SPIr of one that has begun. */
static struct esp_nat_ikesa *
esp_nat_match_answered(struct esp_nat_table *t,
		       const struct esp_nat_ike_out *msg,
		       struct esp_nat_ikesa *half,
		       const struct esp_nat_addr *peer)
{
	struct esp_nat_ikesa *sa;

	sa = esp_nat_match_learn(t, half->ctx, &msg->hdr, peer);
	if (!sa)
		return half;
	sa->pos = half->pos;
	sa->born = half->born;
	sa->joined = half->joined;
	if (half->heard) {
		sa->from = half->from;
		sa->local = half->local;
		sa->presented = half->presented;
		sa->msgid = half->msgid;
		sa->heard_at = half->heard_at;
		sa->heard = true;
		sa->nat_port = half->nat_port;
	}
	return sa;
}

/* This end opens an IKE SA: to a client, or to an address of its own. */
static struct esp_nat_ikesa *
esp_nat_match_initiate(struct esp_nat_net *en,
		       const struct esp_nat_ike_out *msg,
		       struct esp_nat_ctx *ctx)
{
	struct esp_nat_birth birth = {
		.from	= msg->presented.peer,
		.local	= msg->presented.local,
		.spii	= msg->hdr.spii,
		.major	= esp_nat_classify_major(&msg->hdr),
		.pos	= { .role = ESP_NAT_ROLE_INITIATOR },
	};
	const struct esp_nat_addr *peer = &msg->presented.peer.addr;

	if (ctx)
		peer = &ctx->home->addr;
	else
		ctx = esp_nat_lifecycle_birth(en, &birth);
	return IS_ERR(ctx) ? NULL : esp_nat_match_learn(&en->table, ctx,
							&msg->hdr, peer);
}

/* The daemon's headers tell which SPIr belongs to whom. */
static struct esp_nat_ikesa *
esp_nat_match_sent(struct esp_nat_net *en, const struct esp_nat_ike_out *msg,
		   struct esp_nat_ctx *ctx)
{
	const struct esp_nat_addr *peer = &msg->presented.peer.addr;
	const struct esp_nat_ike_hdr *hdr = &msg->hdr;
	struct esp_nat_table *t = &en->table;
	struct esp_nat_ikesa *sa;

	if (ctx)
		peer = &ctx->home->addr;
	sa = esp_nat_match_whole(t, hdr);
	if (sa)
		return sa;
	sa = esp_nat_match_begun(t, msg, ctx);
	if (sa)
		return hdr->spir ? esp_nat_match_answered(t, msg, sa, peer) : sa;
	if (hdr->spir) {
		if (!ctx || esp_nat_match_late(t, hdr))
			return NULL;
		sa = esp_nat_match_learn(t, ctx, hdr, peer);
		if (sa)
			sa->learned = true;
		return sa;
	}
	return esp_nat_classify_opens(hdr) ?
	       esp_nat_match_initiate(en, msg, ctx) : NULL;
}

/*
 * Is a message from ike_port for a peer that has floated to nat_port? The IKE
 * SA tells by what was heard of it; of one that is this end's, its context.
 */
static bool esp_nat_match_floats(struct esp_nat_net *en,
				 const struct esp_nat_ike_out *msg,
				 const struct esp_nat_ikesa *sa,
				 const struct esp_nat_ctx *ctx)
{
	if (sa && sa->heard)
		return sa->nat_port;
	if (msg->presented.peer.port == htons(READ_ONCE(en->cfg.ike_port)))
		return false;
	return sa ? sa->nat_port : ctx && ctx->used_nat_port;
}

/*
 * Does it answer the last message that was heard of its IKE SA? An answer may be
 * of several fragments (RFC 7383); after that, what the daemon repeats by itself
 * goes to where the client is.
 */
static bool esp_nat_match_answers(const struct esp_nat_ikesa *sa,
				  const struct esp_nat_ike_out *msg)
{
	return sa && sa->heard && sa->msgid == msg->hdr.msgid &&
	       (!sa->is_answered || time_before(jiffies, sa->answered + HZ)) &&
	       esp_nat_classify_answers(&msg->hdr) &&
	       esp_nat_ep_equal(&sa->presented, &msg->presented.peer);
}

/* What it says of the peer: it is answered, it may be authenticated. */
static void esp_nat_match_said(struct esp_nat_net *en,
			       const struct esp_nat_ike_out *msg,
			       struct esp_nat_ikesa *sa)
{
	if (!esp_nat_match_answers(sa, msg))
		return;
	if (!sa->is_answered)
		sa->answered = jiffies;
	sa->is_answered = true;
	if (!esp_nat_classify_proves(&msg->hdr))
		return;
	if (!sa->proven)
		sa->proven_at = sa->from;
	sa->proven = true;
	esp_nat_fold(en, sa);
	sa->ctx->used_nat_port |= sa->nat_port;
	esp_nat_detect_learn(en, sa->ctx, &sa->pos);
}

/* The daemon speaks to a peer that it knows from another address of its own. */
static bool esp_nat_match_strays(const struct esp_nat_ikesa *sa,
				 const struct esp_nat_ike_out *msg)
{
	return sa->ctx && esp_nat_addr_equal(&sa->ctx->presented,
					     &msg->presented.peer.addr) &&
	       !esp_nat_addr_equal(&sa->ctx->home->local,
				   &msg->presented.local);
}

/*
 * An alias is another's now: its former guest has gone, whose IKE SA the daemon knows
 * there still.
 */
static bool esp_nat_match_formerly(const struct esp_nat_ikesa *sa,
				   const struct esp_nat_ctx *ctx)
{
	return ctx->aliased && sa->ctx && sa->ctx != ctx && sa->guest != ctx &&
	       sa->heard && time_before(sa->heard_at, ctx->born);
}

/* What it says of the daemon: how far it has come with what it is asked. */
static void esp_nat_match_spoke(struct esp_nat_table *t,
				const struct esp_nat_ike_out *msg,
				const struct esp_nat_ikesa *sa)
{
	t->spoke = jiffies;
	if (!esp_nat_match_answers(sa, msg))
		return;
	if (time_after(sa->heard_at, t->served))
		t->served = sa->heard_at;
	if (sa->ctx && sa->ctx->aliased &&
	    sa->ctx->state == ESP_NAT_CTX_HALF && !msg->refuses)
		t->strangers = jiffies;
}

/*
 * Where it goes. What goes where the context is keeps its mapping there; but an
 * answer goes to whoever has asked.
 */
static void esp_nat_match_way(struct esp_nat_net *en,
			      const struct esp_nat_ike_out *msg,
			      struct esp_nat_ctx *ctx,
			      const struct esp_nat_ikesa *sa,
			      struct esp_nat_ike_way *way)
{
	struct esp_nat_ep at = msg->presented.peer;

	way->nat_port = msg->nat_port ||
			(msg->own && esp_nat_match_floats(en, msg, sa, ctx));
	if (ctx && way->nat_port)
		esp_nat_locate_actual(ctx, &msg->presented.peer, &at);
	else if (ctx)
		at.addr = ctx->home->addr;
	way->actual = esp_nat_match_answers(sa, msg) ? sa->from : at;
	if (!ctx)
		return;
	ctx->answered = jiffies;
	if (way->nat_port && esp_nat_ep_equal(&way->actual, &at))
		esp_nat_ctx_active(ctx);
}

/**
 * esp_nat_match_out() - where does an IKE message of the daemon go?
 * @en: the namespace
 * @msg: the message
 * @way: receives where, and from which port
 *
 * An answer goes where its request came from, whatever the daemon starts to
 * where the context is.
 *
 * Context: softirq or process, RCU read side.
 * Return: 0, or the reason to drop it, an enum esp_nat_stat.
 */
int esp_nat_match_out(struct esp_nat_net *en, const struct esp_nat_ike_out *msg,
		      struct esp_nat_ike_way *way)
{
	struct esp_nat_ikesa *sa;
	struct esp_nat_ctx *ctx;
	struct mem_cgroup *was;
	int reason;

	way->actual = msg->presented.peer;
	was = esp_nat_charge_begin(&en->charge);
	spin_lock_bh(&en->table.lock);
	ctx = esp_nat_locate_presented(en, &msg->presented);
	sa = esp_nat_match_sent(en, msg, ctx);
	esp_nat_match_spoke(&en->table, msg, sa);
	if (sa && (ctx ? esp_nat_match_formerly(sa, ctx) :
			 esp_nat_match_strays(sa, msg)))
		ctx = sa->ctx;
	if (sa && !sa->ctx) {
		reason = ESP_NAT_STAT_drop_evicted;
	} else if (msg->refuses && esp_nat_refusal_may(en, sa)) {
		esp_nat_refusal_take_back(en, sa);
		reason = ESP_NAT_STAT_drop_refused;
	} else {
		esp_nat_match_way(en, msg, ctx, sa, way);
		esp_nat_match_said(en, msg, sa);
		if (!ctx && sa)
			ctx = sa->ctx;
		reason = esp_nat_match_refuse(en, way->nat_port, ctx);
	}
	spin_unlock_bh(&en->table.lock);
	esp_nat_charge_end(&en->charge, was);
	return reason;
}
