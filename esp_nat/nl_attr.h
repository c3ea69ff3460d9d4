/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_NL_ATTR_H
#define _ESP_NAT_NL_ATTR_H

#include <net/netlink.h>

#include "net.h"

extern const struct nla_policy
esp_nat_nl_attr_ep_policy[ESP_NAT_A_ENDPOINT_MAX + 1];

struct nlmsghdr *esp_nat_nl_attr_begin(struct sk_buff *skb, u32 portid,
				       const struct nlmsghdr *request, u8 cmd,
				       int flags);
struct nlmsghdr *esp_nat_nl_attr_next(struct sk_buff *skb,
				      struct netlink_callback *cb, u8 cmd);
struct esp_nat_net *esp_nat_nl_attr_net(const struct netlink_callback *cb);
int esp_nat_nl_attr_put_flag(struct sk_buff *skb, int type, bool set);
int esp_nat_nl_attr_put_ep(struct sk_buff *skb, int type,
			   const struct esp_nat_ep *ep);
int esp_nat_nl_attr_get_ep(const struct nlattr *attr, struct esp_nat_ep *ep,
			   struct netlink_ext_ack *extack);
int esp_nat_nl_attr_put_ctx(struct sk_buff *skb, struct esp_nat_net *en,
			    const struct esp_nat_ctx *ctx, bool locked);

#endif /* _ESP_NAT_NL_ATTR_H */
