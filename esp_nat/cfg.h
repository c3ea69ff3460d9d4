/* SPDX-License-Identifier: GPL-2.0 */
/* What an administrator has set, see Documentation/sysctl.rst. */
#ifndef _ESP_NAT_CFG_H
#define _ESP_NAT_CFG_H

#include <linux/mutex.h>
#include <linux/rcupdate.h>

#include "endpoint.h"

struct esp_nat_ports;

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
 * @block_ports: RCU, written under @lock; never NULL
 * @never: RCU, written under @lock; NULL if empty
 * @lock: serialises those who write sysctls
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
	struct mutex			lock;	/* sysctl writers */
};

int esp_nat_cfg_init(struct esp_nat_cfg *cfg);
void esp_nat_cfg_exit(struct esp_nat_cfg *cfg);
void esp_nat_cfg_set_block_ports(struct esp_nat_cfg *cfg,
				 struct esp_nat_ports *ports);
void esp_nat_cfg_set_never(struct esp_nat_cfg *cfg,
			   struct esp_nat_never *never);
bool esp_nat_cfg_never(const struct esp_nat_cfg *cfg,
		       const struct esp_nat_addr *addr);

#endif /* _ESP_NAT_CFG_H */
