/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_FOLLOW_H
#define _ESP_NAT_FOLLOW_H

#include "net.h"

bool esp_nat_follow_may(struct esp_nat_net *en, const struct esp_nat_ctx *ctx);
void esp_nat_follow_believe(struct esp_nat_net *en,
			    const struct esp_nat_ctx *ctx,
			    const struct esp_nat_flow *end,
			    const struct esp_nat_ep *peer);
void esp_nat_follow_answered(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			     const struct esp_nat_flow *end);
void esp_nat_follow_plain(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			  const struct esp_nat_ep *from);
bool esp_nat_follow_is_there(struct esp_nat_net *en,
			     const struct esp_nat_binding *b);

#endif /* _ESP_NAT_FOLLOW_H */
