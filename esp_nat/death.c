// SPDX-License-Identifier: GPL-2.0
/* Death: how a context goes, and what it leaves. */
#include "alias.h"
#include "death.h"
#include "event.h"
#include "trace.h"

/* Contexts that one hold of the table's lock destroys. */
#define ESP_NAT_DEATH_CHUNK	256

static const char * const esp_nat_death_reasons[] = {
	[ESP_NAT_DEATH_EXPIRED]	= "expired",
	[ESP_NAT_DEATH_EVICTED]	= "evicted",
	[ESP_NAT_DEATH_FLUSHED]	= "flushed",
	[ESP_NAT_DEATH_FOLDED]	= "folded",
	[ESP_NAT_DEATH_DELETED]	= "deleted",
};

/**
 * esp_nat_death_trace() - trace a birth or a death
 * @en: the namespace
 * @ctx: the context
 * @why: an enum esp_nat_death, or -1 for a birth
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_death_trace(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			 int why)
{
	struct esp_nat_ep at = { .addr = ctx->home };
	struct esp_nat_binding *b;

	b = list_first_entry_or_null(&ctx->bindings, struct esp_nat_binding,
				     list);
	if (b)
		at = b->actual;
	if (why < 0)
		trace_esp_nat_ctx_birth(en->net->ns.inum, &at.addr,
					&ctx->presented, at.port, ctx->spii,
					ctx->aliased, why);
	else
		trace_esp_nat_ctx_death(en->net->ns.inum, &at.addr,
					&ctx->presented, at.port, ctx->spii,
					ctx->aliased, why);
}

/**
 * esp_nat_death_context() - a context dies
 * @en: the namespace
 * @ctx: the context; readers may see it until a grace period has passed
 * @why: for the trace
 *
 * Its alias is free at once, but if somebody may still use it: SAs, also those
 * that a daemon may have moved to a guest, and a daemon that has not yet heard
 * from a folded one where it is now. Then it is reserved until no walk finds
 * such an SA.
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_death_context(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			   enum esp_nat_death why)
{
	struct esp_nat_ikesa *sa, *next_sa;
	struct esp_nat_binding *b, *next_b;
	bool reserve = ctx->state == ESP_NAT_CTX_LIVE || ctx->guest_of ||
		       why == ESP_NAT_DEATH_FOLDED;

	lockdep_assert_held(&en->table.lock);

	esp_nat_death_trace(en, ctx, why);
	esp_nat_event_ctx(en, ctx, ESP_NAT_EVENT_ENDED,
			  esp_nat_death_reasons[why]);
	if (why == ESP_NAT_DEATH_EVICTED)
		esp_nat_inc(en, ctx_evicted);
	else if (why == ESP_NAT_DEATH_EXPIRED)
		esp_nat_inc(en, ctx_expired);
	else if (why == ESP_NAT_DEATH_FOLDED)
		esp_nat_inc(en, ctx_folded);

	if (ctx->guest_of)
		esp_nat_ctx_host(en, NULL, ctx->guest_of);
	list_for_each_entry_safe(sa, next_sa, &ctx->ikesas, list)
		esp_nat_ctx_disown(en, sa);
	xa_erase(&en->table.ids, ctx->id);
	en->table.gen++;
	list_del_init(&ctx->due);
	RCU_INIT_POINTER(ctx->believed, NULL);
	list_for_each_entry_safe(b, next_b, &ctx->bindings, list)
		esp_nat_ctx_unbind(en, b);
	if (ctx->aliased)
		esp_nat_alias_put(en, &ctx->presented, reserve);
	esp_nat_ctx_leave(en, ctx);
	esp_nat_peer_put(en, ctx->peer);
	esp_nat_ctx_pin(ctx, false);
	esp_nat_inc(en, ctx_destroyed);
	kfree_rcu(ctx, rcu);
}

/**
 * esp_nat_death_flush() - all contexts that a namespace has now die
 * @en: the namespace
 * @why: for the trace
 *
 * In steps: thousands at once would hold up this processor.
 *
 * Context: process.
 */
void esp_nat_death_flush(struct esp_nat_net *en, enum esp_nat_death why)
{
	struct esp_nat_table *t = &en->table;
	unsigned long id = 0, last = READ_ONCE(t->last_id);
	unsigned int chunk = 0;
	struct esp_nat_ctx *ctx;

	spin_lock_bh(&t->lock);
	while ((ctx = xa_find(&t->ids, &id, last, XA_PRESENT))) {
		esp_nat_death_context(en, ctx, why);
		if (++chunk % ESP_NAT_DEATH_CHUNK)
			continue;
		spin_unlock_bh(&t->lock);
		cond_resched();
		spin_lock_bh(&t->lock);
	}
	spin_unlock_bh(&t->lock);
}
