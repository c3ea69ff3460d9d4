/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_LIFECYCLE_H
#define _ESP_NAT_LIFECYCLE_H

#include "assign.h"
#include "net.h"

/**
 * enum esp_nat_death - why a context went
 * @ESP_NAT_DEATH_EXPIRED: its time was up
 * @ESP_NAT_DEATH_EVICTED: half-open, made room for another
 * @ESP_NAT_DEATH_FLUSHED: enabled=0, the namespace or the module went
 * @ESP_NAT_DEATH_FOLDED: half-open, found to be a client that is known
 * @ESP_NAT_DEATH_DELETED: an administrator deleted it
 * @ESP_NAT_DEATH_REFUSED: half-open, the daemon refused its alias
 */
enum esp_nat_death {
	ESP_NAT_DEATH_EXPIRED,
	ESP_NAT_DEATH_EVICTED,
	ESP_NAT_DEATH_FLUSHED,
	ESP_NAT_DEATH_FOLDED,
	ESP_NAT_DEATH_DELETED,
	ESP_NAT_DEATH_REFUSED,
};

int esp_nat_lifecycle_full(struct esp_nat_net *en,
			   const struct esp_nat_addr *addr,
			   const struct esp_nat_addr *local);
struct esp_nat_ctx *esp_nat_lifecycle_birth(struct esp_nat_net *en,
					    const struct esp_nat_birth *birth);
void esp_nat_lifecycle_go_on(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			     enum esp_nat_state state);
void esp_nat_lifecycle_death(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			     enum esp_nat_death why);
void esp_nat_lifecycle_expire(struct esp_nat_net *en,
			      enum esp_nat_state state);
void esp_nat_lifecycle_flush(struct esp_nat_net *en, enum esp_nat_death why);

#endif /* _ESP_NAT_LIFECYCLE_H */
