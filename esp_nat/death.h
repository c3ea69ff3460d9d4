/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_DEATH_H
#define _ESP_NAT_DEATH_H

#include "ctx.h"

/**
 * enum esp_nat_death - why a context went
 * @ESP_NAT_DEATH_EXPIRED: its time was up
 * @ESP_NAT_DEATH_EVICTED: half-open, made room for another
 * @ESP_NAT_DEATH_FLUSHED: enabled=0, the namespace or the module went
 * @ESP_NAT_DEATH_FOLDED: half-open, found to be a client that is known
 * @ESP_NAT_DEATH_DELETED: an administrator deleted it
 */
enum esp_nat_death {
	ESP_NAT_DEATH_EXPIRED,
	ESP_NAT_DEATH_EVICTED,
	ESP_NAT_DEATH_FLUSHED,
	ESP_NAT_DEATH_FOLDED,
	ESP_NAT_DEATH_DELETED,
};

void esp_nat_death_trace(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			 int why);
void esp_nat_death_context(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			   enum esp_nat_death why);
void esp_nat_death_flush(struct esp_nat_net *en, enum esp_nat_death why);

#endif /* _ESP_NAT_DEATH_H */
