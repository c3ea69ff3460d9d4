/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_ROUTE_H
#define _ESP_NAT_ROUTE_H

#include <linux/rcupdate.h>
#include <net/dst_cache.h>

/**
 * struct esp_nat_route - the cached route to an actual endpoint
 * @cache: the route, for each CPU
 * @rcu: for call_rcu()
 *
 * A cached route pins its device. dst_cache can not be emptied while others
 * use it, so the whole is replaced when a device goes.
 */
struct esp_nat_route {
	struct dst_cache	cache;
	struct rcu_head		rcu;
};

bool esp_nat_route_domain(struct net *net, __be32 addr, int *l3mdev);
struct dst_cache *esp_nat_route_cache(struct esp_nat_route __rcu **slot);
void esp_nat_route_drop(struct esp_nat_route __rcu **slot);
void esp_nat_route_exit(struct esp_nat_route __rcu **slot);

#endif /* _ESP_NAT_ROUTE_H */
