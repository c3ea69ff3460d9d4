// SPDX-License-Identifier: GPL-2.0
/* The pools of aliases. */
#include <linux/in.h>

#include "alias.h"
#include "gfp.h"

/* 198.18.0.0/15: benchmarking (RFC 2544), never on the public internet */
static const struct esp_nat_prefix esp_nat_alias_default = {
	.addr = { .ip.ip = cpu_to_be32(0xc6120000), .family = AF_INET },
	.len = 15,
};

/* Without a context; mark 0 belongs to the allocating xarray. */
#define ESP_NAT_ALIAS_LINGERS		XA_MARK_1
/* Without one, and static; no generation of a walk. */
#define ESP_NAT_ALIAS_KEPT		xa_mk_value(LONG_MAX)

/**
 * esp_nat_alias_init() - make an empty pool of the default addresses
 * @pool: to be made
 * @stats: counters of the namespace
 * @lock: what serialises those who change it
 *
 * Context: process.
 */
void esp_nat_alias_init(struct esp_nat_pool *pool,
			struct esp_nat_stats __percpu *stats, spinlock_t *lock)
{
	xa_init_flags(&pool->alias, XA_FLAGS_ALLOC | XA_FLAGS_ACCOUNT);
	xa_init_flags(&pool->kept, XA_FLAGS_ACCOUNT);
	pool->prefix = esp_nat_alias_default;
	pool->stats = stats;
	pool->lock = lock;
}

/**
 * esp_nat_alias_exit() - the reverse of esp_nat_alias_init()
 * @pool: the pool; no context has an alias any more
 *
 * Context: process.
 */
void esp_nat_alias_exit(struct esp_nat_pool *pool)
{
	xa_destroy(&pool->kept);
	xa_destroy(&pool->alias);
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

/* Is it an address that the pool gives, or has given? */
static bool esp_nat_alias_gives(const struct esp_nat_pool *pool,
				const struct esp_nat_addr *addr)
{
	u32 first, last, alias = ntohl(addr->ip.ip);

	esp_nat_alias_range(pool, &first, &last);
	return addr->family == AF_INET && alias >= first && alias <= last;
}

/**
 * esp_nat_alias_first() - the first alias that a pool has
 * @pool: the pool
 *
 * Context: @pool->lock held.
 * Return: the alias.
 */
struct esp_nat_addr esp_nat_alias_first(const struct esp_nat_pool *pool)
{
	u32 first, last;

	lockdep_assert_held(pool->lock);

	esp_nat_alias_range(pool, &first, &last);
	return esp_nat_addr4(htonl(first));
}

/**
 * esp_nat_alias_pool() - the addresses of a pool
 * @pool: the pool
 *
 * Context: process, @pool->lock not held.
 * Return: the addresses.
 */
struct esp_nat_prefix esp_nat_alias_pool(const struct esp_nat_pool *pool)
{
	struct esp_nat_prefix prefix;

	spin_lock_bh(pool->lock);
	prefix = pool->prefix;
	spin_unlock_bh(pool->lock);
	return prefix;
}

/**
 * esp_nat_alias_in_pool() - is an address one of the pool's?
 * @pool: the pool
 * @addr: the address
 *
 * Context: @pool->lock held.
 * Return: true if it is, whoever has it.
 */
bool esp_nat_alias_in_pool(const struct esp_nat_pool *pool,
			   const struct esp_nat_addr *addr)
{
	lockdep_assert_held(pool->lock);

	return esp_nat_prefix_has(&pool->prefix, addr);
}

/**
 * esp_nat_alias_usable() - may an address be an alias of the pool?
 * @pool: the pool
 * @addr: the address
 *
 * Context: process.
 * Return: true if it is one of a host, whoever has it.
 */
bool esp_nat_alias_usable(const struct esp_nat_pool *pool,
			  const struct esp_nat_addr *addr)
{
	bool gives;

	spin_lock_bh(pool->lock);
	gives = esp_nat_alias_gives(pool, addr);
	spin_unlock_bh(pool->lock);
	return gives;
}

static void esp_nat_alias_count(struct esp_nat_pool *pool)
{
	pool->given++;
	esp_nat_stats_inc(pool->stats, alias_given);
}

/**
 * esp_nat_alias_get() - take an alias from the pool
 * @pool: the pool
 * @ctx: the context that it is for, found under it from now on
 * @addr: receives the alias
 *
 * Aliases are taken in turn, so that one given back rests as long as possible.
 *
 * Context: @pool->lock held.
 * Return: 0, -ENOSPC if the pool is exhausted, -ENOMEM.
 */
int esp_nat_alias_get(struct esp_nat_pool *pool, struct esp_nat_ctx *ctx,
		      struct esp_nat_addr *addr)
{
	u32 first, last, alias;
	int err;

	lockdep_assert_held(pool->lock);

	esp_nat_alias_range(pool, &first, &last);
	err = xa_alloc_cyclic(&pool->alias, &alias, ctx, XA_LIMIT(first, last),
			      &pool->cursor, ESP_NAT_GFP);
	if (err < 0)
		return err == -EBUSY ? -ENOSPC : err;
	*addr = esp_nat_addr4(htonl(alias));
	esp_nat_alias_count(pool);
	return 0;
}

static int esp_nat_alias_store_gen(struct esp_nat_pool *pool, u32 alias,
				   u32 gen)
{
	void *old = xa_store(&pool->alias, alias, xa_mk_value(gen),
			     ESP_NAT_GFP);

	if (xa_is_err(old))
		return xa_err(old);
	if (xa_get_mark(&pool->alias, alias, ESP_NAT_ALIAS_LINGERS))
		return 0;
	xa_set_mark(&pool->alias, alias, ESP_NAT_ALIAS_LINGERS);
	pool->lingering++;
	return 0;
}

/**
 * esp_nat_alias_claim() - take an alias that lingers
 * @pool: the pool
 * @ctx: the context whose SA uses it
 * @addr: the alias
 *
 * Context: @pool->lock held.
 * Return: 0, or -EADDRNOTAVAIL if it does not linger.
 */
int esp_nat_alias_claim(struct esp_nat_pool *pool, struct esp_nat_ctx *ctx,
			const struct esp_nat_addr *addr)
{
	u32 alias = ntohl(addr->ip.ip);

	lockdep_assert_held(pool->lock);

	if (!xa_get_mark(&pool->alias, alias, ESP_NAT_ALIAS_LINGERS))
		return -EADDRNOTAVAIL;
	xa_clear_mark(&pool->alias, alias, ESP_NAT_ALIAS_LINGERS);
	pool->lingering--;
	/* needs no memory, it has its place */
	xa_store(&pool->alias, alias, ctx, ESP_NAT_GFP);
	esp_nat_alias_count(pool);
	return 0;
}

/* Free, or kept for its peer. */
static void esp_nat_alias_free(struct esp_nat_pool *pool, u32 alias)
{
	if (xa_load(&pool->kept, alias))
		/* needs no memory, it has its place */
		xa_store(&pool->alias, alias, ESP_NAT_ALIAS_KEPT,
			 ESP_NAT_GFP);
	else
		xa_erase(&pool->alias, alias);
}

/**
 * esp_nat_alias_keep() - nobody is given this alias by turn
 * @pool: the pool
 * @addr: an address of the pool
 *
 * Context: @pool->lock held.
 * Return: 0, also if it is in use, -ENOMEM, or -ERANGE if it is not an alias
 * that the pool gives.
 */
int esp_nat_alias_keep(struct esp_nat_pool *pool,
		       const struct esp_nat_addr *addr)
{
	int err;

	lockdep_assert_held(pool->lock);

	if (!esp_nat_alias_gives(pool, addr))
		return -ERANGE;
	err = xa_insert(&pool->alias, ntohl(addr->ip.ip), ESP_NAT_ALIAS_KEPT,
			ESP_NAT_GFP);
	return err == -EBUSY ? 0 : err;
}

/**
 * esp_nat_alias_unkeep() - an alias is kept for nobody any more
 * @pool: the pool
 * @addr: the alias; who has it keeps it
 *
 * Context: @pool->lock held.
 */
void esp_nat_alias_unkeep(struct esp_nat_pool *pool,
			  const struct esp_nat_addr *addr)
{
	lockdep_assert_held(pool->lock);

	xa_cmpxchg(&pool->alias, ntohl(addr->ip.ip), ESP_NAT_ALIAS_KEPT,
		   NULL, ESP_NAT_GFP);
}

/**
 * esp_nat_alias_take() - take an alias that is kept
 * @pool: the pool
 * @ctx: the context that it is kept for
 * @addr: the alias
 *
 * Context: @pool->lock held.
 * Return: true, or false if another has it, or SAs may still use it.
 */
bool esp_nat_alias_take(struct esp_nat_pool *pool, struct esp_nat_ctx *ctx,
			const struct esp_nat_addr *addr)
{
	lockdep_assert_held(pool->lock);

	/* needs no memory, it has its place */
	if (xa_cmpxchg(&pool->alias, ntohl(addr->ip.ip), ESP_NAT_ALIAS_KEPT, ctx,
		       ESP_NAT_GFP) != ESP_NAT_ALIAS_KEPT)
		return false;
	esp_nat_alias_count(pool);
	return true;
}

/**
 * esp_nat_alias_put() - give an alias back
 * @pool: the pool
 * @addr: the alias
 * @linger: keep it from others until a walk finds no SA that uses it
 *
 * Context: @pool->lock held.
 */
void esp_nat_alias_put(struct esp_nat_pool *pool,
		       const struct esp_nat_addr *addr, bool linger)
{
	u32 alias = ntohl(addr->ip.ip);

	lockdep_assert_held(pool->lock);

	if (linger)
		/* needs no memory, it has its place */
		esp_nat_alias_store_gen(pool, alias, 0);
	else
		esp_nat_alias_free(pool, alias);
	pool->given--;
	esp_nat_stats_inc(pool->stats, alias_released);
}

/**
 * esp_nat_alias_linger() - an SA that no context has uses an alias
 * @pool: the pool
 * @addr: the alias, one of the pool's
 * @gen: generation of the walk that has found the SA
 *
 * It is kept from others, and clear-text packets to it stay dropped, as long as
 * walks find such an SA.
 *
 * Context: @pool->lock held.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_alias_linger(struct esp_nat_pool *pool,
			 const struct esp_nat_addr *addr, u32 gen)
{
	lockdep_assert_held(pool->lock);

	return esp_nat_alias_store_gen(pool, ntohl(addr->ip.ip), gen);
}

/**
 * esp_nat_alias_sweep() - free lingering aliases that no SA uses
 * @pool: the pool
 * @gen: generation of the walk over the SAs that has just ended
 *
 * Context: @pool->lock held.
 */
void esp_nat_alias_sweep(struct esp_nat_pool *pool, u32 gen)
{
	unsigned long alias;
	void *entry;

	lockdep_assert_held(pool->lock);

	xa_for_each_marked(&pool->alias, alias, entry, ESP_NAT_ALIAS_LINGERS) {
		if (xa_to_value(entry) == gen)
			continue;
		xa_clear_mark(&pool->alias, alias, ESP_NAT_ALIAS_LINGERS);
		pool->lingering--;
		esp_nat_alias_free(pool, alias);
	}
}

/**
 * esp_nat_alias_find() - whose alias is it?
 * @pool: the pool
 * @addr: an address
 *
 * Context: RCU read side or @pool->lock held.
 * Return: the context, NULL if @addr is nobody's alias; valid under RCU.
 */
struct esp_nat_ctx *esp_nat_alias_find(const struct esp_nat_pool *pool,
				       const struct esp_nat_addr *addr)
{
	void *entry;

	if (addr->family != AF_INET)
		return NULL;
	entry = xa_load((struct xarray *)&pool->alias, ntohl(addr->ip.ip));
	return xa_is_value(entry) ? NULL : entry;
}

/**
 * esp_nat_alias_given() - is this address an alias, a lingering one included?
 * @pool: the pool
 * @ip: an IPv4 address
 *
 * Context: any.
 * Return: true if a context has it, SAs may still use it, or it is static.
 */
bool esp_nat_alias_given(const struct esp_nat_pool *pool, __be32 ip)
{
	return !xa_empty(&pool->alias) &&
	       xa_load((struct xarray *)&pool->alias, ntohl(ip));
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
 * @pool: the pool
 * @prefix: its new addresses, valid; NULL: the default ones
 *
 * Context: process.
 * Return: 0, or -EBUSY while an alias is given, lingers or is static.
 */
int esp_nat_alias_set_pool(struct esp_nat_pool *pool,
			   const struct esp_nat_prefix *prefix)
{
	int err = -EBUSY;

	spin_lock_bh(pool->lock);
	if (xa_empty(&pool->alias)) {
		pool->prefix = prefix ? *prefix : esp_nat_alias_default;
		pool->written = prefix;
		pool->cursor = 0;
		err = 0;
	}
	spin_unlock_bh(pool->lock);
	return err;
}
