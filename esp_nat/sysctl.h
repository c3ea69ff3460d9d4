/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_SYSCTL_H
#define _ESP_NAT_SYSCTL_H

#include "net.h"

int esp_nat_sysctl_register(struct esp_nat_net *en);
void esp_nat_sysctl_unregister(struct esp_nat_net *en);

#endif /* _ESP_NAT_SYSCTL_H */
