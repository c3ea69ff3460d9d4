/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_PLACE_H
#define _ESP_NAT_PLACE_H

#include "ctx.h"

void esp_nat_place_unbind(struct esp_nat_table *t, struct esp_nat_binding *b);
struct esp_nat_binding *esp_nat_place_bound(struct esp_nat_table *t,
					    const struct esp_nat_ctx *ctx,
					    const struct esp_nat_flow *actual);
bool esp_nat_place_is_here(const struct esp_nat_binding *b);
bool esp_nat_place_left(const struct esp_nat_binding *b);
bool esp_nat_place_shows(struct esp_nat_table *t, const struct esp_nat_binding *b);
void esp_nat_place_present(struct esp_nat_table *t, struct esp_nat_binding *b);
void esp_nat_place_doubt(struct esp_nat_table *t,
			 const struct esp_nat_flow *actual,
			 const struct esp_nat_ctx *but);
struct esp_nat_binding *esp_nat_place_bind(struct esp_nat_table *t,
					   struct esp_nat_ctx *ctx,
					   const struct esp_nat_flow *actual,
					   const struct esp_nat_ep *presented,
					   bool proven);
bool esp_nat_place_anothers(struct esp_nat_table *t,
			    const struct esp_nat_flow *flow,
			    const struct esp_nat_ctx *but, bool at_home);
struct esp_nat_ep esp_nat_place_show(struct esp_nat_table *t,
				     struct esp_nat_ctx *ctx, __be16 port,
				     const struct esp_nat_addr *local,
				     bool at_home);

#endif /* _ESP_NAT_PLACE_H */
