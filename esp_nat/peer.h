/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_PEER_H
#define _ESP_NAT_PEER_H

#include "net.h"

/**
 * struct esp_nat_peer - an actual address and what there is of it
 * @node: in &esp_nat_table.peer
 * @addr: the address, the key
 * @contexts: contexts whose actual address it is
 * @confirmed: how many of them count against max_contexts_per_peer
 * @busy: how many are presented with it and half-open or with an SA
 * @busy_until: jiffies; if @rested, in use till then though @busy is 0
 * @rested: the last SA of one presented with it has gone
 * @natted: one was found to be behind a NAT, which then has this address
 * @rcu: for kfree_rcu()
 */
struct esp_nat_peer {
	struct rhash_head	node;
	struct esp_nat_addr	addr;
	unsigned int		contexts;
	unsigned int		confirmed;
	unsigned int		busy;
	unsigned long		busy_until;
	bool			rested;
	bool			natted;
	struct rcu_head		rcu;
};

int esp_nat_peer_init(struct esp_nat_net *en);
void esp_nat_peer_exit(struct esp_nat_net *en);
struct esp_nat_peer *esp_nat_peer_get(struct esp_nat_net *en,
				      const struct esp_nat_addr *addr);
void esp_nat_peer_put(struct esp_nat_net *en, struct esp_nat_peer *peer);
void esp_nat_peer_rest(struct esp_nat_peer *peer);
bool esp_nat_peer_in_use(struct esp_nat_net *en,
			 const struct esp_nat_addr *addr);
bool esp_nat_peer_natted(struct esp_nat_net *en,
			 const struct esp_nat_addr *addr);
bool esp_nat_peer_full(struct esp_nat_net *en, const struct esp_nat_addr *addr);

#endif /* _ESP_NAT_PEER_H */
