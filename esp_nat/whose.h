/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_WHOSE_H
#define _ESP_NAT_WHOSE_H

#include <linux/netlink.h>
#include <linux/skbuff.h>

int esp_nat_whose_sockets(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* _ESP_NAT_WHOSE_H */
