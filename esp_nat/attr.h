/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_ATTR_H
#define _ESP_NAT_ATTR_H

#include <net/netlink.h>

#include "ctx.h"

extern const struct nla_policy
esp_nat_attr_ep_policy[ESP_NAT_A_ENDPOINT_MAX + 1];

struct nlmsghdr *esp_nat_attr_begin(struct sk_buff *skb, u32 portid,
				    const struct nlmsghdr *request, u8 cmd,
				    int flags);
int esp_nat_attr_put_flag(struct sk_buff *skb, int type, bool set);
void esp_nat_attr_where(const struct esp_nat_ctx *ctx, bool locked,
			struct esp_nat_ep *actual,
			struct esp_nat_ep *presented);
int esp_nat_attr_put_ep(struct sk_buff *skb, int type,
			const struct esp_nat_ep *ep);
int esp_nat_attr_get_ep(const struct nlattr *attr, struct esp_nat_ep *ep,
			struct netlink_ext_ack *extack);
int esp_nat_attr_put_ctx(struct sk_buff *skb, struct esp_nat_net *en,
			 const struct esp_nat_ctx *ctx, bool locked);

#endif /* _ESP_NAT_ATTR_H */
