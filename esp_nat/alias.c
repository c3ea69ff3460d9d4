// SPDX-License-Identifier: GPL-2.0
/* The pools of aliases. */
#include <linux/inetdevice.h>
#include <net/ip_fib.h>

#include "alias.h"

/* 198.18.0.0/15: benchmarking (RFC 2544), never on the public internet */
static const struct esp_nat_prefix esp_nat_alias_default = {
	.addr = { .ip.ip = cpu_to_be32(0xc6120000), .family = AF_INET },
	.len = 15,
};

/* Two halves of everything are what VPN clients make of a default route. */
#define ESP_NAT_ALIAS_DEFAULT_ROUTE_LEN	1

/* Without a context; mark 0 belongs to the allocating xarray. */
#define ESP_NAT_ALIAS_RESERVED		XA_MARK_1
/* Without one, and kept for one peer; no generation of a walk. */
#define ESP_NAT_ALIAS_KEPT		xa_mk_value(LONG_MAX)

/**
 * esp_nat_alias_init() - make an empty pool of the default addresses
 * @en: the namespace
 *
 * Context: process.
 */
void esp_nat_alias_init(struct esp_nat_net *en)
{
	struct esp_nat_pool *pool = &en->pool;

	xa_init_flags(&pool->alias, XA_FLAGS_ALLOC);
	xa_init(&pool->held);
	pool->prefix = esp_nat_alias_default;
}

/**
 * esp_nat_alias_exit() - the reverse of esp_nat_alias_init()
 * @en: the namespace; has no aliased context any more
 *
 * Context: process.
 */
void esp_nat_alias_exit(struct esp_nat_net *en)
{
	xa_destroy(&en->pool.held);
	xa_destroy(&en->pool.alias);
}

/* Without the addresses of network and broadcast. */
static void esp_nat_alias_range(const struct esp_nat_pool *pool, u32 *first,
				u32 *last)
{
	*first = ntohl(pool->prefix.addr.ip.ip);
	*last = *first | (u32)(~0ULL >> 32 >> pool->prefix.len);
	if (pool->prefix.len < 31) {
		++*first;
		--*last;
	}
}

static bool esp_nat_alias_covered(struct esp_nat_net *en, u32 alias, int l3mdev)
{
	struct flowi4 fl4 = {
		.daddr = htonl(alias),
		.flowi4_scope = RT_SCOPE_UNIVERSE,
		.flowi4_l3mdev = l3mdev,
	};
	struct fib_result res = {};
	bool covered;

	rcu_read_lock();
	covered = fib_lookup(en->net, &fl4, &res, FIB_LOOKUP_IGNORE_LINKSTATE) ||
		  res.prefixlen > ESP_NAT_ALIAS_DEFAULT_ROUTE_LEN;
	rcu_read_unlock();
	return covered;
}

/**
 * esp_nat_alias_covers() - does a route keep the pool from being used?
 * @en: the namespace
 *
 * Context: process.
 * Return: true if it is the default one, and a route covers its beginning.
 */
bool esp_nat_alias_covers(struct esp_nat_net *en)
{
	const struct esp_nat_pool *pool = &en->pool;
	u32 first, last;

	if (READ_ONCE(pool->written))
		return false;
	esp_nat_alias_range(pool, &first, &last);
	return esp_nat_alias_covered(en, first, 0);
}

/**
 * esp_nat_alias_get() - take an alias from the pool
 * @en: the namespace
 * @ctx: the context that it is for, found under it from now on
 * @l3mdev: index of the L3 master of the device that the client came by, or 0
 * @addr: receives the alias
 *
 * The default pool is not used where a route, other than the default route,
 * covers the alias, or none does: somebody else has that address, or packets
 * to it would not leave. Aliases are taken in turn, so that one given back
 * rests as long as possible.
 *
 * Context: &esp_nat_table.lock held.
 * Return: 0, -ENOSPC if the pool is exhausted, -EADDRINUSE if a route covers
 * it, -ENOMEM.
 */
int esp_nat_alias_get(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
		      int l3mdev, struct esp_nat_addr *addr)
{
	struct esp_nat_pool *pool = &en->pool;
	u32 first, last, alias;
	int err;

	lockdep_assert_held(&en->table.lock);

	esp_nat_alias_range(pool, &first, &last);
	err = xa_alloc_cyclic(&pool->alias, &alias, ctx, XA_LIMIT(first, last),
			      &pool->cursor, GFP_ATOMIC | __GFP_NOWARN);
	if (err < 0)
		return err == -EBUSY ? -ENOSPC : err;

	if (!pool->written && esp_nat_alias_covered(en, alias, l3mdev)) {
		xa_erase(&pool->alias, alias);
		esp_nat_inc(en, pool_covered);
		return -EADDRINUSE;
	}

	*addr = esp_nat_addr4(htonl(alias));
	pool->given++;
	esp_nat_inc(en, alias_given);
	return 0;
}

static int esp_nat_alias_store_gen(struct esp_nat_pool *pool, u32 alias,
				   u32 gen)
{
	void *old = xa_store(&pool->alias, alias, xa_mk_value(gen),
			     GFP_ATOMIC | __GFP_NOWARN);

	if (xa_is_err(old))
		return xa_err(old);
	if (xa_get_mark(&pool->alias, alias, ESP_NAT_ALIAS_RESERVED))
		return 0;
	xa_set_mark(&pool->alias, alias, ESP_NAT_ALIAS_RESERVED);
	pool->reserved++;
	return 0;
}

/**
 * esp_nat_alias_claim() - take a reserved alias
 * @en: the namespace
 * @ctx: the context whose SA uses it
 * @addr: the alias
 *
 * Context: &esp_nat_table.lock held.
 * Return: 0, or -EADDRNOTAVAIL if it is not reserved.
 */
int esp_nat_alias_claim(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			const struct esp_nat_addr *addr)
{
	struct esp_nat_pool *pool = &en->pool;
	u32 alias = ntohl(addr->ip.ip);

	lockdep_assert_held(&en->table.lock);

	if (!xa_get_mark(&pool->alias, alias, ESP_NAT_ALIAS_RESERVED))
		return -EADDRNOTAVAIL;
	xa_clear_mark(&pool->alias, alias, ESP_NAT_ALIAS_RESERVED);
	pool->reserved--;
	/* needs no memory, it has its place */
	xa_store(&pool->alias, alias, ctx, GFP_ATOMIC | __GFP_NOWARN);
	pool->given++;
	esp_nat_inc(en, alias_given);
	return 0;
}

/* Free, or kept for its peer. */
static void esp_nat_alias_free(struct esp_nat_pool *pool, u32 alias)
{
	if (xa_load(&pool->held, alias))
		/* needs no memory, it has its place */
		xa_store(&pool->alias, alias, ESP_NAT_ALIAS_KEPT,
			 GFP_ATOMIC | __GFP_NOWARN);
	else
		xa_erase(&pool->alias, alias);
}

/**
 * esp_nat_alias_keep() - nobody is given this alias by turn
 * @en: the namespace
 * @addr: an address of the pool
 *
 * Context: &esp_nat_table.lock held.
 * Return: 0, also if it is in use, -ENOMEM, or -ERANGE if it is not an alias
 * that the pool gives.
 */
int esp_nat_alias_keep(struct esp_nat_net *en, const struct esp_nat_addr *addr)
{
	struct esp_nat_pool *pool = &en->pool;
	u32 alias = ntohl(addr->ip.ip);
	u32 first, last;
	int err;

	lockdep_assert_held(&en->table.lock);

	esp_nat_alias_range(pool, &first, &last);
	if (addr->family != AF_INET || alias < first || alias > last)
		return -ERANGE;
	err = xa_insert(&pool->alias, alias, ESP_NAT_ALIAS_KEPT,
			GFP_ATOMIC | __GFP_NOWARN);
	return err == -EBUSY ? 0 : err;
}

/**
 * esp_nat_alias_unkeep() - an alias is kept for nobody any more
 * @en: the namespace
 * @addr: the alias; who has it keeps it
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_alias_unkeep(struct esp_nat_net *en,
			  const struct esp_nat_addr *addr)
{
	lockdep_assert_held(&en->table.lock);

	xa_cmpxchg(&en->pool.alias, ntohl(addr->ip.ip), ESP_NAT_ALIAS_KEPT,
		   NULL, GFP_ATOMIC | __GFP_NOWARN);
}

/**
 * esp_nat_alias_take() - take an alias that is kept
 * @en: the namespace
 * @ctx: the context that it is kept for
 * @addr: the alias
 *
 * Context: &esp_nat_table.lock held.
 * Return: true, or false if another has it, or SAs may still use it.
 */
bool esp_nat_alias_take(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			const struct esp_nat_addr *addr)
{
	struct esp_nat_pool *pool = &en->pool;

	lockdep_assert_held(&en->table.lock);

	/* needs no memory, it has its place */
	if (xa_cmpxchg(&pool->alias, ntohl(addr->ip.ip), ESP_NAT_ALIAS_KEPT, ctx,
		       GFP_ATOMIC | __GFP_NOWARN) != ESP_NAT_ALIAS_KEPT)
		return false;
	pool->given++;
	esp_nat_inc(en, alias_given);
	return true;
}

/**
 * esp_nat_alias_put() - give an alias back
 * @en: the namespace
 * @addr: the alias
 * @reserve: keep it from others until a walk finds no SA that uses it
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_alias_put(struct esp_nat_net *en, const struct esp_nat_addr *addr,
		       bool reserve)
{
	u32 alias = ntohl(addr->ip.ip);

	lockdep_assert_held(&en->table.lock);

	if (reserve)
		/* needs no memory, it has its place */
		esp_nat_alias_store_gen(&en->pool, alias, 0);
	else
		esp_nat_alias_free(&en->pool, alias);
	en->pool.given--;
	esp_nat_inc(en, alias_released);
}

/**
 * esp_nat_alias_reserve() - an SA that no context has uses this address
 * @en: the namespace
 * @addr: the SA's peer
 *
 * If it is an alias, it is kept from others, and plain packets to it stay
 * dropped, as long as walks find such an SA.
 *
 * Context: &esp_nat_table.lock held.
 * Return: 1 if @addr is an alias, 0 if it is somebody's real address, -ENOMEM
 * if it is an alias that could not be reserved.
 */
int esp_nat_alias_reserve(struct esp_nat_net *en,
			  const struct esp_nat_addr *addr)
{
	struct esp_nat_pool *pool = &en->pool;
	u32 alias = ntohl(addr->ip.ip);

	lockdep_assert_held(&en->table.lock);

	if (!esp_nat_prefix_has(&pool->prefix, addr) ||
	    (!pool->written && esp_nat_alias_covered(en, alias, 0)))
		return 0;
	return esp_nat_alias_store_gen(pool, alias, en->table.sa_gen) ?: 1;
}

/**
 * esp_nat_alias_sweep() - free reserved aliases that no SA uses
 * @en: the namespace, whose walk over the SAs has just ended
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_alias_sweep(struct esp_nat_net *en)
{
	struct esp_nat_pool *pool = &en->pool;
	unsigned long alias;
	void *entry;

	lockdep_assert_held(&en->table.lock);

	xa_for_each_marked(&pool->alias, alias, entry, ESP_NAT_ALIAS_RESERVED) {
		if (xa_to_value(entry) == en->table.sa_gen)
			continue;
		xa_clear_mark(&pool->alias, alias, ESP_NAT_ALIAS_RESERVED);
		pool->reserved--;
		esp_nat_alias_free(pool, alias);
	}
}

/**
 * esp_nat_alias_find() - whose alias is it?
 * @en: the namespace
 * @addr: an address
 *
 * Context: RCU read side or &esp_nat_table.lock held.
 * Return: the context, NULL if @addr is nobody's alias; valid under RCU.
 */
struct esp_nat_ctx *esp_nat_alias_find(struct esp_nat_net *en,
				       const struct esp_nat_addr *addr)
{
	void *entry;

	if (addr->family != AF_INET)
		return NULL;
	entry = xa_load(&en->pool.alias, ntohl(addr->ip.ip));
	return xa_is_value(entry) ? NULL : entry;
}

/**
 * esp_nat_alias_given() - is this address an alias, reserved ones included?
 * @en: the namespace
 * @ip: an IPv4 address
 *
 * Context: any.
 * Return: true if a context has it, or had it and SAs may still use it.
 */
bool esp_nat_alias_given(struct esp_nat_net *en, __be32 ip)
{
	return !xa_empty(&en->pool.alias) &&
	       xa_load(&en->pool.alias, ntohl(ip));
}

/**
 * esp_nat_alias_pool_valid() - may this prefix be a pool of aliases?
 * @prefix: the prefix
 *
 * Context: any.
 * Return: true for an IPv4 prefix of 8 to 32 bits of unicast addresses.
 */
bool esp_nat_alias_pool_valid(const struct esp_nat_prefix *prefix)
{
	__be32 ip = prefix->addr.ip.ip;

	return prefix->addr.family == AF_INET &&
	       prefix->len >= 8 &&
	       !ipv4_is_zeronet(ip) && !ipv4_is_loopback(ip) &&
	       !ipv4_is_multicast(ip) && ntohl(ip) < 0xf0000000;
}

/**
 * esp_nat_alias_set_pool() - use other addresses
 * @en: the namespace
 * @prefix: the new pool, valid; NULL: the default one
 *
 * Context: process.
 * Return: 0, or -EBUSY while an alias is given or reserved.
 */
int esp_nat_alias_set_pool(struct esp_nat_net *en,
			   const struct esp_nat_prefix *prefix)
{
	struct esp_nat_pool *pool = &en->pool;
	int err = -EBUSY;

	spin_lock_bh(&en->table.lock);
	if (xa_empty(&pool->alias)) {
		pool->prefix = prefix ? *prefix : esp_nat_alias_default;
		pool->written = prefix;
		pool->warned = false;
		pool->cursor = 0;
		err = 0;
	}
	spin_unlock_bh(&en->table.lock);
	return err;
}
