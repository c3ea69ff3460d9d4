/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_HOOK_H
#define _ESP_NAT_HOOK_H

#include "net.h"

int esp_nat_hook_register(struct esp_nat_net *en);
void esp_nat_hook_unregister(struct esp_nat_net *en);

#endif /* _ESP_NAT_HOOK_H */
