/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_SA_WATCH_H
#define _ESP_NAT_SA_WATCH_H

#include "net.h"
#include "sa.h"

int esp_nat_sa_watch_init(struct esp_nat_net *en);
void esp_nat_sa_watch_exit(struct esp_nat_net *en);
void esp_nat_sa_watch_start(struct esp_nat_net *en);
void esp_nat_sa_watch_stop(struct esp_nat_net *en);
void esp_nat_sa_watch_kick(struct esp_nat_net *en);
void esp_nat_sa_watch_new(struct esp_nat_net *en, const struct esp_nat_sa *sa);
void esp_nat_sa_watch_gone(struct esp_nat_net *en, const struct esp_nat_sa *sa);

#endif /* _ESP_NAT_SA_WATCH_H */
