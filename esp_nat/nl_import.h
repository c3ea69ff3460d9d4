/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_NL_IMPORT_H
#define _ESP_NAT_NL_IMPORT_H

#include <net/genetlink.h>

#include "uapi/linux/esp_nat.h"

extern const struct nla_policy esp_nat_nl_import_policy[ESP_NAT_A_MSG_MAX + 1];

int esp_nat_nl_import_contexts(struct sk_buff *skb, struct genl_info *info);

#endif /* _ESP_NAT_NL_IMPORT_H */
