// SPDX-License-Identifier: GPL-2.0
/* Birth: who becomes a context, under which limits, and who gets an alias. */
#include <linux/slab.h>

#include "alias.h"
#include "birth.h"
#include "death.h"
#include "detect.h"
#include "event.h"
#include "held.h"

/* Half-open contexts have one of so many of max_contexts as their own quota. */
#define ESP_NAT_BIRTH_HALF_SHARE	8

/**
 * esp_nat_birth_full() - has a limit been reached?
 * @en: the namespace
 * @addr: actual address of a client that is not confirmed
 *
 * Context: &esp_nat_table.lock held.
 * Return: 0, or the drop reason, an enum esp_nat_stat.
 */
int esp_nat_birth_full(struct esp_nat_net *en, const struct esp_nat_addr *addr)
{
	const struct esp_nat_table *t = &en->table;
	unsigned int confirmed = t->count[ESP_NAT_CTX_LIVE] +
				 t->count[ESP_NAT_CTX_LOST];

	if (confirmed >= (unsigned int)READ_ONCE(en->cfg.max_contexts))
		return ESP_NAT_STAT_drop_ctx_max;
	if (esp_nat_peer_full(en, addr))
		return ESP_NAT_STAT_drop_peer_max;
	return 0;
}

/* The oldest half-open context goes, first those that have not echoed. */
static bool esp_nat_birth_evict(struct esp_nat_net *en)
{
	struct esp_nat_table *t = &en->table;
	struct esp_nat_ctx *ctx;

	ctx = list_first_entry_or_null(&t->list[ESP_NAT_CTX_HALF],
				       struct esp_nat_ctx, list);
	if (!ctx)
		ctx = list_first_entry_or_null(&t->list[ESP_NAT_CTX_ECHOED],
					       struct esp_nat_ctx, list);
	if (!ctx)
		return false;
	esp_nat_death_context(en, ctx, ESP_NAT_DEATH_EVICTED);
	return true;
}

/*
 * Does an IKEv2 client say that its address is its own? Not to be believed at a
 * NAT's address, where it would be a neighbour's.
 */
static bool esp_nat_birth_owns(struct esp_nat_net *en,
			       const struct esp_nat_birth *birth)
{
	return birth->path.peer_nat == ESP_NAT_BEHIND_NO &&
	       !esp_nat_peer_natted(en, &birth->from.addr);
}

/* Does alias_mode want an alias for it? */
static bool esp_nat_birth_mode(struct esp_nat_net *en,
			       const struct esp_nat_birth *birth)
{
	int mode = READ_ONCE(en->cfg.alias_mode);
	bool in_use = esp_nat_peer_in_use(en, &birth->from.addr);

	/* IKEv1 tells of NAT only when the daemon has seen its client */
	if (birth->major == 1)
		return mode == ESP_NAT_ALIAS_NAT ||
		       (mode >= ESP_NAT_ALIAS_IKEV1 && in_use);
	if (mode == ESP_NAT_ALIAS_NAT &&
	    birth->path.peer_nat == ESP_NAT_BEHIND_YES)
		return true;
	return mode >= ESP_NAT_ALIAS_IKEV2 && in_use &&
	       !esp_nat_birth_owns(en, birth);
}

static bool esp_nat_birth_wants_alias(struct esp_nat_net *en,
				      const struct esp_nat_birth *birth)
{
	if (birth->path.role == ESP_NAT_ROLE_INITIATOR || birth->identity ||
	    birth->from.addr.family != AF_INET ||
	    !esp_nat_birth_mode(en, birth))
		return false;
	return !esp_nat_net_never(en, &birth->from.addr);
}

static int esp_nat_birth_present(struct esp_nat_net *en,
				 struct esp_nat_ctx *ctx,
				 const struct esp_nat_birth *birth)
{
	int err;

	if (birth->presented) {
		ctx->presented = birth->presented->addr;
		err = esp_nat_alias_claim(en, ctx, &ctx->presented);
		ctx->aliased = !err;
		return err;
	}

	ctx->presented = ctx->home;
	if (birth->path.role != ESP_NAT_ROLE_INITIATOR && !birth->identity) {
		ctx->aliased = esp_nat_held_take(en, ctx, &birth->from,
						 &ctx->presented);
		if (ctx->aliased)
			return 0;
	}
	if (!esp_nat_birth_wants_alias(en, birth))
		return 0;

	do {
		err = esp_nat_alias_get(en, ctx, birth->l3mdev,
					&ctx->presented);
	} while (err == -ENOSPC && esp_nat_birth_evict(en));

	if (err == -EADDRINUSE) {
		if (!en->pool.warned)
			net_warn_ratelimited("esp_nat: a route covers the default pool of aliases, 198.18.0.0/15: further clients behind one NAT are served as without esp_nat; write net.esp_nat.alias_pool4\n");
		en->pool.warned = true;
		return 0;
	}
	ctx->aliased = !err;
	return err;
}

/* One that is in no table yet. */
static struct esp_nat_ctx *esp_nat_birth_new(const struct esp_nat_birth *birth)
{
	struct esp_nat_ctx *ctx;

	ctx = kzalloc(sizeof(*ctx), GFP_ATOMIC | __GFP_NOWARN);
	if (!ctx)
		return NULL;
	INIT_LIST_HEAD(&ctx->bindings);
	INIT_LIST_HEAD(&ctx->ikesas);
	INIT_LIST_HEAD(&ctx->due);
	ctx->home = birth->home ? *birth->home : birth->from.addr;
	ctx->spii = birth->spii;
	ctx->major = birth->major;
	ctx->born = jiffies;
	ctx->heard = ctx->born;
	ctx->active = ctx->born;
	ctx->sent = ctx->born;
	return ctx;
}

/**
 * esp_nat_birth_context() - a context is born
 * @en: the namespace
 * @birth: what of
 *
 * It is half-open. If its actual address is in use by another, or it is behind a
 * NAT, and alias_mode and never_alias let it, it gets an alias.
 *
 * Context: &esp_nat_table.lock held.
 * Return: the context, or ERR_PTR: -ENOSPC, it needs an alias and can have
 * none; -EADDRNOTAVAIL, the alias that it has is not reserved; -ENOMEM.
 */
struct esp_nat_ctx *esp_nat_birth_context(struct esp_nat_net *en,
					  const struct esp_nat_birth *birth)
{
	struct esp_nat_table *t = &en->table;
	unsigned int quota = max(1, READ_ONCE(en->cfg.max_contexts) /
				    ESP_NAT_BIRTH_HALF_SHARE);
	struct esp_nat_ctx *ctx;
	struct esp_nat_ep shown;
	int err = -ENOMEM;

	lockdep_assert_held(&t->lock);

	while (t->count[ESP_NAT_CTX_HALF] + t->count[ESP_NAT_CTX_ECHOED] >=
	       quota)
		esp_nat_birth_evict(en);

	ctx = esp_nat_birth_new(birth);
	if (!ctx)
		goto err;
	err = esp_nat_birth_present(en, ctx, birth);
	if (err)
		goto err_free;
	err = -ENOMEM;
	ctx->peer = esp_nat_peer_get(en, &ctx->home);
	if (!ctx->peer)
		goto err_alias;
	err = esp_nat_ctx_number(en, ctx);
	if (err)
		goto err_peer;
	esp_nat_ctx_enter(en, ctx, ESP_NAT_CTX_HALF);
	shown = birth->presented ? *birth->presented :
				   esp_nat_ctx_show(ctx, birth->from.port);
	esp_nat_ctx_bind(en, ctx, &birth->from, &shown);

	esp_nat_inc(en, ctx_created);
	esp_nat_death_trace(en, ctx, -1);
	esp_nat_event_ctx(en, ctx, ESP_NAT_EVENT_BORN, NULL);
	if (ctx->aliased)
		esp_nat_event_ctx(en, ctx, ESP_NAT_EVENT_ALIASED, NULL);
	esp_nat_detect_learn(en, ctx, &birth->path);
	return ctx;

err_peer:
	esp_nat_peer_put(en, ctx->peer);
err_alias:
	if (ctx->aliased)
		esp_nat_alias_put(en, &ctx->presented, false);
err_free:
	/* the alias was found under the context for a moment */
	kfree_rcu(ctx, rcu);
err:
	if (err == -ENOMEM)
		esp_nat_inc(en, ctx_failed);
	return ERR_PTR(err);
}
