/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_LIFE_H
#define _ESP_NAT_LIFE_H

#include "ctx.h"
#include "sa.h"

void esp_nat_life_init(struct esp_nat_net *en);
void esp_nat_life_exit(struct esp_nat_net *en);
void esp_nat_life_start(struct esp_nat_net *en);
void esp_nat_life_kick(struct esp_nat_net *en);
struct esp_nat_ctx *esp_nat_life_find(struct esp_nat_net *en,
				      const struct esp_nat_sa *sa);
void esp_nat_life_sa_new(struct esp_nat_net *en, const struct esp_nat_sa *sa);
void esp_nat_life_sa_gone(struct esp_nat_net *en, const struct esp_nat_sa *sa);

#endif /* _ESP_NAT_LIFE_H */
