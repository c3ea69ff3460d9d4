/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_FOLLOW_H
#define _ESP_NAT_FOLLOW_H

#include "ctx.h"

bool esp_nat_follow_may(struct esp_nat_net *en, const struct esp_nat_ctx *ctx);
struct esp_nat_binding *
esp_nat_follow_where(const struct esp_nat_ctx *ctx,
		     const struct esp_nat_ep *presented,
		     struct esp_nat_ep *where);
void esp_nat_follow_believe(struct esp_nat_net *en,
			    const struct esp_nat_ctx *ctx,
			    const struct esp_nat_ep *presented,
			    const struct esp_nat_ep *from);

#endif /* _ESP_NAT_FOLLOW_H */
