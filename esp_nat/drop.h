/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_DROP_H
#define _ESP_NAT_DROP_H

#include <linux/skbuff.h>

#include "net.h"

void esp_nat_drop_note(struct esp_nat_net *en, const struct sk_buff *skb,
		       enum esp_nat_stat reason);

#endif /* _ESP_NAT_DROP_H */
