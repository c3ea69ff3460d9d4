// SPDX-License-Identifier: GPL-2.0
/* An IKE message comes in: whose is it? */
#include "classify.h"
#include "detect.h"
#include "event.h"
#include "fold.h"
#include "follow.h"
#include "lifecycle.h"
#include "match.h"
#include "match_in.h"
#include "refusal.h"
#include "show.h"

/* ---- whose is it? ---- */

static int esp_nat_match_full(struct esp_nat_net *en,
			      const struct esp_nat_ike_in *msg)
{
	return esp_nat_lifecycle_full(en, &msg->actual.peer.addr,
				      &msg->actual.local);
}

static struct esp_nat_birth
esp_nat_match_birth(const struct esp_nat_ike_in *msg)
{
	return (struct esp_nat_birth) {
		.from	= msg->actual.peer,
		.local	= msg->actual.local,
		.nat_port = msg->nat_port,
		.spii	= msg->hdr.spii,
		.major	= esp_nat_classify_major(&msg->hdr),
		.pos	= msg->pos,
		.l3mdev	= msg->l3mdev,
	};
}

/*
 * May a request for a new IKE SA join the context at exactly its endpoint?
 *
 * On nat_port: if the context has proved that it is still there, no other was heard
 * from there since, and none has taken what it is presented as. On ike_port: routers
 * and clients that have no NAT rekey and reboot there; behind a NAT the endpoint
 * proves nothing, since NATs forget port 500.
 */
static bool esp_nat_match_may(struct esp_nat_net *en,
			      const struct esp_nat_binding *b, bool nat_port)
{
	const struct esp_nat_ctx *ctx = b->ctx;

	if (nat_port)
		return esp_nat_follow_is_there(en, b) &&
		       esp_nat_place_shows(&en->table, b);
	if (ctx->aliased)
		return false;
	return esp_nat_ctx_initiated(ctx) ||
	       (ctx->plain_sa && !ctx->used_nat_port);
}

static struct esp_nat_ctx *esp_nat_match_open(struct esp_nat_net *en,
					      const struct esp_nat_ike_in *msg)
{
	struct esp_nat_birth birth = esp_nat_match_birth(msg);
	struct esp_nat_binding *b;

	b = esp_nat_binding_by_actual(&en->table.bindings, &msg->actual);
	if (b && esp_nat_match_may(en, b, msg->nat_port))
		return b->ctx;
	if (esp_nat_match_full(en, msg))
		return ERR_PTR(-EDQUOT);
	return esp_nat_lifecycle_birth(en, &birth);
}

/*
 * An IKEv2 SA speaks from an address that is not its context's: MOBIKE
 * (RFC 4555). The daemon must see the new address; but if another client is
 * presented there, an alias has to stand for it. A guest context holds the
 * place until the daemon has moved the SAs.
 */
static struct esp_nat_ctx *esp_nat_match_guest(struct esp_nat_net *en,
					       struct esp_nat_ikesa *sa,
					       const struct esp_nat_ike_in *msg)
{
	struct esp_nat_birth birth = esp_nat_match_birth(msg);
	const struct esp_nat_position *pos = &sa->ctx->pos;
	struct esp_nat_ctx *guest = sa->guest;

	if (guest && esp_nat_match_at_home(guest, msg))
		return guest;
	/* a birth may evict half-open contexts, even this one */
	if (!esp_nat_ctx_confirmed(sa->ctx))
		return NULL;
	/* where the peer is now is told under encryption */
	birth.pos = (struct esp_nat_position) {
		.role = pos->role, .local_nat = pos->local_nat
	};
	guest = esp_nat_lifecycle_birth(en, &birth);
	if (!IS_ERR(guest))
		esp_nat_ctx_host(&en->table, guest, sa);
	return guest;
}

static int esp_nat_match_reason(struct esp_nat_net *en,
				const struct esp_nat_ike_in *msg, int err)
{
	switch (err) {
	case -ENOSPC:
		return ESP_NAT_STAT_drop_no_alias;
	case -ECONNREFUSED:
		return ESP_NAT_STAT_drop_evicted;
	case -EDQUOT:
		/* or that of its context's home, if it comes from elsewhere */
		return esp_nat_match_full(en, msg) ?: ESP_NAT_STAT_drop_peer_max;
	default:
		return ESP_NAT_STAT_drop_no_memory;
	}
}

/* A client is not answered. A flood of them is told of once a second. */
static int esp_nat_match_limit(struct esp_nat_net *en,
			       const struct esp_nat_ike_in *msg, int err)
{
	int reason = esp_nat_match_reason(en, msg, err);
	struct esp_nat_happening what = {
		.event	= ESP_NAT_EVENT_LIMIT,
		.peer	= &msg->actual.peer,
		.reason	= esp_nat_stats_name(reason),
	};

	if (time_after_eq(jiffies, en->table.limit_told + HZ)) {
		en->table.limit_told = jiffies;
		esp_nat_event_raise(en, &what);
	}
	return reason;
}

static struct esp_nat_ikesa *
esp_nat_match_find(struct esp_nat_table *t, const struct esp_nat_ike_in *msg)
{
	const struct esp_nat_ike_hdr *hdr = &msg->hdr;
	struct esp_nat_ikesa *sa = esp_nat_match_whole(t, hdr), *half;

	if (sa)
		return sa;
	half = esp_nat_match_half(t, hdr, &msg->actual.peer.addr);
	if (half && hdr->spir && esp_nat_ctx_initiated(half->ctx))
		/* the answer to what this end has opened names SPIr */
		sa = esp_nat_match_learn(t, half->ctx, hdr, &msg->actual.peer.addr);
	return sa ?: half;
}

/*
 * An IKE SA was taken for that of a client that it is perhaps not. Nothing is
 * authenticated on either side, so who speaks is a guest, too.
 */
static struct esp_nat_ctx *esp_nat_match_apart(struct esp_nat_net *en,
					       const struct esp_nat_ike_in *msg,
					       struct esp_nat_ikesa *sa)
{
	const struct esp_nat_ctx *guest = sa->guest;

	if (!(guest && esp_nat_match_at_home(guest, msg)) &&
	    esp_nat_match_full(en, msg))
		return ERR_PTR(-EDQUOT);
	return esp_nat_match_guest(en, sa, msg);
}

/*
 * An IKE SA that began where a client is known goes on where that is until the daemon
 * has authenticated its peer. Who speaks under it from elsewhere has either copied its
 * first message, or had its own copied from there, or has the port that a NAT has
 * taken from the client: he is not that client.
 */
static bool esp_nat_match_astray(struct esp_nat_net *en,
				 const struct esp_nat_ike_in *msg,
				 const struct esp_nat_ikesa *sa)
{
	return sa->joined && !sa->proven && esp_nat_classify_shakes(&msg->hdr) &&
	       esp_nat_place_left(esp_nat_place_bound(&en->table, sa->ctx,
						      &msg->actual));
}

/*
 * An IKE SA that is known from the daemon's answers only: somebody may have copied one
 * of its messages from where he is known, so who is known elsewhere speaks for himself.
 */
static struct esp_nat_ctx *esp_nat_match_other(struct esp_nat_net *en,
					       const struct esp_nat_ike_in *msg,
					       const struct esp_nat_ikesa *sa)
{
	const struct esp_nat_binding *b;

	if (!sa->learned)
		return NULL;
	b = esp_nat_binding_by_actual(&en->table.bindings, &msg->actual);
	return b && b->ctx != sa->ctx && esp_nat_place_is_here(b) ? b->ctx : NULL;
}

/* The context of a message of an IKE SA that is known; NULL: none. */
static struct esp_nat_ctx *esp_nat_match_known(struct esp_nat_net *en,
					       const struct esp_nat_ike_in *msg,
					       struct esp_nat_ikesa *sa)
{
	const struct esp_nat_home *home = sa->ctx->home;

	if (esp_nat_match_astray(en, msg, sa))
		return ERR_PTR(-ECONNREFUSED);
	if (msg->nat_port && esp_nat_fold_doubt(en, sa, &msg->actual))
		return esp_nat_match_apart(en, msg, sa);
	if (esp_nat_match_fold(en, msg, sa))
		return sa->ctx;
	if (!esp_nat_match_at_home(sa->ctx, msg) &&
	    esp_nat_classify_major(&msg->hdr) == 2)
		return esp_nat_match_guest(en, sa, msg);
	if (!esp_nat_ctx_confirmed(sa->ctx) &&
	    esp_nat_lifecycle_full(en, &home->addr, &home->local))
		return ERR_PTR(-EDQUOT);
	return sa->ctx;
}

/*
 * A client that is not known passes as it came; but not as another that has moved
 * away from there. When its ESP tells where it is, its IKE is let in.
 */
static struct esp_nat_ctx *esp_nat_match_none(struct esp_nat_net *en,
					      const struct esp_nat_ike_in *msg)
{
	return msg->nat_port && esp_nat_place_anothers(&en->table, &msg->actual,
						       NULL, true) ?
	       ERR_PTR(-ECONNREFUSED) : NULL;
}

/*
 * The context of a message of an IKE SA that is not known: one that was rekeyed
 * inside an encrypted exchange, perhaps. A handshake is no such; its context has
 * gone, and it is not taken for the one that is there.
 */
static struct esp_nat_ctx *esp_nat_match_unknown(struct esp_nat_net *en,
						 const struct esp_nat_ike_in *msg)
{
	const struct esp_nat_binding *b;

	b = esp_nat_binding_by_actual(&en->table.bindings, &msg->actual);
	if (!b || !msg->hdr.spir)
		return esp_nat_match_none(en, msg);
	if (!esp_nat_match_late(&en->table, &msg->hdr))
		return b->ctx;
	if (esp_nat_place_is_here(b))
		return ERR_PTR(-ECONNREFUSED);
	esp_nat_place_doubt(&en->table, &msg->actual, NULL);
	return esp_nat_match_none(en, msg);
}

/*
 * The context of a message, NULL: none, it passes as it came. *@found is its
 * IKE SA if that is known.
 */
static struct esp_nat_ctx *esp_nat_match_ctx(struct esp_nat_net *en,
					     const struct esp_nat_ike_in *msg,
					     struct esp_nat_ikesa **found)
{
	struct esp_nat_table *t = &en->table;
	struct esp_nat_ctx *ctx;

	*found = esp_nat_match_find(t, msg);
	if (*found && !(*found)->ctx) {
		*found = NULL;
		return ERR_PTR(-ECONNREFUSED);
	}
	if (*found && esp_nat_classify_opens(&msg->hdr) &&
	    esp_nat_refusal_silent(en, *found))
		*found = esp_nat_refusal_take_back(en, *found);
	if (*found) {
		ctx = esp_nat_match_other(en, msg, *found);
		if (!ctx)
			return esp_nat_match_known(en, msg, *found);
		*found = NULL;
		return ctx;
	}
	if (!esp_nat_classify_opens(&msg->hdr))
		return esp_nat_match_unknown(en, msg);

	ctx = esp_nat_match_open(en, msg);
	if (!IS_ERR(ctx))
		*found = esp_nat_match_learn(t, ctx, &msg->hdr,
					     &msg->actual.peer.addr);
	if (*found)
		(*found)->joined = msg->nat_port && esp_nat_ctx_confirmed(ctx);
	return ctx;
}

/* ---- what is noted of it? ---- */

/*
 * What the messages of an IKE SA tell of roles and NATs is its context's, but
 * what that knows already. Anybody may send them in a client's name: a context that
 * has an SA learns only once the daemon has authenticated the peer, and nothing of
 * what is said in the clear after that.
 */
static void esp_nat_match_told(struct esp_nat_net *en, struct esp_nat_ikesa *sa,
			       const struct esp_nat_ike_in *msg)
{
	if (sa->proven)
		return;
	esp_nat_detect_note(&sa->pos, &msg->pos);
	if (!esp_nat_ctx_confirmed(sa->ctx))
		esp_nat_detect_learn(en, sa->ctx, &sa->pos);
}

/*
 * A client has asked from where it is, and waits for the answer: who asks the same
 * from elsewhere does not get that instead.
 */
static bool esp_nat_match_waits(const struct esp_nat_ikesa *sa,
				const struct esp_nat_ike_in *msg)
{
	const struct esp_nat_binding *at = rcu_access_pointer(sa->ctx->believed);

	return sa->heard && !sa->is_answered && sa->msgid == msg->hdr.msgid &&
	       at && esp_nat_ep_equal(&at->actual.peer, &sa->from) &&
	       !esp_nat_ep_equal(&msg->actual.peer, &sa->from);
}

static void esp_nat_match_note(struct esp_nat_ikesa *sa,
			       const struct esp_nat_ike_in *msg,
			       const struct esp_nat_ep *presented)
{
	sa->echoed |= !!msg->hdr.spir;
	/* what answers the daemon asks for nothing, and has ids of its own */
	if (esp_nat_classify_major(&msg->hdr) == 2 &&
	    esp_nat_classify_answers(&msg->hdr)) {
		sa->nat_port = msg->nat_port;
		return;
	}
	if (esp_nat_match_waits(sa, msg))
		return;
	sa->from = msg->actual.peer;
	sa->local = msg->actual.local;
	sa->presented = *presented;
	sa->msgid = msg->hdr.msgid;
	sa->heard_at = jiffies;
	sa->heard = true;
	sa->is_answered = false;
	sa->nat_port = msg->nat_port;
}

/**
 * esp_nat_match_in() - what is the daemon to see of an IKE message?
 * @en: the namespace
 * @msg: the message
 * @shown: receives how it is to be shown
 *
 * Only a request with SPIr zero gives birth to a context.
 *
 * Context: softirq, RCU read side.
 * Return: 0, or the reason to drop it, an enum esp_nat_stat.
 */
int esp_nat_match_in(struct esp_nat_net *en, const struct esp_nat_ike_in *msg,
		     struct esp_nat_ike_shown *shown)
{
	struct esp_nat_ikesa *sa;
	struct esp_nat_ctx *ctx;
	struct mem_cgroup *was;
	int reason = 0;

	shown->presented = msg->actual.peer;
	was = esp_nat_charge_begin(&en->charge);
	spin_lock_bh(&en->table.lock);
	ctx = esp_nat_match_ctx(en, msg, &sa);
	if (IS_ERR(ctx))
		reason = esp_nat_match_limit(en, msg, PTR_ERR(ctx));
	else if (ctx)
		shown->presented = esp_nat_show(en, ctx, sa, msg);
	if (!reason && sa) {
		if (sa->ctx == ctx)
			esp_nat_match_told(en, sa, msg);
		esp_nat_match_note(sa, msg, &shown->presented);
	}
	shown->known = !reason && ctx;
	if (!reason)
		reason = esp_nat_match_refuse(en, msg->nat_port, ctx);
	spin_unlock_bh(&en->table.lock);
	esp_nat_charge_end(&en->charge, was);
	return reason;
}
