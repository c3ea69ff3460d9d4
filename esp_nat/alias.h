/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_ALIAS_H
#define _ESP_NAT_ALIAS_H

#include "net.h"

struct esp_nat_ctx;

void esp_nat_alias_init(struct esp_nat_net *en);
void esp_nat_alias_exit(struct esp_nat_net *en);
int esp_nat_alias_get(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
		      int l3mdev, struct esp_nat_addr *addr);
int esp_nat_alias_claim(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			const struct esp_nat_addr *addr);
int esp_nat_alias_keep(struct esp_nat_net *en, const struct esp_nat_addr *addr);
void esp_nat_alias_unkeep(struct esp_nat_net *en,
			  const struct esp_nat_addr *addr);
bool esp_nat_alias_take(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			const struct esp_nat_addr *addr);
bool esp_nat_alias_covers(struct esp_nat_net *en);
void esp_nat_alias_put(struct esp_nat_net *en, const struct esp_nat_addr *addr,
		       bool reserve);
int esp_nat_alias_reserve(struct esp_nat_net *en,
			  const struct esp_nat_addr *addr);
void esp_nat_alias_sweep(struct esp_nat_net *en);
struct esp_nat_ctx *esp_nat_alias_find(struct esp_nat_net *en,
				       const struct esp_nat_addr *addr);
bool esp_nat_alias_given(struct esp_nat_net *en, __be32 ip);
bool esp_nat_alias_pool_valid(const struct esp_nat_prefix *prefix);
int esp_nat_alias_set_pool(struct esp_nat_net *en,
			   const struct esp_nat_prefix *prefix);

#endif /* _ESP_NAT_ALIAS_H */
