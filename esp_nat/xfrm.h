/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_XFRM_H
#define _ESP_NAT_XFRM_H

int esp_nat_xfrm_register(void);
void esp_nat_xfrm_unregister(void);

#endif /* _ESP_NAT_XFRM_H */
