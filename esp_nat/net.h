/* SPDX-License-Identifier: GPL-2.0 */
/* struct esp_nat_net: everything that a network namespace has. */
#ifndef _ESP_NAT_NET_H
#define _ESP_NAT_NET_H

#include <net/net_namespace.h>

#include "alias.h"
#include "cfg.h"
#include "charge.h"
#include "ctx.h"
#include "place.h"
#include "stats.h"

struct esp_nat_block;
struct esp_nat_sa_watch;
struct esp_nat_sysctl;
struct esp_nat_wheel;
struct socket;

/**
 * struct esp_nat_net - everything that a network namespace has
 * @net: the namespace; we go before it does
 * @stats: its counters
 * @charge: who pays for its contexts
 * @cfg: its sysctls
 * @pool: its IPv4 aliases
 * @table: its contexts
 * @own: RCU, its own sockets, or NULL: IPv4's, IPv6's; written under @cfg.lock
 * @wheel: its keepalives
 * @block: its reports of block mode
 * @sa_watch: the walks over its SAs
 * @sysctl: registration of its sysctls
 * @cover_met: a client needed an alias, which a route covered
 * @cover_said: the administrator was told of that
 * @cover_gen: of the routes, when aliases in use were last compared with them
 */
struct esp_nat_net {
	struct net			*net;
	struct esp_nat_stats __percpu	*stats;
	struct esp_nat_charge		charge;
	struct esp_nat_cfg		cfg;
	struct esp_nat_pool		pool;
	struct esp_nat_table		table;
	struct socket __rcu		*own[2];
	struct esp_nat_wheel		*wheel;
	struct esp_nat_block		*block;
	struct esp_nat_sa_watch		*sa_watch;
	struct esp_nat_sysctl		*sysctl;
	bool				cover_met;
	bool				cover_said;
	int				cover_gen;
};

#define esp_nat_inc(en, name) esp_nat_stats_inc((en)->stats, name)

extern unsigned int esp_nat_net_id;

struct esp_nat_net *esp_nat_net(const struct net *net);
int esp_nat_net_init(struct esp_nat_net *en, struct net *net, bool is_new);
void esp_nat_net_exit(struct esp_nat_net *en);
int esp_nat_net_cap(const struct esp_nat_net *en);
unsigned int esp_nat_net_max_contexts(const struct esp_nat_net *en);

#endif /* _ESP_NAT_NET_H */
