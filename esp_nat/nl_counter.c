// SPDX-License-Identifier: GPL-2.0
/* Counters in netlink. */
#include "nl_attr.h"
#include "nl_counter.h"

static int esp_nat_nl_counter_put(struct sk_buff *skb,
				  struct esp_nat_net *en,
				  enum esp_nat_stat stat)
{
	struct nlattr *nest = nla_nest_start(skb, ESP_NAT_A_MSG_COUNTER);

	if (!nest || nla_put_string(skb, ESP_NAT_A_COUNTER_NAME,
				    esp_nat_stats_name(stat)) ||
	    nla_put_u64_64bit(skb, ESP_NAT_A_COUNTER_VALUE,
			      esp_nat_stats_sum(en->stats, stat),
			      ESP_NAT_A_COUNTER_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * esp_nat_nl_counter_dump() - the counters of a namespace
 * @skb: where to
 * @cb: the dump; args[0] is the next one
 *
 * Context: process.
 * Return: bytes written, 0: that was all.
 */
int esp_nat_nl_counter_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct esp_nat_net *en = esp_nat_nl_attr_net(cb);
	struct nlmsghdr *nlh;

	for (; cb->args[0] < ESP_NAT_STAT_MAX; cb->args[0]++) {
		nlh = esp_nat_nl_attr_next(skb, cb, ESP_NAT_CMD_COUNTER_GET);
		if (!nlh)
			break;
		if (esp_nat_nl_counter_put(skb, en, cb->args[0])) {
			nlmsg_cancel(skb, nlh);
			break;
		}
		nlmsg_end(skb, nlh);
	}
	return skb->len;
}
