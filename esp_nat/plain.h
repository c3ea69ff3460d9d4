/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_PLAIN_H
#define _ESP_NAT_PLAIN_H

#include "ctx.h"

struct esp_nat_ctx *esp_nat_plain_find(struct esp_nat_net *en,
				       const struct esp_nat_ep *presented);
void esp_nat_plain_heard(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			 const struct esp_nat_ep *from);
struct esp_nat_ep esp_nat_plain_where(struct esp_nat_net *en,
				      const struct esp_nat_ctx *ctx);

#endif /* _ESP_NAT_PLAIN_H */
