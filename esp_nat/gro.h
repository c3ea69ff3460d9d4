/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_GRO_H
#define _ESP_NAT_GRO_H

int esp_nat_gro_register(void);
void esp_nat_gro_unregister(void);

#endif /* _ESP_NAT_GRO_H */
