/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_NL_ALIAS_H
#define _ESP_NAT_NL_ALIAS_H

#include <net/genetlink.h>

#include "uapi/linux/esp_nat.h"

extern const struct nla_policy esp_nat_nl_alias_policy[ESP_NAT_A_MSG_MAX + 1];

int esp_nat_nl_alias_pool(struct sk_buff *skb, struct genl_info *info);
int esp_nat_nl_alias_dump(struct sk_buff *skb, struct netlink_callback *cb);
int esp_nat_nl_alias_add(struct sk_buff *skb, struct genl_info *info);
int esp_nat_nl_alias_del(struct sk_buff *skb, struct genl_info *info);

#endif /* _ESP_NAT_NL_ALIAS_H */
