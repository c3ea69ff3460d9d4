/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_ENFORCE_H
#define _ESP_NAT_ENFORCE_H

#include "ctx.h"
#include "rule.h"

enum esp_nat_rule esp_nat_enforce_verdict(struct esp_nat_net *en,
					  const struct esp_nat_ctx *ctx);
int esp_nat_enforce(struct esp_nat_net *en, struct esp_nat_ctx *ctx);

#endif /* _ESP_NAT_ENFORCE_H */
