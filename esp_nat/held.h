/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_HELD_H
#define _ESP_NAT_HELD_H

#include "net.h"

struct esp_nat_ctx;

/**
 * struct esp_nat_held - an alias that an administrator has kept for one peer
 * @node: in &esp_nat_pool.holder
 * @actual: the peer, the key; port 0: any client of that address
 * @alias: the alias, its place in &esp_nat_pool.held
 */
struct esp_nat_held {
	struct rhash_head	node;
	struct esp_nat_ep	actual;
	struct esp_nat_addr	alias;
};

int esp_nat_held_init(struct esp_nat_net *en);
void esp_nat_held_exit(struct esp_nat_net *en);
int esp_nat_held_add(struct esp_nat_net *en, const struct esp_nat_ep *actual,
		     const struct esp_nat_addr *alias);
int esp_nat_held_del(struct esp_nat_net *en, const struct esp_nat_addr *alias);
bool esp_nat_held_take(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
		       const struct esp_nat_ep *from,
		       struct esp_nat_addr *alias);

#endif /* _ESP_NAT_HELD_H */
