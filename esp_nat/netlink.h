/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_NETLINK_H
#define _ESP_NAT_NETLINK_H

int esp_nat_netlink_register(void);
void esp_nat_netlink_unregister(void);

#endif /* _ESP_NAT_NETLINK_H */
