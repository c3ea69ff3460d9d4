/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_COVER_H
#define _ESP_NAT_COVER_H

#include "net.h"

bool esp_nat_cover_alias(struct esp_nat_net *en, const struct esp_nat_addr *alias,
			 int l3mdev);
bool esp_nat_cover_pool(struct esp_nat_net *en);
void esp_nat_cover_again(struct esp_nat_net *en);
void esp_nat_cover_look(struct esp_nat_net *en);
void esp_nat_cover_warn(struct esp_nat_net *en);

#endif /* _ESP_NAT_COVER_H */
