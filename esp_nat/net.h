/* SPDX-License-Identifier: GPL-2.0 */
/* struct esp_nat_net: everything that a network namespace has. */
#ifndef _ESP_NAT_NET_H
#define _ESP_NAT_NET_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rhashtable.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>

#include "endpoint.h"
#include "stats.h"
#include "uapi/linux/esp_nat.h"

struct ctl_table;
struct ctl_table_header;
struct esp_nat_ports;
struct socket;

/**
 * enum esp_nat_alias_mode - who may get an alias
 * @ESP_NAT_ALIAS_NEVER: nobody
 * @ESP_NAT_ALIAS_IKEV1: a further client of an address that speaks IKEv1
 * @ESP_NAT_ALIAS_IKEV2: IKEv2 clients too, but those that have no NAT
 * @ESP_NAT_ALIAS_NAT: every client behind a NAT, the first one too, and every
 *	one that speaks IKEv1, which does not tell in time
 */
enum esp_nat_alias_mode {
	ESP_NAT_ALIAS_NEVER,
	ESP_NAT_ALIAS_IKEV1,
	ESP_NAT_ALIAS_IKEV2,
	ESP_NAT_ALIAS_NAT,
};

/**
 * enum esp_nat_follow_peer - whose moves are believed
 * @ESP_NAT_FOLLOW_NEVER: nobody's
 * @ESP_NAT_FOLLOW_NAT: those of peers not known to have no NAT, unless this
 *	end opened their IKE SA from behind one (RFC 3947, section 7)
 * @ESP_NAT_FOLLOW_ALWAYS: all
 */
enum esp_nat_follow_peer {
	ESP_NAT_FOLLOW_NEVER,
	ESP_NAT_FOLLOW_NAT,
	ESP_NAT_FOLLOW_ALWAYS,
};

/**
 * enum esp_nat_block_mode - when block_ports are guarded
 * @ESP_NAT_BLOCK_OFF: never
 * @ESP_NAT_BLOCK_DOWN: while no socket is bound to ike_port
 * @ESP_NAT_BLOCK_ALWAYS: always
 */
enum esp_nat_block_mode {
	ESP_NAT_BLOCK_OFF,
	ESP_NAT_BLOCK_DOWN,
	ESP_NAT_BLOCK_ALWAYS,
};

/**
 * struct esp_nat_never - prefixes whose IKE is never aliased
 * @rcu: for kfree_rcu()
 * @count: number of prefixes
 * @prefix: the prefixes
 */
struct esp_nat_never {
	struct rcu_head		rcu;
	unsigned int		count;
	struct esp_nat_prefix	prefix[];
};

/**
 * struct esp_nat_cfg - the sysctls of a namespace
 * @enabled: master switch
 * @alias_mode: see enum esp_nat_alias_mode
 * @follow_peer: see enum esp_nat_follow_peer
 * @assume_udp_encap_context_on_send: see enum esp_nat_rule_value
 * @refuse_outside_rule: refuse what that does not allow
 * @keepalive_interval: seconds of silence until a keepalive, 0: none
 * @listen: have an own socket where nobody is bound to @nat_port
 * @nat_port: UDP port of encapsulated ESP and IKE, host byte order
 * @ike_port: UDP port of IKE, host byte order
 * @max_contexts: most confirmed contexts
 * @max_contexts_per_peer: most confirmed contexts of one actual address
 * @idle_timeout: seconds that a context without SA and traffic lives on
 * @block_mode: see enum esp_nat_block_mode
 * @block_ports: RCU, written under &esp_nat_net.cfg_lock; never NULL
 * @never: RCU, written under &esp_nat_net.cfg_lock; NULL if empty
 *
 * Integers are read with READ_ONCE(), sysctl writes them.
 */
struct esp_nat_cfg {
	int				enabled;
	int				alias_mode;
	int				follow_peer;
	int				assume_udp_encap_context_on_send;
	int				refuse_outside_rule;
	int				keepalive_interval;
	int				listen;
	int				nat_port;
	int				ike_port;
	int				max_contexts;
	int				max_contexts_per_peer;
	int				idle_timeout;
	int				block_mode;
	struct esp_nat_ports __rcu	*block_ports;
	struct esp_nat_never __rcu	*never;
};

/**
 * struct esp_nat_pool - a pool of aliases
 * @prefix: the addresses; under &esp_nat_table.lock
 * @alias: address, host byte order -> context, or a value: reserved, an SA
 *	that no context has may still use it; looked up under RCU, written
 *	under &esp_nat_table.lock
 * @cursor: where the search for a free alias goes on
 * @given: how many contexts have one; under &esp_nat_table.lock
 * @reserved: how many are reserved; likewise
 * @held: aliases kept for one peer, by alias, see held.c; likewise
 * @holder: the same, by that peer; likewise
 * @written: the administrator wrote it: used as told
 * @warned: the one warning about a covered pool was given
 */
struct esp_nat_pool {
	struct esp_nat_prefix	prefix;
	struct xarray		alias;
	u32			cursor;
	unsigned int		given;
	unsigned int		reserved;
	struct xarray		held;
	struct rhashtable	holder;
	bool			written;
	bool			warned;
};

/* How many states a context has, see enum esp_nat_state. */
#define ESP_NAT_CTX_STATES	(ESP_NAT_CTX_LOST + 1)

/**
 * struct esp_nat_table - the contexts of a namespace and how they are found
 * @lock: protects all below, contexts, IKE SAs and the pool's writers;
 *	taken in softirq and process context. Look-ups on the path of ESP
 *	need RCU only. Nests inside x->lock and xfrm_state_lock.
 * @list: contexts by state, those first that are next to go
 * @count: contexts by state
 * @actual: bindings by actual endpoint
 * @presented: bindings of identity contexts by presented endpoint
 * @ikesa: IKE SAs by their SPIs
 * @peer: actual addresses
 * @ids: contexts by their number
 * @last_id: number of the youngest context
 * @gen: rises whenever a context is born or dies; for consistent dumps
 * @sa_gen: generation of the last walk over the SAs
 * @limit_told: jiffies of the last event about a limit
 */
struct esp_nat_table {
	spinlock_t		lock;	/* all below, contexts, IKE SAs */
	struct list_head	list[ESP_NAT_CTX_STATES];
	unsigned int		count[ESP_NAT_CTX_STATES];
	struct rhashtable	actual;
	struct rhashtable	presented;
	struct rhashtable	ikesa;
	struct rhashtable	peer;
	struct xarray		ids;
	unsigned long		last_id;
	unsigned int		gen;
	u32			sa_gen;
	unsigned long		limit_told;
};

/* Seconds that the wheel of keepalives tells apart. */
#define ESP_NAT_WHEEL_SLOTS	64

/**
 * struct esp_nat_wheel - when contexts are to be looked at, see keepalive.c
 * @slot: contexts by second; under &esp_nat_table.lock
 * @next: the second (monotonic) that comes next; likewise
 * @work: turns it
 */
struct esp_nat_wheel {
	struct list_head	slot[ESP_NAT_WHEEL_SLOTS];
	unsigned long		next;
	struct delayed_work	work;
};

/**
 * struct esp_nat_block - what block mode has to report, see block.c
 * @work: prints it
 * @flags: one bit: the packet below waits to be reported
 * @src: source of a packet that was dropped; written by who has set the bit
 * @dst: its destination
 * @reason: why it was
 * @next: jiffies of the earliest next report
 */
struct esp_nat_block {
	struct delayed_work	work;
	unsigned long		flags;
	struct esp_nat_ep	src;
	struct esp_nat_ep	dst;
	enum esp_nat_stat	reason;
	unsigned long		next;
};

/**
 * struct esp_nat_net - everything that a network namespace has
 * @net: the namespace; we go before it does
 * @stats: its counters
 * @cfg: its sysctls
 * @cfg_lock: serialises sysctl writers
 * @own: RCU, its own sockets, or NULL: IPv4's, IPv6's; written under @cfg_lock
 * @pool: its IPv4 aliases
 * @table: its contexts
 * @wheel: its keepalives
 * @block: its reports of block mode
 * @life: expiry, see life.c
 * @walk_lock: serialises walks over the SAs
 * @dirty: an SA event asks @life for a walk over the SAs
 * @stopped: the namespace goes, no work is to be queued any more; written
 *	under &esp_nat_table.lock
 * @next_walk: jiffies of the next walk over the SAs that nothing asked for
 * @gro_looked: jiffies of the last look for sockets that GRO took ESP for
 * @ctl_header: registration of its sysctls
 * @ctl_table: their table, its data point here
 */
struct esp_nat_net {
	struct net			*net;
	struct esp_nat_stats __percpu	*stats;
	struct esp_nat_cfg		cfg;
	struct mutex			cfg_lock;	/* sysctl writers */
	struct socket __rcu		*own[2];
	struct esp_nat_pool		pool;
	struct esp_nat_table		table;
	struct esp_nat_wheel		wheel;
	struct esp_nat_block		block;
	struct delayed_work		life;
	struct mutex			walk_lock;	/* walks over SAs */
	unsigned long			dirty;
	bool				stopped;
	unsigned long			next_walk;
	unsigned long			gro_looked;
	struct ctl_table_header		*ctl_header;
	struct ctl_table		*ctl_table;
};

#define esp_nat_inc(en, name) esp_nat_stats_inc((en)->stats, name)

extern unsigned int esp_nat_net_id;

struct esp_nat_net *esp_nat_net(const struct net *net);
int esp_nat_net_init(struct esp_nat_net *en, struct net *net);
void esp_nat_net_exit(struct esp_nat_net *en);
bool esp_nat_net_never(struct esp_nat_net *en, const struct esp_nat_addr *addr);

#endif /* _ESP_NAT_NET_H */
