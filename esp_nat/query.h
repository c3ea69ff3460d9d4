/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_QUERY_H
#define _ESP_NAT_QUERY_H

#include <net/genetlink.h>

#include "net.h"

extern const struct nla_policy esp_nat_query_ctx_policy[ESP_NAT_A_MSG_MAX + 1];

int esp_nat_query_ctx(struct sk_buff *skb, struct genl_info *info);
int esp_nat_query_ctxs(struct sk_buff *skb, struct netlink_callback *cb);
int esp_nat_query_counters(struct sk_buff *skb, struct netlink_callback *cb);
int esp_nat_query_pool(struct sk_buff *skb, struct genl_info *info);
int esp_nat_query_aliases(struct sk_buff *skb, struct netlink_callback *cb);
struct esp_nat_ctx *esp_nat_query_find(struct esp_nat_net *en,
				       struct nlattr **tb,
				       struct netlink_ext_ack *extack);

#endif /* _ESP_NAT_QUERY_H */
