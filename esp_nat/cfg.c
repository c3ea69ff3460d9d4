// SPDX-License-Identifier: GPL-2.0
/* What an administrator has set: defaults, and what is no integer. */
#include <linux/slab.h>

#include "cfg.h"
#include "ports.h"

/* L2TP (RFC 2661, section 8.1) */
#define ESP_NAT_CFG_L2TP	1701

/**
 * esp_nat_cfg_init() - the defaults
 * @cfg: to be filled in
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_cfg_init(struct esp_nat_cfg *cfg)
{
	struct esp_nat_ports *ports = kzalloc(sizeof(*ports), GFP_KERNEL);

	if (!ports)
		return -ENOMEM;
	ports->range[0].first = ESP_NAT_CFG_L2TP;
	ports->range[0].last = ESP_NAT_CFG_L2TP;
	ports->count = 1;

	cfg->enabled = 1;
	cfg->alias_mode = ESP_NAT_ALIAS_IKEV1;
	cfg->follow_peer = ESP_NAT_FOLLOW_NAT;
	cfg->keepalive_interval = 20;
	cfg->nat_port = 4500;
	cfg->ike_port = 500;
	cfg->max_contexts = 65536;
	cfg->max_contexts_per_peer = 256;
	cfg->idle_timeout = 300;
	RCU_INIT_POINTER(cfg->block_ports, ports);
	mutex_init(&cfg->lock);
	return 0;
}

/**
 * esp_nat_cfg_exit() - the reverse of esp_nat_cfg_init()
 * @cfg: nobody reads it any more
 *
 * Context: process.
 */
void esp_nat_cfg_exit(struct esp_nat_cfg *cfg)
{
	kfree(rcu_dereference_protected(cfg->block_ports, true));
	kfree(rcu_dereference_protected(cfg->never, true));
}

/**
 * esp_nat_cfg_set_block_ports() - guard other ports
 * @cfg: what is set
 * @ports: which; @cfg's from now on
 *
 * Context: process.
 */
void esp_nat_cfg_set_block_ports(struct esp_nat_cfg *cfg,
				 struct esp_nat_ports *ports)
{
	mutex_lock(&cfg->lock);
	ports = rcu_replace_pointer(cfg->block_ports, ports,
				    lockdep_is_held(&cfg->lock));
	mutex_unlock(&cfg->lock);
	kfree_rcu(ports, rcu);
}

/**
 * esp_nat_cfg_set_never() - others are never aliased
 * @cfg: what is set
 * @never: who; @cfg's from now on
 *
 * Context: process.
 */
void esp_nat_cfg_set_never(struct esp_nat_cfg *cfg, struct esp_nat_never *never)
{
	mutex_lock(&cfg->lock);
	never = rcu_replace_pointer(cfg->never, never,
				    lockdep_is_held(&cfg->lock));
	mutex_unlock(&cfg->lock);
	if (never)
		kfree_rcu(never, rcu);
}

/**
 * esp_nat_cfg_never() - is this peer never to be aliased?
 * @cfg: what is set
 * @addr: the peer's actual address
 *
 * Context: any.
 * Return: true if a prefix of never_alias holds @addr.
 */
bool esp_nat_cfg_never(const struct esp_nat_cfg *cfg,
		       const struct esp_nat_addr *addr)
{
	const struct esp_nat_never *never;
	bool found = false;
	unsigned int i;

	rcu_read_lock();
	never = rcu_dereference(cfg->never);
	for (i = 0; never && !found && i < never->count; i++)
		found = esp_nat_prefix_has(&never->prefix[i], addr);
	rcu_read_unlock();
	return found;
}
