/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_KEEPALIVE_H
#define _ESP_NAT_KEEPALIVE_H

#include "net.h"

int esp_nat_keepalive_init(struct esp_nat_net *en);
void esp_nat_keepalive_stop(struct esp_nat_net *en);
void esp_nat_keepalive_exit(struct esp_nat_net *en);
void esp_nat_keepalive_begin(struct esp_nat_net *en, struct esp_nat_ctx *ctx);
void esp_nat_keepalive_again(struct esp_nat_net *en);

#endif /* _ESP_NAT_KEEPALIVE_H */
