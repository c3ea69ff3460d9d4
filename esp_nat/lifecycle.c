// SPDX-License-Identifier: GPL-2.0
/* The life of contexts: birth, under which limits, states, and death. */
#include <linux/slab.h>

#include "alias.h"
#include "assign.h"
#include "detect.h"
#include "event.h"
#include "gfp.h"
#include "lifecycle.h"
#include "trace.h"

/**
 * enum esp_nat_lifecycle_limits - what no sysctl sets
 * @ESP_NAT_LIFECYCLE_HALF_SECS: a half-open context lives so long
 * @ESP_NAT_LIFECYCLE_ECHOED_SECS: so long after an echo of an SPIr
 * @ESP_NAT_LIFECYCLE_ANSWER_SECS: a client goes on with its handshake in so many
 * @ESP_NAT_LIFECYCLE_HALF_SHARE: half-open contexts have one of so many of
 *	max_contexts as their own quota
 * @ESP_NAT_LIFECYCLE_CHUNK: contexts that one hold of the table's lock destroys
 */
enum esp_nat_lifecycle_limits {
	ESP_NAT_LIFECYCLE_HALF_SECS	= 30,
	ESP_NAT_LIFECYCLE_ECHOED_SECS	= 90,
	ESP_NAT_LIFECYCLE_ANSWER_SECS	= 2,
	ESP_NAT_LIFECYCLE_HALF_SHARE	= 8,
	ESP_NAT_LIFECYCLE_CHUNK		= 256,
};

static const char * const esp_nat_lifecycle_reasons[] = {
	[ESP_NAT_DEATH_EXPIRED]	= "expired",
	[ESP_NAT_DEATH_EVICTED]	= "evicted",
	[ESP_NAT_DEATH_FLUSHED]	= "flushed",
	[ESP_NAT_DEATH_FOLDED]	= "folded",
	[ESP_NAT_DEATH_DELETED]	= "deleted",
	[ESP_NAT_DEATH_REFUSED]	= "refused",
};

/* Where it was last heard from, or was born. */
static struct esp_nat_ep esp_nat_lifecycle_at(struct esp_nat_ctx *ctx)
{
	struct esp_nat_binding *b;

	b = list_first_entry_or_null(&ctx->bindings, struct esp_nat_binding,
				     list);
	return b ? b->actual.peer : (struct esp_nat_ep) { .addr = ctx->home->addr };
}

/* ---- limits ---- */

/**
 * esp_nat_lifecycle_full() - has a limit been reached?
 * @en: the namespace
 * @addr: actual address of a client that is not confirmed
 * @local: address of this end that it speaks to
 *
 * Context: &esp_nat_table.lock held.
 * Return: 0, or the drop reason, an enum esp_nat_stat.
 */
int esp_nat_lifecycle_full(struct esp_nat_net *en,
			   const struct esp_nat_addr *addr,
			   const struct esp_nat_addr *local)
{
	struct esp_nat_table *t = &en->table;
	unsigned int confirmed = t->count[ESP_NAT_CTX_LIVE] +
				 t->count[ESP_NAT_CTX_LOST];

	lockdep_assert_held(&t->lock);

	if (confirmed >= esp_nat_net_max_contexts(en))
		return ESP_NAT_STAT_drop_ctx_max;
	if (esp_nat_home_full(&t->homes, addr, local,
			      READ_ONCE(en->cfg.max_contexts_per_peer)))
		return ESP_NAT_STAT_drop_peer_max;
	return 0;
}

/* The oldest half-open context goes, first those that have not echoed. */
static void esp_nat_lifecycle_evict(struct esp_nat_net *en)
{
	struct esp_nat_table *t = &en->table;
	struct list_head *list = &t->list[ESP_NAT_CTX_HALF];

	if (list_empty(list))
		list = &t->list[ESP_NAT_CTX_ECHOED];
	esp_nat_lifecycle_death(en, list_first_entry(list, struct esp_nat_ctx,
						     list),
				ESP_NAT_DEATH_EVICTED);
}

/* One address does not take the places of all others. */
static void esp_nat_lifecycle_evict_at(struct esp_nat_net *en,
				       struct esp_nat_home *home, bool echoed)
{
	unsigned int most = READ_ONCE(en->cfg.max_contexts_per_peer);
	struct list_head *half;

	while ((half = esp_nat_home_oldest(home, echoed, most)))
		esp_nat_lifecycle_death(en, list_entry(half, struct esp_nat_ctx,
						       at_home),
					ESP_NAT_DEATH_EVICTED);
}

/*
 * The pool is exhausted: who has an alias, and has not gone on with its handshake
 * in time, gives it back.
 */
static bool esp_nat_lifecycle_evict_alias(struct esp_nat_net *en)
{
	unsigned int left = ESP_NAT_LIFECYCLE_CHUNK;
	struct esp_nat_ctx *ctx;

	list_for_each_entry(ctx, &en->table.list[ESP_NAT_CTX_HALF], list) {
		if (!left-- || time_before(jiffies, ctx->since +
					   ESP_NAT_LIFECYCLE_ANSWER_SECS * HZ))
			return false;
		if (!ctx->aliased)
			continue;
		esp_nat_lifecycle_death(en, ctx, ESP_NAT_DEATH_EVICTED);
		return true;
	}
	return false;
}

/* ---- birth ---- */

/* One that is in no table yet. */
static struct esp_nat_ctx *esp_nat_lifecycle_new(const struct esp_nat_birth *birth)
{
	struct esp_nat_ctx *ctx;

	ctx = kzalloc(sizeof(*ctx), ESP_NAT_GFP);
	if (!ctx)
		return NULL;
	INIT_LIST_HEAD(&ctx->bindings);
	INIT_LIST_HEAD(&ctx->ikesas);
	INIT_LIST_HEAD(&ctx->due);
	ctx->spii = birth->spii;
	ctx->major = birth->major;
	ctx->local = birth->local;
	ctx->born = jiffies;
	ctx->heard = ctx->born;
	ctx->answered = ctx->born;
	ctx->active = ctx->born;
	ctx->sent = ctx->born;
	return ctx;
}

/* What a new one has of others, but its place in the table. */
static int esp_nat_lifecycle_settle(struct esp_nat_net *en,
				    struct esp_nat_ctx *ctx,
				    const struct esp_nat_birth *birth)
{
	struct esp_nat_table *t = &en->table;
	int err;

	ctx->home = esp_nat_home_get(&t->homes, birth->home ?:
						&birth->from.addr,
				     &birth->local);
	if (!ctx->home)
		return -ENOMEM;
	esp_nat_lifecycle_evict_at(en, ctx->home, false);
	do {
		err = esp_nat_assign_presented(en, ctx, birth);
	} while (err == -ENOSPC && esp_nat_lifecycle_evict_alias(en));
	if (err)
		goto err_home;
	err = esp_nat_ctx_number(t, ctx);
	if (err)
		goto err_alias;
	return 0;

err_alias:
	if (ctx->aliased)
		esp_nat_alias_put(&en->pool, &ctx->presented, false);
err_home:
	esp_nat_home_put(&t->homes, ctx->home);
	return err;
}

static void esp_nat_lifecycle_tell_birth(struct esp_nat_net *en,
					 struct esp_nat_ctx *ctx)
{
	struct esp_nat_ep at = esp_nat_lifecycle_at(ctx);

	esp_nat_inc(en, ctx_created);
	trace_esp_nat_ctx_birth(en->net->ns.inum, &at.addr, &ctx->presented,
				at.port, ctx->spii, ctx->aliased, -1);
	esp_nat_event_ctx(en, ctx, ESP_NAT_EVENT_BORN, NULL);
	if (ctx->aliased)
		esp_nat_event_ctx(en, ctx, ESP_NAT_EVENT_ALIASED, NULL);
}

/**
 * esp_nat_lifecycle_birth() - a context is born
 * @en: the namespace
 * @birth: what of
 *
 * It is half-open. If its actual address is in use by another, or it is behind a
 * NAT, and alias_mode and never_alias let it, it gets an alias.
 *
 * Context: &esp_nat_table.lock held.
 * Return: the context, or ERR_PTR: -ENOSPC, it needs an alias and can have
 * none; -EADDRNOTAVAIL, the alias that it has does not linger; -ENOMEM.
 */
struct esp_nat_ctx *esp_nat_lifecycle_birth(struct esp_nat_net *en,
					    const struct esp_nat_birth *birth)
{
	struct esp_nat_table *t = &en->table;
	unsigned int quota = max(1U, esp_nat_net_max_contexts(en) /
				     ESP_NAT_LIFECYCLE_HALF_SHARE);
	struct esp_nat_flow from = esp_nat_flow(&birth->from, &birth->local);
	struct esp_nat_ep presented;
	struct esp_nat_ctx *ctx;
	int err = -ENOMEM;

	lockdep_assert_held(&t->lock);

	while (t->count[ESP_NAT_CTX_HALF] + t->count[ESP_NAT_CTX_ECHOED] >=
	       quota)
		esp_nat_lifecycle_evict(en);

	ctx = esp_nat_lifecycle_new(birth);
	if (ctx)
		err = esp_nat_lifecycle_settle(en, ctx, birth);
	if (err) {
		if (err == -ENOMEM)
			esp_nat_inc(en, ctx_failed);
		if (ctx)
			/* its alias was found under it for a moment */
			kfree_rcu(ctx, rcu);
		return ERR_PTR(err);
	}
	esp_nat_ctx_enter(t, ctx, ESP_NAT_CTX_HALF);
	if (birth->presented)
		presented = *birth->presented;
	else if (birth->nat_port)
		presented = esp_nat_place_show(t, ctx, from.peer.port,
					       &from.local, true);
	else
		presented = esp_nat_ctx_presented(ctx, birth->from.port);
	esp_nat_place_bind(t, ctx, &from, &presented, false);

	esp_nat_lifecycle_tell_birth(en, ctx);
	esp_nat_detect_learn(en, ctx, &birth->pos);
	return ctx;
}

/* ---- states ---- */

/**
 * esp_nat_lifecycle_go_on() - a context goes on in its life
 * @en: the namespace
 * @ctx: the context
 * @state: its new state; the one that it has starts its time again
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_lifecycle_go_on(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			     enum esp_nat_state state)
{
	struct esp_nat_table *t = &en->table;
	bool first = !esp_nat_ctx_confirmed(ctx);

	lockdep_assert_held(&t->lock);

	esp_nat_ctx_leave(t, ctx);
	if (state == ESP_NAT_CTX_ECHOED)
		esp_nat_lifecycle_evict_at(en, ctx->home, true);
	if (state == ESP_NAT_CTX_LOST && !ctx->aliased)
		esp_nat_home_rest(&t->homes, ctx->home);
	esp_nat_ctx_enter(t, ctx, state);

	esp_nat_ctx_own(ctx);
	if (first && esp_nat_ctx_confirmed(ctx)) {
		esp_nat_inc(en, ctx_confirmed);
		esp_nat_event_ctx(en, ctx, ESP_NAT_EVENT_CONFIRMED, NULL);
	}
	esp_nat_ctx_pin(t, ctx, ctx->aliased && state == ESP_NAT_CTX_LIVE);
}

/* ---- death ---- */

static void esp_nat_lifecycle_tell_death(struct esp_nat_net *en,
					 struct esp_nat_ctx *ctx,
					 enum esp_nat_death why)
{
	struct esp_nat_ep at = esp_nat_lifecycle_at(ctx);

	trace_esp_nat_ctx_death(en->net->ns.inum, &at.addr, &ctx->presented,
				at.port, ctx->spii, ctx->aliased, why);
	esp_nat_event_ctx(en, ctx, ESP_NAT_EVENT_ENDED,
			  esp_nat_lifecycle_reasons[why]);
	if (why == ESP_NAT_DEATH_EVICTED)
		esp_nat_inc(en, ctx_evicted);
	else if (why == ESP_NAT_DEATH_EXPIRED)
		esp_nat_inc(en, ctx_expired);
	else if (why == ESP_NAT_DEATH_FOLDED)
		esp_nat_inc(en, ctx_folded);
	else if (why == ESP_NAT_DEATH_REFUSED)
		esp_nat_inc(en, ctx_refused);
}

/*
 * Has a client to be refused from now on? It is in its handshake, and would carry
 * on with its neighbour's address.
 */
static bool esp_nat_lifecycle_refuses(const struct esp_nat_ctx *ctx,
				      enum esp_nat_death why)
{
	return ctx->aliased && ctx->state == ESP_NAT_CTX_ECHOED &&
	       (why == ESP_NAT_DEATH_EVICTED || why == ESP_NAT_DEATH_EXPIRED);
}

/* It is not found any more, neither by number nor by endpoint nor by IKE SA. */
static void esp_nat_lifecycle_hide(struct esp_nat_table *t,
				   struct esp_nat_ctx *ctx, bool refuse)
{
	struct esp_nat_ikesa *sa, *next_sa;
	struct esp_nat_binding *b, *next_b;

	if (ctx->guest_of)
		esp_nat_ctx_host(t, NULL, ctx->guest_of);
	list_for_each_entry_safe(sa, next_sa, &ctx->ikesas, list)
		if (refuse && sa->key.spir)
			esp_nat_ctx_refuse_ikesa(t, sa);
		else
			esp_nat_ctx_del_ikesa(t, sa);
	xa_erase(&t->ids, ctx->id);
	t->gen++;
	list_del_init(&ctx->due);
	RCU_INIT_POINTER(ctx->believed, NULL);
	list_for_each_entry_safe(b, next_b, &ctx->bindings, list)
		esp_nat_place_unbind(t, b);
}

/**
 * esp_nat_lifecycle_death() - a context dies
 * @en: the namespace
 * @ctx: the context; readers may see it until a grace period has passed
 * @why: for the trace
 *
 * Its alias is free at once, but if somebody may still use it: SAs, also those
 * that a daemon may have moved to a guest, and a daemon that has not yet heard
 * from a folded one where it is now. Then it lingers until no walk finds such
 * an SA.
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_lifecycle_death(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			     enum esp_nat_death why)
{
	bool linger = ctx->state == ESP_NAT_CTX_LIVE || ctx->guest_of ||
		      why == ESP_NAT_DEATH_FOLDED;
	struct esp_nat_table *t = &en->table;

	lockdep_assert_held(&t->lock);

	esp_nat_lifecycle_tell_death(en, ctx, why);
	esp_nat_lifecycle_hide(t, ctx, esp_nat_lifecycle_refuses(ctx, why));
	if (ctx->aliased)
		esp_nat_alias_put(&en->pool, &ctx->presented, linger);
	esp_nat_ctx_leave(t, ctx);
	esp_nat_home_put(&t->homes, ctx->home);
	esp_nat_ctx_pin(t, ctx, false);
	esp_nat_inc(en, ctx_destroyed);
	kfree_rcu(ctx, rcu);
}

/* How long may a context stay in a state? One with an SA has no limit. */
static unsigned long esp_nat_lifecycle_time(struct esp_nat_net *en,
					    enum esp_nat_state state)
{
	switch (state) {
	case ESP_NAT_CTX_HALF:
		return ESP_NAT_LIFECYCLE_HALF_SECS * HZ;
	case ESP_NAT_CTX_ECHOED:
		return ESP_NAT_LIFECYCLE_ECHOED_SECS * HZ;
	default:
		return READ_ONCE(en->cfg.idle_timeout) * (unsigned long)HZ;
	}
}

/**
 * esp_nat_lifecycle_expire() - contexts die whose time in a state is over
 * @en: the namespace
 * @state: the state, not LIVE
 *
 * Context: process. The table's lock is given up now and then.
 */
void esp_nat_lifecycle_expire(struct esp_nat_net *en, enum esp_nat_state state)
{
	struct esp_nat_table *t = &en->table;
	struct list_head *list = &t->list[state];
	unsigned long lifetime = esp_nat_lifecycle_time(en, state);
	struct esp_nat_ctx *ctx;
	unsigned int chunk = 0;

	spin_lock_bh(&t->lock);
	while (!list_empty(list)) {
		ctx = list_first_entry(list, struct esp_nat_ctx, list);
		if (time_before(jiffies, ctx->since + lifetime))
			break;
		if (state == ESP_NAT_CTX_LOST &&
		    time_before(jiffies, ctx->answered + lifetime)) {
			ctx->since = ctx->answered;
			list_move_tail(&ctx->list, list);
			continue;
		}
		esp_nat_lifecycle_death(en, ctx, ESP_NAT_DEATH_EXPIRED);
		if (++chunk % ESP_NAT_LIFECYCLE_CHUNK)
			continue;
		spin_unlock_bh(&t->lock);
		cond_resched();
		spin_lock_bh(&t->lock);
	}
	spin_unlock_bh(&t->lock);
}

/**
 * esp_nat_lifecycle_flush() - all contexts that a namespace has now die
 * @en: the namespace
 * @why: for the trace
 *
 * In steps: thousands at once would hold up this processor.
 *
 * Context: process.
 */
void esp_nat_lifecycle_flush(struct esp_nat_net *en, enum esp_nat_death why)
{
	struct esp_nat_table *t = &en->table;
	unsigned long id = 0, last = READ_ONCE(t->last_id);
	unsigned int chunk = 0;
	struct esp_nat_ctx *ctx;

	spin_lock_bh(&t->lock);
	while ((ctx = xa_find(&t->ids, &id, last, XA_PRESENT))) {
		esp_nat_lifecycle_death(en, ctx, why);
		if (++chunk % ESP_NAT_LIFECYCLE_CHUNK)
			continue;
		spin_unlock_bh(&t->lock);
		cond_resched();
		spin_lock_bh(&t->lock);
	}
	spin_unlock_bh(&t->lock);
}
