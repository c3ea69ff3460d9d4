// SPDX-License-Identifier: GPL-2.0
/*
 * Does a route cover the default pool of aliases? Then somebody else has these
 * addresses, and it is not used. A pool that an administrator has written is
 * used as told.
 */
#include <net/ip_fib.h>

#include "cover.h"

/* Two halves of everything are what VPN clients make of a default route. */
#define ESP_NAT_COVER_DEFAULT_LEN	1

/* Aliases that are looked at before others may have the processor. */
#define ESP_NAT_COVER_CHUNK		256

/* How long is the prefix of the route to an alias? Less than 0: there is none. */
static int esp_nat_cover_len(struct net *net, __be32 alias, int l3mdev)
{
	struct flowi4 fl4 = {
		.daddr = alias,
		.flowi4_scope = RT_SCOPE_UNIVERSE,
		.flowi4_l3mdev = l3mdev,
	};
	struct fib_result res = {};
	int err;

	rcu_read_lock();
	err = fib_lookup(net, &fl4, &res, FIB_LOOKUP_IGNORE_LINKSTATE);
	rcu_read_unlock();
	return err ? -1 : res.prefixlen;
}

/* Where no route leads to it, packets to an alias would not leave. */
static bool esp_nat_cover_route(struct net *net, __be32 alias, int l3mdev)
{
	int len = esp_nat_cover_len(net, alias, l3mdev);

	return len < 0 || len > ESP_NAT_COVER_DEFAULT_LEN;
}

/**
 * esp_nat_cover_alias() - does a route keep an alias from being used?
 * @en: the namespace
 * @alias: an address of its pool
 * @l3mdev: index of the L3 master of the device that the client came by, or 0
 *
 * Context: &esp_nat_table.lock held.
 * Return: true if the pool is the default one, and a route other than the
 * default route covers the alias, or none does.
 */
bool esp_nat_cover_alias(struct esp_nat_net *en,
			 const struct esp_nat_addr *alias, int l3mdev)
{
	lockdep_assert_held(&en->table.lock);

	return !en->pool.written &&
	       esp_nat_cover_route(en->net, alias->ip.ip, l3mdev);
}

/**
 * esp_nat_cover_pool() - does a route keep the pool from being used?
 * @en: the namespace
 *
 * Context: &esp_nat_table.lock held.
 * Return: true if its beginning is covered.
 */
bool esp_nat_cover_pool(struct esp_nat_net *en)
{
	struct esp_nat_addr first = esp_nat_alias_first(&en->pool);

	return esp_nat_cover_alias(en, &first, 0);
}

/*
 * Does a route cover the alias of a context? Its SA tells in which VRF. That there
 * is no route at all may pass, as when a link is down.
 */
static bool esp_nat_cover_ctx(struct esp_nat_net *en,
			      const struct esp_nat_ctx *ctx)
{
	__be32 local = READ_ONCE(ctx->local.ip.ip);
	int l3mdev;

	esp_nat_route_domain(en->net, local, &l3mdev);
	return esp_nat_cover_len(en->net, ctx->presented.ip.ip, l3mdev) >
	       ESP_NAT_COVER_DEFAULT_LEN;
}

static bool esp_nat_cover_in_use(struct esp_nat_net *en)
{
	unsigned long alias, looked = 0;
	bool covered = false;
	void *entry;

	rcu_read_lock();
	xa_for_each(&en->pool.alias, alias, entry) {
		covered = !xa_is_value(entry) && esp_nat_cover_ctx(en, entry);
		if (covered)
			break;
		if (++looked % ESP_NAT_COVER_CHUNK)
			continue;
		rcu_read_unlock();
		cond_resched();
		rcu_read_lock();
	}
	rcu_read_unlock();
	return covered;
}

/**
 * esp_nat_cover_look() - has a route come to cover aliases that are in use?
 * @en: the namespace
 *
 * Routes and addresses come when they please. Those who have an alias are
 * served all the same; the administrator is to know.
 *
 * Context: process.
 */
void esp_nat_cover_look(struct esp_nat_net *en)
{
	int gen = rt_genid_ipv4(en->net);

	if (gen == en->cover_gen || READ_ONCE(en->pool.written) ||
	    en->cover_said)
		return;
	en->cover_gen = gen;
	if (esp_nat_cover_in_use(en))
		WRITE_ONCE(en->cover_met, true);
}

/**
 * esp_nat_cover_warn() - tell the administrator, once, if a route covers an alias
 *	that was needed or is in use
 * @en: the namespace
 *
 * Context: process. Said once for each time that the pool is written.
 */
void esp_nat_cover_warn(struct esp_nat_net *en)
{
	if (!READ_ONCE(en->cover_met) || en->cover_said)
		return;
	en->cover_said = true;
	net_warn_ratelimited("esp_nat: a route covers the default pool of aliases, 198.18.0.0/15: further clients behind one NAT are served as without esp_nat; write net.esp_nat.alias_pool4\n");
}

/**
 * esp_nat_cover_again() - the pool was written: what was told is told again
 * @en: the namespace
 *
 * Context: process.
 */
void esp_nat_cover_again(struct esp_nat_net *en)
{
	en->cover_said = false;
	WRITE_ONCE(en->cover_met, false);
}
