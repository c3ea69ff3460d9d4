// SPDX-License-Identifier: GPL-2.0
/*
 * A daemon that knows its peer by its address refuses it under an alias. Such an
 * alias is taken back: the peer asks again, since it has no answer, and is shown
 * by its own address then, as without us.
 *
 * Nobody is harmed by that: without an SA, for which the daemon has to
 * authenticate it, a context takes nobody's place.
 */
#include "alias_static.h"
#include "classify.h"
#include "lifecycle.h"
#include "match.h"
#include "refusal.h"

/**
 * enum esp_nat_refusal_times - what is silence
 * @ESP_NAT_REFUSAL_SILENCE: jiffies that a daemon has to answer
 * @ESP_NAT_REFUSAL_REST: jiffies after which one that says nothing to anybody has
 *	nothing to do
 */
enum esp_nat_refusal_times {
	ESP_NAT_REFUSAL_SILENCE	= 7 * HZ,
	ESP_NAT_REFUSAL_REST	= 3 * HZ,
};

/**
 * esp_nat_refusal_may() - may the alias of an IKE SA be why it is refused?
 * @en: the namespace
 * @sa: the IKE SA, or NULL
 *
 * Not where its peer has gone on with it, nor where an administrator has chosen
 * the alias.
 *
 * Context: &esp_nat_table.lock held.
 * Return: true if its peer is in its first message, and has an alias of the pool.
 */
bool esp_nat_refusal_may(struct esp_nat_net *en,
			 const struct esp_nat_ikesa *sa)
{
	return sa && sa->heard && sa->ctx->aliased &&
	       sa->ctx->state == ESP_NAT_CTX_HALF && !sa->ctx->guest_of &&
	       !esp_nat_alias_static_is(&en->pool, &sa->ctx->presented);
}

/**
 * esp_nat_refusal_silent() - does the daemon not answer a peer that asks again?
 * @en: the namespace
 * @sa: the IKE SA that the peer asks for
 *
 * One that is busy is not silent: it answers others, but nobody who came later. Nor
 * is one that answers others under an alias.
 *
 * Context: &esp_nat_table.lock held.
 * Return: true if it has had the time.
 */
bool esp_nat_refusal_silent(struct esp_nat_net *en,
			    const struct esp_nat_ikesa *sa)
{
	const struct esp_nat_table *t = &en->table;

	return !sa->key.spir && esp_nat_refusal_may(en, sa) &&
	       sa->ctx->nr_ikesas == 1 &&
	       time_after(jiffies, sa->ctx->born + ESP_NAT_REFUSAL_SILENCE) &&
	       !time_after(t->strangers, sa->ctx->born) &&
	       (time_after(t->served, sa->ctx->born) ||
		time_after(jiffies, t->spoke + ESP_NAT_REFUSAL_REST));
}

/**
 * esp_nat_refusal_take_back() - a half-open context loses its alias
 * @en: the namespace
 * @sa: its IKE SA, of which esp_nat_refusal_may() is true; gone afterwards
 *
 * Context: &esp_nat_table.lock held.
 * Return: the half-open IKE SA of the context that stands for it from now on,
 * NULL for want of memory.
 */
struct esp_nat_ikesa *esp_nat_refusal_take_back(struct esp_nat_net *en,
						struct esp_nat_ikesa *sa)
{
	struct esp_nat_birth birth = {
		.from		= sa->from,
		.local		= sa->local,
		.spii		= sa->key.spii,
		.nat_port	= sa->nat_port,
		.major		= sa->ctx->major,
		.pos		= sa->ctx->pos,
		.identity	= true,
	};
	struct esp_nat_ike_hdr hdr = { .spii = sa->key.spii };
	struct esp_nat_ctx *ctx;

	esp_nat_lifecycle_death(en, sa->ctx, ESP_NAT_DEATH_REFUSED);
	ctx = esp_nat_lifecycle_birth(en, &birth);
	return IS_ERR(ctx) ? NULL : esp_nat_match_learn(&en->table, ctx, &hdr,
							&birth.from.addr);
}
