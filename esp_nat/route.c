// SPDX-License-Identifier: GPL-2.0
/* Cached routes, and the VRFs that routes are in. */
#include <linux/inetdevice.h>
#include <linux/slab.h>
#include <net/l3mdev.h>

#include "gfp.h"
#include "route.h"

/**
 * esp_nat_route_domain() - in which L3 domain (VRF) is an address of this host?
 * @net: the namespace
 * @addr: the address
 * @l3mdev: receives the index of the L3 master of its device, 0: none
 *
 * A VRF has its addresses in a local table of its own.
 *
 * Context: any.
 * Return: false if it is no address of this host.
 */
bool esp_nat_route_domain(struct net *net, __be32 addr, int *l3mdev)
{
	struct net_device *dev;

	rcu_read_lock();
	dev = __ip_dev_find(net, addr, false);
	*l3mdev = dev ? l3mdev_master_ifindex_rcu(dev) : 0;
	rcu_read_unlock();
	return dev;
}

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

	route = kzalloc(sizeof(*route), ESP_NAT_GFP);
	if (!route)
		return NULL;
	if (dst_cache_init(&route->cache, ESP_NAT_GFP)) {
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
