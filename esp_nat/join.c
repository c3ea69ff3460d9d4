// SPDX-License-Identifier: GPL-2.0
/*
 * Which context does an IKE message belong to? Found by IKE SA, never by
 * address alone: several clients may be behind one address, and even behind
 * one endpoint (a NAT that never translates port 500).
 */
#include "birth.h"
#include "death.h"
#include "detect.h"
#include "enforce.h"
#include "event.h"
#include "follow.h"
#include "join.h"

/* A client that is there answers what it is sent within so many jiffies. */
#define ESP_NAT_JOIN_ANSWER	(2 * HZ)

static struct esp_nat_ikesa *esp_nat_join_learn(struct esp_nat_net *en,
						struct esp_nat_ctx *ctx,
						__be64 spii, __be64 spir,
						const struct esp_nat_addr *peer)
{
	struct esp_nat_ikesa *sa;

	sa = esp_nat_ikesa_add(en, spii, spir, peer);
	if (!sa)
		return NULL;
	/* until a message of it tells */
	sa->nat_port = ctx->used_nat_port;
	esp_nat_ctx_own(en, ctx, sa);
	return sa;
}

static struct esp_nat_birth esp_nat_join_birth(const struct esp_nat_msg *msg)
{
	return (struct esp_nat_birth) {
		.from	= msg->peer,
		.spii	= msg->hdr.spii,
		.major	= esp_nat_classify_major(&msg->hdr),
		.path	= msg->path,
		.l3mdev	= msg->l3mdev,
	};
}

/*
 * May a request for a new IKE SA join the context at exactly its endpoint?
 *
 * On nat_port: if the context has proved that it is still there, and no other
 * was heard from there since. On ike_port: routers and clients that have no
 * NAT rekey and reboot there; behind a NAT the endpoint proves nothing, since
 * NATs forget port 500.
 */
static bool esp_nat_join_may(struct esp_nat_net *en,
			     const struct esp_nat_binding *b, bool nat_port)
{
	const struct esp_nat_ctx *ctx = b->ctx;

	if (nat_port)
		return esp_nat_binding_is_believed(en, b);
	return !ctx->aliased &&
	       (esp_nat_ctx_ours(ctx) || (ctx->plain_sa && !ctx->used_nat_port));
}

static struct esp_nat_ctx *esp_nat_join_open(struct esp_nat_net *en,
					     const struct esp_nat_msg *msg)
{
	struct esp_nat_birth birth = esp_nat_join_birth(msg);
	struct esp_nat_binding *b = esp_nat_binding_by_actual(en, &msg->peer);

	if (b && esp_nat_join_may(en, b, msg->nat_port))
		return b->ctx;
	if (esp_nat_birth_full(en, &msg->peer.addr))
		return ERR_PTR(-EDQUOT);
	return esp_nat_birth_context(en, &birth);
}

/*
 * An IKEv2 SA speaks from an address that is not its context's: MOBIKE
 * (RFC 4555). The daemon must see the new address; but if another client is
 * presented there, an alias has to stand for it. A guest context holds the
 * place until the daemon has moved the SAs.
 */
static struct esp_nat_ctx *esp_nat_join_guest(struct esp_nat_net *en,
					      struct esp_nat_ikesa *sa,
					      const struct esp_nat_msg *msg)
{
	struct esp_nat_birth birth = esp_nat_join_birth(msg);
	const struct esp_nat_path *path = &sa->ctx->path;
	struct esp_nat_ctx *guest = sa->guest;

	if (guest && esp_nat_addr_equal(&guest->home, &msg->peer.addr))
		return guest;
	/* a birth may evict half-open contexts, even this one */
	if (!esp_nat_ctx_confirmed(sa->ctx))
		return NULL;
	/* where the peer is now is told under encryption */
	birth.path = (struct esp_nat_path) {
		.role = path->role, .local_nat = path->local_nat
	};
	guest = esp_nat_birth_context(en, &birth);
	if (!IS_ERR(guest))
		esp_nat_ctx_host(en, guest, sa);
	return guest;
}

/*
 * Is a half-open context the client whose binding this is? One that has crashed
 * and dials again does what one does that renews its IKE SA; but it has lost its
 * old SAs. So what came under one of those after the birth proves it, even if
 * the daemon has dropped them since, as strongSwan does with the old IKE SA.
 *
 * A silent client that is alone at its address is served as without us: it is
 * known by its endpoint. But not one that has not answered what it was sent.
 */
static bool esp_nat_join_same(struct esp_nat_net *en,
			      const struct esp_nat_ctx *half,
			      const struct esp_nat_binding *b)
{
	const struct esp_nat_ctx *ctx = b->ctx;

	if (!esp_nat_ctx_confirmed(ctx))
		return false;
	if (esp_nat_binding_believed_since(b, half->born))
		return true;
	return ctx->state == ESP_NAT_CTX_LIVE && ctx->peer == half->peer &&
	       ctx->peer->contexts == 2 && esp_nat_binding_is_believed(en, b) &&
	       !time_after(READ_ONCE(ctx->sent),
			   READ_ONCE(b->believed) + ESP_NAT_JOIN_ANSWER);
}

/*
 * An IKEv1 client renews its IKE SA from ike_port, where its NAT has forgotten
 * it: a context of its own, until it floats to nat_port, where it is known.
 */
static void esp_nat_join_fold(struct esp_nat_net *en, struct esp_nat_ikesa *sa,
			      const struct esp_nat_ep *from)
{
	struct esp_nat_binding *b = esp_nat_binding_by_actual(en, from);
	struct esp_nat_ctx *half = sa->ctx;
	struct esp_nat_ikesa *each, *next;

	if (esp_nat_ctx_confirmed(half) || half->major != 1 ||
	    esp_nat_ctx_ours(half) || !sa->key.spir ||
	    !esp_nat_addr_equal(&half->home, &from->addr))
		return;
	if (!b || !esp_nat_join_same(en, half, b))
		return;
	list_for_each_entry_safe_reverse(each, next, &half->ikesas, list)
		esp_nat_ctx_own(en, b->ctx, each);
	esp_nat_death_context(en, half, ESP_NAT_DEATH_FOLDED);
}

static int esp_nat_join_reason(struct esp_nat_net *en,
			       const struct esp_nat_msg *msg, int err)
{
	switch (err) {
	case -ENOSPC:
		return ESP_NAT_STAT_drop_no_alias;
	case -EDQUOT:
		return esp_nat_birth_full(en, &msg->peer.addr);
	default:
		return ESP_NAT_STAT_drop_no_memory;
	}
}

/* A client is not answered. A flood of them is told of once a second. */
static int esp_nat_join_limit(struct esp_nat_net *en,
			      const struct esp_nat_msg *msg, int err)
{
	int reason = esp_nat_join_reason(en, msg, err);
	struct esp_nat_happening what = {
		.event	= ESP_NAT_EVENT_LIMIT,
		.peer	= &msg->peer,
		.reason	= esp_nat_stats_name(reason),
	};

	if (time_after_eq(jiffies, en->table.limit_told + HZ)) {
		en->table.limit_told = jiffies;
		esp_nat_event_raise(en, &what);
	}
	return reason;
}

/*
 * The daemon's side of the endpoint that a message comes from. A client that
 * is followed is shown where the daemon knows it, from wherever it speaks.
 */
static struct esp_nat_ep esp_nat_join_show(struct esp_nat_net *en,
					   struct esp_nat_ctx *ctx,
					   const struct esp_nat_msg *msg)
{
	struct esp_nat_ep shown = esp_nat_ctx_show(ctx, msg->peer.port);
	const struct esp_nat_binding *b, *at = NULL;

	/* IPv6 has no aliases, and its ESP is not followed */
	if (msg->peer.addr.family == AF_INET6)
		return msg->peer;
	b = esp_nat_ctx_bound(en, ctx, &msg->peer);
	if (b)
		return b->presented;
	if (msg->nat_port && esp_nat_ctx_confirmed(ctx) &&
	    esp_nat_follow_may(en, ctx))
		at = rcu_access_pointer(ctx->believed);
	if (!at && !esp_nat_addr_equal(&ctx->home, &msg->peer.addr))
		at = list_first_entry_or_null(&ctx->bindings,
					      struct esp_nat_binding, list);
	return at ? at->presented : shown;
}

/*
 * A context was heard: note where, and that it is alive. IKE does not move a
 * context, so where it is only passing through it is not bound to.
 */
static void esp_nat_join_heard(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			       const struct esp_nat_msg *msg,
			       const struct esp_nat_ep *shown, bool echo)
{
	bool home = esp_nat_addr_equal(&ctx->home, &msg->peer.addr);

	ctx->heard = jiffies;
	if (esp_nat_ctx_bound(en, ctx, &msg->peer) ||
	    (home && shown->port == msg->peer.port))
		esp_nat_ctx_bind(en, ctx, &msg->peer, shown);
	else
		esp_nat_binding_doubt(en, &msg->peer, ctx);
	if (home && msg->nat_port)
		ctx->used_nat_port = true;
	if (home && echo && !esp_nat_ctx_confirmed(ctx))
		esp_nat_ctx_set_state(en, ctx, ESP_NAT_CTX_ECHOED);
}

static struct esp_nat_ikesa *esp_nat_join_find(struct esp_nat_net *en,
					       const struct esp_nat_msg *msg)
{
	const struct esp_nat_ike_hdr *hdr = &msg->hdr;
	struct esp_nat_ikesa *sa = NULL, *half;

	if (hdr->spir)
		sa = esp_nat_ikesa_find(en, hdr->spii, hdr->spir, NULL);
	if (sa)
		return sa;
	half = esp_nat_ikesa_find(en, hdr->spii, 0, &msg->peer.addr);
	if (half && hdr->spir && esp_nat_ctx_ours(half->ctx))
		/* the answer to what this end has opened names SPIr */
		sa = esp_nat_join_learn(en, half->ctx, hdr->spii, hdr->spir,
					&msg->peer.addr);
	return sa ?: half;
}

/*
 * The context of a message, NULL: none, it passes as it came. *@found is its
 * IKE SA if that is known.
 */
static struct esp_nat_ctx *esp_nat_join_ctx(struct esp_nat_net *en,
					    const struct esp_nat_msg *msg,
					    struct esp_nat_ikesa **found)
{
	struct esp_nat_ikesa *sa = esp_nat_join_find(en, msg);
	struct esp_nat_binding *b;
	struct esp_nat_ctx *ctx;

	*found = sa;
	if (sa) {
		if (msg->nat_port)
			esp_nat_join_fold(en, sa, &msg->peer);
		if (!esp_nat_addr_equal(&sa->ctx->home, &msg->peer.addr) &&
		    esp_nat_classify_major(&msg->hdr) == 2)
			return esp_nat_join_guest(en, sa, msg);
		if (!esp_nat_ctx_confirmed(sa->ctx) &&
		    esp_nat_birth_full(en, &sa->ctx->home))
			return ERR_PTR(-EDQUOT);
		return sa->ctx;
	}
	if (!esp_nat_classify_opens(&msg->hdr)) {
		/* an IKE SA rekeyed inside the encrypted exchange, perhaps */
		b = esp_nat_binding_by_actual(en, &msg->peer);
		return b && msg->hdr.spir ? b->ctx : NULL;
	}

	ctx = esp_nat_join_open(en, msg);
	if (!IS_ERR(ctx))
		*found = esp_nat_join_learn(en, ctx, msg->hdr.spii, 0,
					    &msg->peer.addr);
	return ctx;
}

/*
 * On ike_port what is outside is reported, but not refused: there the two ends
 * find out what is between them.
 */
static int esp_nat_join_refuse(struct esp_nat_net *en,
			       const struct esp_nat_msg *msg,
			       struct esp_nat_ctx *ctx)
{
	int reason = ctx ? esp_nat_enforce(en, ctx) : 0;

	return msg->nat_port ? reason : 0;
}

/*
 * What the messages of an IKE SA tell of the path is its context's, but what
 * that knows already. Anybody may send the first message in a client's name: a
 * context that has an SA learns only once the peer has echoed the SPIr that it
 * was sent.
 */
static void esp_nat_join_told(struct esp_nat_net *en, struct esp_nat_ikesa *sa,
			      const struct esp_nat_msg *msg)
{
	esp_nat_detect_note(&sa->path, &msg->path);
	if (!esp_nat_ctx_confirmed(sa->ctx) || sa->key.spir)
		esp_nat_detect_learn(en, sa->ctx, &sa->path);
}

/**
 * esp_nat_join_in() - what is the daemon to see of an IKE message?
 * @en: the namespace
 * @msg: the message and the actual endpoint that it comes from
 * @presented: receives the endpoint that it is to be shown to come from
 *
 * Only a request with SPIr zero gives birth to a context.
 *
 * Context: softirq, RCU read side.
 * Return: 0, or the reason to drop it, an enum esp_nat_stat.
 */
int esp_nat_join_in(struct esp_nat_net *en, struct esp_nat_msg *msg,
		    struct esp_nat_ep *presented)
{
	struct esp_nat_ikesa *sa;
	struct esp_nat_ctx *ctx;
	int reason = 0;

	*presented = msg->peer;
	spin_lock_bh(&en->table.lock);
	ctx = esp_nat_join_ctx(en, msg, &sa);
	if (IS_ERR(ctx)) {
		reason = esp_nat_join_limit(en, msg, PTR_ERR(ctx));
	} else if (ctx) {
		*presented = esp_nat_join_show(en, ctx, msg);
		/* sa's key has an SPIr if the daemon was seen to send it */
		esp_nat_join_heard(en, ctx, msg, presented,
				   sa && sa->ctx == ctx && sa->key.spir);
	}
	if (!reason && sa) {
		if (sa->ctx == ctx)
			esp_nat_join_told(en, sa, msg);
		sa->from = msg->peer;
		sa->shown = *presented;
		sa->msgid = msg->hdr.msgid;
		sa->heard = true;
		sa->nat_port = msg->nat_port;
	}
	msg->known = !reason && ctx;
	if (!reason)
		reason = esp_nat_join_refuse(en, msg, ctx);
	spin_unlock_bh(&en->table.lock);
	return reason;
}

/* where a context may have opened an IKE SA from, or this end to it */
static struct esp_nat_ikesa *esp_nat_join_half(struct esp_nat_net *en,
					       const struct esp_nat_msg *msg,
					       const struct esp_nat_ctx *ctx)
{
	struct esp_nat_ikesa *half;
	struct esp_nat_ep where;

	if (!ctx)
		return esp_nat_ikesa_find(en, msg->hdr.spii, 0,
					  &msg->peer.addr);
	half = esp_nat_ikesa_find(en, msg->hdr.spii, 0, &ctx->home);
	if (half)
		return half;
	esp_nat_follow_where(ctx, &msg->peer, &where);
	return esp_nat_ikesa_find(en, msg->hdr.spii, 0, &where.addr);
}

/* The daemon's headers tell which SPIr belongs to whom. */
static struct esp_nat_ikesa *esp_nat_join_follow(struct esp_nat_net *en,
						 const struct esp_nat_msg *msg,
						 struct esp_nat_ctx *ctx)
{
	const struct esp_nat_ike_hdr *hdr = &msg->hdr;
	const struct esp_nat_addr *peer = ctx ? &ctx->home : &msg->peer.addr;
	struct esp_nat_birth birth = esp_nat_join_birth(msg);
	struct esp_nat_ikesa *sa, *half;

	if (hdr->spir) {
		sa = esp_nat_ikesa_find(en, hdr->spii, hdr->spir, NULL);
		if (sa)
			return sa;
	}
	half = esp_nat_join_half(en, msg, ctx);
	if (half && hdr->spir) {
		sa = esp_nat_join_learn(en, half->ctx, hdr->spii, hdr->spir,
					peer);
		if (sa)
			sa->path = half->path;
		if (sa && half->heard) {
			sa->from = half->from;
			sa->shown = half->shown;
			sa->msgid = half->msgid;
			sa->heard = true;
			sa->nat_port = half->nat_port;
		}
		return sa ?: half;
	}
	if (half)
		return half;
	if (hdr->spir)
		return ctx ? esp_nat_join_learn(en, ctx, hdr->spii, hdr->spir,
						peer) : NULL;
	if (!esp_nat_classify_opens(hdr))
		return NULL;
	/* this end opens an IKE SA: to a client, or to an address of its own */
	birth.path.role = ESP_NAT_ROLE_INITIATOR;
	if (!ctx)
		ctx = esp_nat_birth_context(en, &birth);
	return IS_ERR(ctx) ? NULL : esp_nat_join_learn(en, ctx, hdr->spii, 0,
						       peer);
}

/*
 * Is a message from ike_port for a peer that has floated to nat_port? The IKE
 * SA tells by what was heard of it; of one that is this end's, its context.
 */
static bool esp_nat_join_floats(struct esp_nat_net *en,
				const struct esp_nat_msg *msg,
				const struct esp_nat_ikesa *sa,
				const struct esp_nat_ctx *ctx)
{
	if (sa && sa->heard)
		return sa->nat_port;
	if (msg->peer.port == htons(READ_ONCE(en->cfg.ike_port)))
		return false;
	return sa ? sa->nat_port : ctx && ctx->used_nat_port;
}

/**
 * esp_nat_join_out() - where does an IKE message of the daemon go?
 * @en: the namespace
 * @msg: the message and the presented endpoint that it is for
 * @actual: receives the endpoint to send it to
 *
 * An answer goes where its request came from, whatever the daemon starts to
 * where the context is.
 *
 * Context: softirq or process, RCU read side.
 * Return: 0, or the reason to drop it, an enum esp_nat_stat.
 */
int esp_nat_join_out(struct esp_nat_net *en, struct esp_nat_msg *msg,
		     struct esp_nat_ep *actual)
{
	struct esp_nat_ikesa *sa;
	struct esp_nat_ctx *ctx;
	int reason;

	*actual = msg->peer;
	spin_lock_bh(&en->table.lock);
	ctx = esp_nat_ctx_by_presented(en, &msg->peer);
	sa = esp_nat_join_follow(en, msg, ctx);
	if (msg->own && esp_nat_join_floats(en, msg, sa, ctx))
		msg->nat_port = true;
	if (sa && sa->heard && sa->msgid == msg->hdr.msgid &&
	    esp_nat_classify_answers(&msg->hdr) &&
	    esp_nat_ep_equal(&sa->shown, &msg->peer))
		*actual = sa->from;
	else if (ctx && msg->nat_port)
		esp_nat_follow_where(ctx, &msg->peer, actual);
	else if (ctx)
		actual->addr = ctx->home;
	if (ctx)
		esp_nat_ctx_active(ctx);
	else if (sa)
		ctx = sa->ctx;
	msg->known = ctx;
	reason = esp_nat_join_refuse(en, msg, ctx);
	spin_unlock_bh(&en->table.lock);
	return reason;
}

/**
 * esp_nat_join_settle() - a context got an SA
 * @en: the namespace
 * @ctx: the context; if it was the guest of an IKE SA, the daemon has moved
 *	that here
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_join_settle(struct esp_nat_net *en, struct esp_nat_ctx *ctx)
{
	struct esp_nat_ikesa *sa = ctx->guest_of;

	if (!sa)
		return;
	esp_nat_ctx_host(en, NULL, sa);
	esp_nat_ctx_own(en, ctx, sa);
}
