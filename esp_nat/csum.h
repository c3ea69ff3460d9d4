/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_CSUM_H
#define _ESP_NAT_CSUM_H

#include <linux/skbuff.h>

#include "net.h"

void esp_nat_csum_forward(struct esp_nat_net *en, struct sk_buff *skb);

#endif /* _ESP_NAT_CSUM_H */
