// SPDX-License-Identifier: GPL-2.0
/* Cached routes. */
#include <linux/slab.h>

#include "route.h"

static void esp_nat_route_free(struct rcu_head *rcu)
{
	struct esp_nat_route *route;

	route = container_of(rcu, struct esp_nat_route, rcu);
	dst_cache_destroy(&route->cache);
	kfree(route);
}

/**
 * esp_nat_route_cache() - the cache in a slot, made if there is none
 * @slot: where it is
 *
 * Context: RCU read side, softirqs off.
 * Return: the cache, valid under RCU; NULL for want of memory.
 */
struct dst_cache *esp_nat_route_cache(struct esp_nat_route __rcu **slot)
{
	struct esp_nat_route *route = rcu_dereference(*slot);
	struct esp_nat_route *other;

	if (likely(route))
		return &route->cache;

	route = kzalloc(sizeof(*route), GFP_ATOMIC | __GFP_NOWARN);
	if (!route)
		return NULL;
	if (dst_cache_init(&route->cache, GFP_ATOMIC | __GFP_NOWARN)) {
		kfree(route);
		return NULL;
	}
	other = unrcu_pointer(cmpxchg(slot, NULL, RCU_INITIALIZER(route)));
	if (other) {
		esp_nat_route_free(&route->rcu);
		route = other;
	}
	return &route->cache;
}

/**
 * esp_nat_route_drop() - forget what a slot has cached
 * @slot: where it is
 *
 * Context: any. The route is held until a grace period has passed.
 */
void esp_nat_route_drop(struct esp_nat_route __rcu **slot)
{
	struct esp_nat_route *route;

	route = unrcu_pointer(xchg(slot, NULL));
	if (route)
		call_rcu(&route->rcu, esp_nat_route_free);
}

/**
 * esp_nat_route_exit() - free what a slot has cached
 * @slot: where it is; nobody reads it any more
 *
 * Context: any.
 */
void esp_nat_route_exit(struct esp_nat_route __rcu **slot)
{
	struct esp_nat_route *route = rcu_dereference_protected(*slot, true);

	if (route)
		esp_nat_route_free(&route->rcu);
}
