/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_VERDICT_H
#define _ESP_NAT_VERDICT_H

#include "net.h"
#include "rule.h"

enum esp_nat_rule esp_nat_verdict_of(struct esp_nat_net *en,
				     const struct esp_nat_ctx *ctx);
int esp_nat_verdict_refuse(struct esp_nat_net *en, struct esp_nat_ctx *ctx);

#endif /* _ESP_NAT_VERDICT_H */
