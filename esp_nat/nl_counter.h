/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_NL_COUNTER_H
#define _ESP_NAT_NL_COUNTER_H

#include <linux/netlink.h>
#include <linux/skbuff.h>

int esp_nat_nl_counter_dump(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* _ESP_NAT_NL_COUNTER_H */
