// SPDX-License-Identifier: GPL-2.0
/*
 * The rule and the contexts that live. Nothing of it is kept but whether it
 * was told: each packet asks, so that a new value holds at once.
 */
#include "enforce.h"
#include "event.h"
#include "trace.h"

static struct esp_nat_path esp_nat_enforce_path(const struct esp_nat_ctx *ctx)
{
	return (struct esp_nat_path) {
		.role		= READ_ONCE(ctx->path.role),
		.local_nat	= READ_ONCE(ctx->path.local_nat),
		.peer_nat	= READ_ONCE(ctx->path.peer_nat),
	};
}

/**
 * esp_nat_enforce_verdict() - what does the rule say of a context?
 * @en: the namespace
 * @ctx: the context
 *
 * Context: RCU read side or &esp_nat_table.lock held.
 * Return: the verdict, at this moment.
 */
enum esp_nat_rule esp_nat_enforce_verdict(struct esp_nat_net *en,
					  const struct esp_nat_ctx *ctx)
{
	struct esp_nat_path path = esp_nat_enforce_path(ctx);

	return esp_nat_rule_verdict(&path,
				    READ_ONCE(en->cfg.assume_udp_encap_context_on_send));
}

/* Once in the life of a context, whoever sees it first. */
static void esp_nat_enforce_tell(struct esp_nat_net *en,
				 struct esp_nat_ctx *ctx)
{
	struct esp_nat_path path = esp_nat_enforce_path(ctx);
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
	trace_esp_nat_outside(en->net->ns.inum, &ctx->home, &ctx->presented,
			      &path, refused);
	esp_nat_event_raise(en, &what);
}

/**
 * esp_nat_enforce() - is a context's traffic to be refused?
 * @en: the namespace
 * @ctx: the context
 *
 * What is outside the rule is reported, and refused if refuse_outside_rule says
 * so.
 *
 * Context: RCU read side or &esp_nat_table.lock held.
 * Return: 0, or the reason to drop it, an enum esp_nat_stat.
 */
int esp_nat_enforce(struct esp_nat_net *en, struct esp_nat_ctx *ctx)
{
	if (likely(esp_nat_enforce_verdict(en, ctx) != ESP_NAT_RULE_OUTSIDE))
		return 0;
	esp_nat_enforce_tell(en, ctx);
	if (!READ_ONCE(en->cfg.refuse_outside_rule))
		return 0;
	esp_nat_ctx_count_drop(ctx);
	return ESP_NAT_STAT_drop_outside_rule;
}
