// SPDX-License-Identifier: GPL-2.0
/* Who gets an alias, and which. */
#include "alias_static.h"
#include "assign.h"
#include "cover.h"

/*
 * Has an IKEv2 client shown that it has no NAT? Not to be believed at a NAT's
 * address, where its address would be a neighbour's.
 */
static bool esp_nat_assign_no_nat(struct esp_nat_net *en,
				  const struct esp_nat_birth *birth)
{
	return birth->pos.peer_nat == ESP_NAT_BEHIND_NO &&
	       !esp_nat_home_natted(&en->table.homes, &birth->from.addr,
				    &birth->local);
}

/* Does alias_mode want an alias for it? */
static bool esp_nat_assign_mode(struct esp_nat_net *en,
				const struct esp_nat_birth *birth)
{
	int mode = READ_ONCE(en->cfg.alias_mode);
	bool in_use = esp_nat_home_in_use(&en->table.homes, &birth->from.addr,
					  &birth->local);

	/* an address that is known to be its owner's is nobody else's */
	if (esp_nat_home_owned(&en->table.homes, &birth->from.addr,
			       &birth->local))
		return false;

	/* IKEv1 tells of NAT only when the daemon has seen its client */
	if (birth->major == 1)
		return mode == ESP_NAT_ALIAS_NAT ||
		       (mode >= ESP_NAT_ALIAS_IKEV1 && in_use);
	if (mode == ESP_NAT_ALIAS_NAT &&
	    birth->pos.peer_nat == ESP_NAT_BEHIND_YES)
		return true;
	return mode >= ESP_NAT_ALIAS_IKEV2 && in_use &&
	       !esp_nat_assign_no_nat(en, birth);
}

static bool esp_nat_assign_wants(struct esp_nat_net *en,
				 const struct esp_nat_birth *birth)
{
	return birth->from.addr.family == AF_INET &&
	       esp_nat_assign_mode(en, birth) &&
	       !esp_nat_cfg_never(&en->cfg, &birth->from.addr);
}

/*
 * The default pool is not used where a route covers it. If it was used before that
 * came, a client more would take a living one's place.
 */
static int esp_nat_assign_alias(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
				int l3mdev)
{
	struct esp_nat_addr alias;
	int err = esp_nat_alias_get(&en->pool, ctx, &alias);

	if (err)
		return err;
	if (esp_nat_cover_alias(en, &alias, l3mdev)) {
		esp_nat_alias_put(&en->pool, &alias, false);
		esp_nat_inc(en, pool_covered);
		WRITE_ONCE(en->cover_met, true);
		return en->pool.given ? -ENOSPC : 0;
	}
	ctx->presented = alias;
	ctx->aliased = true;
	return 0;
}

/**
 * esp_nat_assign_presented() - what is a new context presented as?
 * @en: the namespace
 * @ctx: the context, which has its home
 * @birth: what it is born of
 *
 * Sets @ctx->presented and @ctx->aliased.
 *
 * Context: &esp_nat_table.lock held.
 * Return: 0; -ENOSPC, it needs an alias, and the pool is exhausted;
 * -EADDRNOTAVAIL, the alias that it has does not linger; -ENOMEM.
 */
int esp_nat_assign_presented(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			     const struct esp_nat_birth *birth)
{
	int err;

	lockdep_assert_held(&en->table.lock);

	if (birth->presented && !birth->identity) {
		ctx->presented = birth->presented->addr;
		err = esp_nat_alias_claim(&en->pool, ctx, &ctx->presented);
		ctx->aliased = !err;
		return err;
	}

	ctx->presented = ctx->home->addr;
	if (birth->pos.role == ESP_NAT_ROLE_INITIATOR || birth->identity)
		return 0;
	ctx->aliased = esp_nat_alias_static_take(&en->pool, ctx, &birth->from,
						 &ctx->presented);
	if (ctx->aliased || !esp_nat_assign_wants(en, birth))
		return 0;
	err = esp_nat_assign_alias(en, ctx, birth->l3mdev);
	/* whoever is half-open there may be the same one, at its first try */
	return err == -ENOSPC && !ctx->home->live ? 0 : err;
}
