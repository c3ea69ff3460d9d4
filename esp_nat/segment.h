/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_SEGMENT_H
#define _ESP_NAT_SEGMENT_H

#include <linux/skbuff.h>

struct sk_buff *esp_nat_segment(struct sk_buff *skb);

#endif /* _ESP_NAT_SEGMENT_H */
