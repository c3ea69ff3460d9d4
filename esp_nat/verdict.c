// SPDX-License-Identifier: GPL-2.0
/*
 * The rule and the contexts that live. Nothing of it is kept but whether it
 * was told: each packet asks, so that a new value holds at once.
 */
#include "event.h"
#include "trace.h"
#include "verdict.h"

static struct esp_nat_position
esp_nat_verdict_position(const struct esp_nat_ctx *ctx)
{
	return (struct esp_nat_position) {
		.role		= READ_ONCE(ctx->pos.role),
		.local_nat	= READ_ONCE(ctx->pos.local_nat),
		.peer_nat	= READ_ONCE(ctx->pos.peer_nat),
	};
}

/**
 * esp_nat_verdict_of() - what does the rule say of a context?
 * @en: the namespace
 * @ctx: the context
 *
 * Context: RCU read side or &esp_nat_table.lock held.
 * Return: the verdict, at this moment.
 */
enum esp_nat_rule esp_nat_verdict_of(struct esp_nat_net *en,
				     const struct esp_nat_ctx *ctx)
{
	int value = READ_ONCE(en->cfg.assume_udp_encap_context_on_send);
	struct esp_nat_position pos = esp_nat_verdict_position(ctx);

	return esp_nat_rule_verdict(&pos, value);
}

/* Once in the life of a context, whoever sees it first. */
static void esp_nat_verdict_tell(struct esp_nat_net *en,
				 struct esp_nat_ctx *ctx)
{
	struct esp_nat_position pos = esp_nat_verdict_position(ctx);
	bool refused = READ_ONCE(en->cfg.refuse_outside_rule);
	struct esp_nat_happening what = {
		.event = refused ? ESP_NAT_EVENT_REFUSED :
				   ESP_NAT_EVENT_OUTSIDE,
		.ctx = ctx, .unlocked = true,
	};

	if (test_bit(0, &ctx->outside_told) ||
	    test_and_set_bit(0, &ctx->outside_told))
		return;
	esp_nat_inc(en, rule_outside);
	trace_esp_nat_outside(en->net->ns.inum, &ctx->home->addr, &ctx->presented,
			      &pos, refused);
	esp_nat_event_raise(en, &what);
}

/**
 * esp_nat_verdict_refuse() - is a context's traffic to be refused?
 * @en: the namespace
 * @ctx: the context
 *
 * What is outside the rule is reported, and refused if refuse_outside_rule says
 * so.
 *
 * Context: RCU read side or &esp_nat_table.lock held.
 * Return: 0, or the reason to drop it, an enum esp_nat_stat.
 */
int esp_nat_verdict_refuse(struct esp_nat_net *en, struct esp_nat_ctx *ctx)
{
	if (likely(esp_nat_verdict_of(en, ctx) != ESP_NAT_RULE_OUTSIDE))
		return 0;
	esp_nat_verdict_tell(en, ctx);
	if (!READ_ONCE(en->cfg.refuse_outside_rule))
		return 0;
	esp_nat_ctx_count_drop(ctx);
	return ESP_NAT_STAT_drop_outside_rule;
}
