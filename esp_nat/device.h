/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_DEVICE_H
#define _ESP_NAT_DEVICE_H

int esp_nat_device_register(void);
void esp_nat_device_unregister(void);

#endif /* _ESP_NAT_DEVICE_H */
