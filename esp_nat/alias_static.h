/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_ALIAS_STATIC_H
#define _ESP_NAT_ALIAS_STATIC_H

#include "alias.h"

/**
 * struct esp_nat_alias_static - an alias that an administrator keeps for one peer
 * @node: in &esp_nat_pool.keeper
 * @actual: the peer, the key; port 0: any client of that address
 * @alias: the alias, its place in &esp_nat_pool.kept
 */
struct esp_nat_alias_static {
	struct rhash_head	node;
	struct esp_nat_ep	actual;
	struct esp_nat_addr	alias;
};

int esp_nat_alias_static_init(struct esp_nat_pool *pool);
void esp_nat_alias_static_exit(struct esp_nat_pool *pool);
int esp_nat_alias_static_add(struct esp_nat_pool *pool,
			     const struct esp_nat_ep *actual,
			     const struct esp_nat_addr *alias);
int esp_nat_alias_static_del(struct esp_nat_pool *pool,
			     const struct esp_nat_addr *alias);
bool esp_nat_alias_static_take(struct esp_nat_pool *pool,
			       struct esp_nat_ctx *ctx,
			       const struct esp_nat_ep *from,
			       struct esp_nat_addr *alias);
bool esp_nat_alias_static_is(struct esp_nat_pool *pool,
			     const struct esp_nat_addr *alias);
const struct esp_nat_alias_static *
esp_nat_alias_static_next(struct esp_nat_pool *pool, unsigned long *alias);

#endif /* _ESP_NAT_ALIAS_STATIC_H */
