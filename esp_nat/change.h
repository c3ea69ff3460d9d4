/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_CHANGE_H
#define _ESP_NAT_CHANGE_H

#include <net/genetlink.h>

#include "uapi/linux/esp_nat.h"

extern const struct nla_policy esp_nat_change_alias_policy[ESP_NAT_A_MSG_MAX + 1];

int esp_nat_change_delete(struct sk_buff *skb, struct genl_info *info);
int esp_nat_change_flush(struct sk_buff *skb, struct genl_info *info);
int esp_nat_change_reserve(struct sk_buff *skb, struct genl_info *info);
int esp_nat_change_release(struct sk_buff *skb, struct genl_info *info);

#endif /* _ESP_NAT_CHANGE_H */
