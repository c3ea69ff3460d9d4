// SPDX-License-Identifier: GPL-2.0
/* Aliases in netlink: the pool, and the static ones. */
#include "alias_static.h"
#include "cover.h"
#include "nl_alias.h"
#include "nl_attr.h"

const struct nla_policy esp_nat_nl_alias_policy[ESP_NAT_A_MSG_MAX + 1] = {
	[ESP_NAT_A_MSG_PRESENTED]	=
		NLA_POLICY_NESTED(esp_nat_nl_attr_ep_policy),
	[ESP_NAT_A_MSG_ACTUAL]		=
		NLA_POLICY_NESTED(esp_nat_nl_attr_ep_policy),
};

/* ---- the pool ---- */

static int esp_nat_nl_alias_put_pool(struct sk_buff *skb,
				     struct esp_nat_net *en)
{
	const struct esp_nat_pool *pool = &en->pool;
	struct esp_nat_ep first = { .addr = pool->prefix.addr };

	lockdep_assert_held(pool->lock);

	if (esp_nat_nl_attr_put_ep(skb, ESP_NAT_A_POOL_FIRST, &first) ||
	    nla_put_u8(skb, ESP_NAT_A_POOL_PREFIX_LEN, pool->prefix.len) ||
	    esp_nat_nl_attr_put_flag(skb, ESP_NAT_A_POOL_WRITTEN,
				     pool->written) ||
	    esp_nat_nl_attr_put_flag(skb, ESP_NAT_A_POOL_COVERED,
				     esp_nat_cover_pool(en)) ||
	    nla_put_u32(skb, ESP_NAT_A_POOL_GIVEN, pool->given) ||
	    nla_put_u32(skb, ESP_NAT_A_POOL_LINGERING, pool->lingering) ||
	    nla_put_u32(skb, ESP_NAT_A_POOL_STATIC, pool->nr_static))
		return -EMSGSIZE;
	return 0;
}

static int esp_nat_nl_alias_fill_pool(struct sk_buff *skb,
				      struct esp_nat_net *en)
{
	struct nlattr *nest = nla_nest_start(skb, ESP_NAT_A_MSG_POOL);
	int err;

	if (!nest)
		return -EMSGSIZE;
	spin_lock_bh(&en->table.lock);
	err = esp_nat_nl_alias_put_pool(skb, en);
	spin_unlock_bh(&en->table.lock);
	if (!err)
		nla_nest_end(skb, nest);
	return err;
}

/**
 * esp_nat_nl_alias_pool() - the pool of aliases
 * @skb: the question
 * @info: its attributes, none
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_nl_alias_pool(struct sk_buff *skb, struct genl_info *info)
{
	struct esp_nat_net *en = esp_nat_net(genl_info_net(info));
	struct sk_buff *msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	struct nlmsghdr *nlh;

	if (!msg)
		return -ENOMEM;
	nlh = esp_nat_nl_attr_begin(msg, info->snd_portid, info->nlhdr,
				    ESP_NAT_CMD_POOL_GET, 0);
	if (nlh && !esp_nat_nl_alias_fill_pool(msg, en)) {
		nlmsg_end(msg, nlh);
		return genlmsg_reply(msg, info);
	}
	nlmsg_free(msg);
	return -ENOMEM;
}

/* ---- static aliases ---- */

static int esp_nat_nl_alias_put(struct sk_buff *skb, struct esp_nat_net *en,
				const struct esp_nat_alias_static *kept)
{
	struct esp_nat_ep alias = { .addr = kept->alias };
	struct nlattr *nest = nla_nest_start(skb, ESP_NAT_A_MSG_ALIAS);

	if (!nest ||
	    esp_nat_nl_attr_put_ep(skb, ESP_NAT_A_ALIAS_PRESENTED, &alias) ||
	    esp_nat_nl_attr_put_ep(skb, ESP_NAT_A_ALIAS_ACTUAL, &kept->actual) ||
	    esp_nat_nl_attr_put_flag(skb, ESP_NAT_A_ALIAS_USED,
				     esp_nat_alias_find(&en->pool, &kept->alias)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * esp_nat_nl_alias_dump() - the static aliases
 * @skb: where to
 * @cb: the dump; args[0] is the next alias, host byte order
 *
 * Context: process.
 * Return: bytes written, 0: that was all.
 */
int esp_nat_nl_alias_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct esp_nat_net *en = esp_nat_nl_attr_net(cb);
	unsigned long alias = cb->args[0];
	const struct esp_nat_alias_static *kept;
	struct nlmsghdr *nlh;

	spin_lock_bh(&en->table.lock);
	while ((kept = esp_nat_alias_static_next(&en->pool, &alias))) {
		nlh = esp_nat_nl_attr_next(skb, cb, ESP_NAT_CMD_ALIAS_GET);
		if (!nlh)
			break;
		if (esp_nat_nl_alias_put(skb, en, kept)) {
			nlmsg_cancel(skb, nlh);
			break;
		}
		nlmsg_end(skb, nlh);
		alias++;
	}
	spin_unlock_bh(&en->table.lock);
	cb->args[0] = alias;
	return skb->len;
}

static int esp_nat_nl_alias_ep(struct genl_info *info, int type,
			       struct esp_nat_ep *ep)
{
	if (!info->attrs[type]) {
		if (type == ESP_NAT_A_MSG_PRESENTED)
			GENL_SET_ERR_MSG(info, "the alias is missing");
		else
			GENL_SET_ERR_MSG(info, "the peer is missing");
		return -EINVAL;
	}
	return esp_nat_nl_attr_get_ep(info->attrs[type], ep, info->extack);
}

static int esp_nat_nl_alias_get(struct genl_info *info,
				struct esp_nat_addr *alias)
{
	struct esp_nat_ep ep;
	int err = esp_nat_nl_alias_ep(info, ESP_NAT_A_MSG_PRESENTED, &ep);

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

static void esp_nat_nl_alias_explain(struct genl_info *info, int err)
{
	if (err == -EEXIST)
		GENL_SET_ERR_MSG(info,
				 "this peer has another static alias, or this alias another peer: delete that first");
	else if (err == -ERANGE)
		GENL_SET_ERR_MSG(info,
				 "not an alias of net.esp_nat.alias_pool4");
}

/**
 * esp_nat_nl_alias_add() - an alias is kept for a peer
 * @skb: the request
 * @info: its attributes, of esp_nat_nl_alias_policy
 *
 * Context: process.
 * Return: 0; -EINVAL; what esp_nat_alias_static_add() says.
 */
int esp_nat_nl_alias_add(struct sk_buff *skb, struct genl_info *info)
{
	struct esp_nat_net *en = esp_nat_net(genl_info_net(info));
	struct esp_nat_addr alias;
	struct esp_nat_ep actual;
	int err;

	err = esp_nat_nl_alias_get(info, &alias);
	if (!err)
		err = esp_nat_nl_alias_ep(info, ESP_NAT_A_MSG_ACTUAL, &actual);
	if (err)
		return err;
	if (actual.addr.family != AF_INET) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[ESP_NAT_A_MSG_ACTUAL],
				    "only IPv4 peers have aliases");
		return -EINVAL;
	}
	err = esp_nat_alias_static_add(&en->pool, &actual, &alias);
	esp_nat_nl_alias_explain(info, err);
	return err;
}

/**
 * esp_nat_nl_alias_del() - an alias is kept for nobody any more
 * @skb: the request
 * @info: its attributes, of esp_nat_nl_alias_policy
 *
 * Context: process.
 * Return: 0; -EINVAL, -ENOENT.
 */
int esp_nat_nl_alias_del(struct sk_buff *skb, struct genl_info *info)
{
	struct esp_nat_net *en = esp_nat_net(genl_info_net(info));
	struct esp_nat_addr alias;
	int err = esp_nat_nl_alias_get(info, &alias);

	if (err)
		return err;
	err = esp_nat_alias_static_del(&en->pool, &alias);
	if (err)
		GENL_SET_ERR_MSG(info, "this alias is not static");
	return err;
}
