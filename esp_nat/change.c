// SPDX-License-Identifier: GPL-2.0
/* What user space may change, see Documentation/netlink/specs/esp_nat.yaml. */
#include "attr.h"
#include "change.h"
#include "death.h"
#include "held.h"
#include "query.h"

const struct nla_policy esp_nat_change_alias_policy[ESP_NAT_A_MSG_MAX + 1] = {
	[ESP_NAT_A_MSG_PRESENTED]	=
		NLA_POLICY_NESTED(esp_nat_attr_ep_policy),
	[ESP_NAT_A_MSG_ACTUAL]		=
		NLA_POLICY_NESTED(esp_nat_attr_ep_policy),
};

/**
 * esp_nat_change_delete() - a context is forgotten
 * @skb: the request
 * @info: its attributes, of esp_nat_query_ctx_policy
 *
 * Context: process.
 * Return: 0; -EINVAL, -ENOENT.
 */
int esp_nat_change_delete(struct sk_buff *skb, struct genl_info *info)
{
	struct esp_nat_net *en = esp_nat_net(genl_info_net(info));
	struct esp_nat_ctx *ctx;
	int err = 0;

	spin_lock_bh(&en->table.lock);
	ctx = esp_nat_query_find(en, info->attrs, info->extack);
	if (IS_ERR(ctx))
		err = PTR_ERR(ctx);
	else
		esp_nat_death_context(en, ctx, ESP_NAT_DEATH_DELETED);
	spin_unlock_bh(&en->table.lock);
	return err;
}

/**
 * esp_nat_change_flush() - all contexts are forgotten
 * @skb: the request
 * @info: its attributes, none
 *
 * Context: process.
 * Return: 0.
 */
int esp_nat_change_flush(struct sk_buff *skb, struct genl_info *info)
{
	esp_nat_death_flush(esp_nat_net(genl_info_net(info)),
			    ESP_NAT_DEATH_DELETED);
	return 0;
}

static int esp_nat_change_ep(struct genl_info *info, int type,
			     struct esp_nat_ep *ep)
{
	if (!info->attrs[type]) {
		if (type == ESP_NAT_A_MSG_PRESENTED)
			GENL_SET_ERR_MSG(info, "which alias?");
		else
			GENL_SET_ERR_MSG(info, "for which peer?");
		return -EINVAL;
	}
	return esp_nat_attr_get_ep(info->attrs[type], ep, info->extack);
}

static int esp_nat_change_alias(struct genl_info *info,
				struct esp_nat_addr *alias)
{
	struct esp_nat_ep ep;
	int err = esp_nat_change_ep(info, ESP_NAT_A_MSG_PRESENTED, &ep);

	if (err)
		return err;
	if (ep.addr.family != AF_INET || ep.port) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[ESP_NAT_A_MSG_PRESENTED],
				    "an alias is an IPv4 address without a port");
		return -EINVAL;
	}
	*alias = ep.addr;
	return 0;
}

static void esp_nat_change_explain(struct genl_info *info, int err)
{
	if (err == -EEXIST)
		GENL_SET_ERR_MSG(info,
				 "this peer or this alias has another reservation: release that first");
	else if (err == -ERANGE)
		GENL_SET_ERR_MSG(info,
				 "not an alias of net.esp_nat.alias_pool4");
}

/**
 * esp_nat_change_reserve() - an alias is kept for a peer
 * @skb: the request
 * @info: its attributes, of esp_nat_change_alias_policy
 *
 * Context: process.
 * Return: 0; -EINVAL; what esp_nat_held_add() says.
 */
int esp_nat_change_reserve(struct sk_buff *skb, struct genl_info *info)
{
	struct esp_nat_net *en = esp_nat_net(genl_info_net(info));
	struct esp_nat_addr alias;
	struct esp_nat_ep actual;
	int err;

	err = esp_nat_change_alias(info, &alias) ?:
	      esp_nat_change_ep(info, ESP_NAT_A_MSG_ACTUAL, &actual);
	if (err)
		return err;
	if (actual.addr.family != AF_INET) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[ESP_NAT_A_MSG_ACTUAL],
				    "only IPv4 peers have aliases");
		return -EINVAL;
	}
	err = esp_nat_held_add(en, &actual, &alias);
	esp_nat_change_explain(info, err);
	return err;
}

/**
 * esp_nat_change_release() - an alias is kept for nobody any more
 * @skb: the request
 * @info: its attributes, of esp_nat_change_alias_policy
 *
 * Context: process.
 * Return: 0; -EINVAL, -ENOENT.
 */
int esp_nat_change_release(struct sk_buff *skb, struct genl_info *info)
{
	struct esp_nat_net *en = esp_nat_net(genl_info_net(info));
	struct esp_nat_addr alias;
	int err = esp_nat_change_alias(info, &alias);

	if (err)
		return err;
	err = esp_nat_held_del(en, &alias);
	if (err)
		GENL_SET_ERR_MSG(info, "this alias is not reserved");
	return err;
}
