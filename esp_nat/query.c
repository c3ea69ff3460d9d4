// SPDX-License-Identifier: GPL-2.0
/* What user space may ask, see Documentation/netlink/specs/esp_nat.yaml. */
#include "alias.h"
#include "attr.h"
#include "held.h"
#include "life.h"
#include "plain.h"
#include "query.h"

/* Contexts that one hold of the table's lock looks at. */
#define ESP_NAT_QUERY_CHUNK	256

const struct nla_policy esp_nat_query_ctx_policy[ESP_NAT_A_MSG_MAX + 1] = {
	[ESP_NAT_A_MSG_ID]		= { .type = NLA_U64 },
	[ESP_NAT_A_MSG_PRESENTED]	=
		NLA_POLICY_NESTED(esp_nat_attr_ep_policy),
	[ESP_NAT_A_MSG_ACTUAL]		=
		NLA_POLICY_NESTED(esp_nat_attr_ep_policy),
	[ESP_NAT_A_MSG_SPI]		= { .type = NLA_U32 },
};

static struct esp_nat_net *esp_nat_query_net(const struct netlink_callback *cb)
{
	return esp_nat_net(sock_net(cb->skb->sk));
}

static struct nlmsghdr *esp_nat_query_next(struct sk_buff *skb,
					   struct netlink_callback *cb, u8 cmd)
{
	return esp_nat_attr_begin(skb, NETLINK_CB(cb->skb).portid, cb->nlh, cmd,
				  NLM_F_MULTI);
}

static int esp_nat_query_reply(struct sk_buff *msg, struct nlmsghdr *nlh,
			       struct genl_info *info)
{
	nlmsg_end(msg, nlh);
	return genlmsg_reply(msg, info);
}

/* ---- one context ---- */

static struct esp_nat_ctx *esp_nat_query_by_id(struct esp_nat_net *en, u64 id)
{
	return id > ULONG_MAX ? NULL : xa_load(&en->table.ids, id);
}

static struct esp_nat_ctx *esp_nat_query_by_presented(struct esp_nat_net *en,
						      const struct esp_nat_ep *ep)
{
	return ep->port ? esp_nat_ctx_by_presented(en, ep) :
			  esp_nat_plain_find(en, ep);
}

static struct esp_nat_ctx *esp_nat_query_by_actual(struct esp_nat_net *en,
						   const struct esp_nat_ep *ep)
{
	struct esp_nat_binding *b = esp_nat_binding_by_actual(en, ep);

	return b ? b->ctx : NULL;
}

/* No error: there is none of that name. */
static int esp_nat_query_named(struct esp_nat_net *en, struct nlattr **tb,
			       struct esp_nat_ctx **ctx,
			       struct netlink_ext_ack *extack)
{
	struct esp_nat_ep ep;
	int err;

	if (tb[ESP_NAT_A_MSG_ID]) {
		*ctx = esp_nat_query_by_id(en, nla_get_u64(tb[ESP_NAT_A_MSG_ID]));
		return 0;
	}
	if (tb[ESP_NAT_A_MSG_PRESENTED]) {
		err = esp_nat_attr_get_ep(tb[ESP_NAT_A_MSG_PRESENTED], &ep,
					  extack);
		if (!err)
			*ctx = esp_nat_query_by_presented(en, &ep);
		return err;
	}
	if (!tb[ESP_NAT_A_MSG_ACTUAL]) {
		NL_SET_ERR_MSG(extack,
			       "which context? name its id, a presented or an actual endpoint");
		return -EINVAL;
	}
	err = esp_nat_attr_get_ep(tb[ESP_NAT_A_MSG_ACTUAL], &ep, extack);
	if (err)
		return err;
	if (!ep.port) {
		NL_SET_ERR_MSG_ATTR(extack, tb[ESP_NAT_A_MSG_ACTUAL],
				    "several clients may be there: name its port, or dump");
		return -EINVAL;
	}
	*ctx = esp_nat_query_by_actual(en, &ep);
	return 0;
}

/**
 * esp_nat_query_find() - the context that a request names
 * @en: the namespace
 * @tb: its attributes, of esp_nat_query_ctx_policy
 * @extack: told what is wrong
 *
 * Context: process, &esp_nat_table.lock held.
 * Return: the context; ERR_PTR: -EINVAL, -ENOENT.
 */
struct esp_nat_ctx *esp_nat_query_find(struct esp_nat_net *en,
				       struct nlattr **tb,
				       struct netlink_ext_ack *extack)
{
	struct esp_nat_ctx *ctx = NULL;
	int err;

	rcu_read_lock();
	err = esp_nat_query_named(en, tb, &ctx, extack);
	rcu_read_unlock();
	if (err)
		return ERR_PTR(err);
	if (ctx)
		return ctx;
	NL_SET_ERR_MSG(extack, "no such context");
	return ERR_PTR(-ENOENT);
}

/* An SPI is looked for without the lock, which nests inside xfrm's. */
static struct esp_nat_ctx *esp_nat_query_by_sa(struct esp_nat_net *en,
					       const struct esp_nat_sa *sa,
					       struct netlink_ext_ack *extack)
{
	struct esp_nat_ctx *ctx;

	rcu_read_lock();
	ctx = esp_nat_life_find(en, sa);
	rcu_read_unlock();
	if (ctx)
		return ctx;
	NL_SET_ERR_MSG(extack, "the SA of that SPI has no context");
	return ERR_PTR(-ENOENT);
}

static int esp_nat_query_put(struct sk_buff *msg, struct esp_nat_net *en,
			     struct genl_info *info)
{
	struct nlattr *spi = info->attrs[ESP_NAT_A_MSG_SPI];
	struct esp_nat_ctx *ctx;
	struct esp_nat_sa sa;
	int err;

	if (spi && !esp_nat_sa_by_spi(en, nla_get_be32(spi), &sa)) {
		NL_SET_ERR_MSG_ATTR(info->extack, spi, "no SA has that SPI");
		return -ENOENT;
	}
	spin_lock_bh(&en->table.lock);
	ctx = spi ? esp_nat_query_by_sa(en, &sa, info->extack) :
		    esp_nat_query_find(en, info->attrs, info->extack);
	err = IS_ERR(ctx) ? PTR_ERR(ctx) :
			    esp_nat_attr_put_ctx(msg, en, ctx, true);
	spin_unlock_bh(&en->table.lock);
	return err;
}

/**
 * esp_nat_query_ctx() - one context
 * @skb: the question
 * @info: its attributes
 *
 * Context: process.
 * Return: 0; -EINVAL, -ENOENT, -ENOMEM.
 */
int esp_nat_query_ctx(struct sk_buff *skb, struct genl_info *info)
{
	struct esp_nat_net *en = esp_nat_net(genl_info_net(info));
	struct sk_buff *msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	struct nlmsghdr *nlh;
	int err = -ENOMEM;

	if (!msg)
		return err;
	nlh = esp_nat_attr_begin(msg, info->snd_portid, info->nlhdr,
				 ESP_NAT_CMD_CTX_GET, 0);
	if (nlh)
		err = esp_nat_query_put(msg, en, info);
	if (!err)
		return esp_nat_query_reply(msg, nlh, info);
	nlmsg_free(msg);
	return err;
}

/* ---- all contexts ---- */

/**
 * struct esp_nat_query_filter - which contexts
 * @presented: those with this presented address, and port if it has one
 * @actual: those there, likewise
 *
 * Without a family, any.
 */
struct esp_nat_query_filter {
	struct esp_nat_ep	presented;
	struct esp_nat_ep	actual;
};

static int esp_nat_query_filter(struct netlink_callback *cb,
				struct esp_nat_query_filter *filter)
{
	struct nlattr *tb[ESP_NAT_A_MSG_MAX + 1];
	int err;

	*filter = (struct esp_nat_query_filter) { };
	err = nlmsg_parse(cb->nlh, GENL_HDRLEN, tb, ESP_NAT_A_MSG_MAX,
			  esp_nat_query_ctx_policy, cb->extack);
	if (err)
		return err;
	if (tb[ESP_NAT_A_MSG_ID] || tb[ESP_NAT_A_MSG_SPI]) {
		NL_SET_ERR_MSG(cb->extack, "a dump has no id and no SPI");
		return -EINVAL;
	}
	if (tb[ESP_NAT_A_MSG_PRESENTED])
		err = esp_nat_attr_get_ep(tb[ESP_NAT_A_MSG_PRESENTED],
					  &filter->presented, cb->extack);
	if (!err && tb[ESP_NAT_A_MSG_ACTUAL])
		err = esp_nat_attr_get_ep(tb[ESP_NAT_A_MSG_ACTUAL],
					  &filter->actual, cb->extack);
	return err;
}

static bool esp_nat_query_is(const struct esp_nat_ep *want,
			     const struct esp_nat_ep *ep)
{
	if (!want->addr.family)
		return true;
	return esp_nat_addr_equal(&want->addr, &ep->addr) &&
	       (!want->port || want->port == ep->port);
}

static bool esp_nat_query_wanted(const struct esp_nat_query_filter *filter,
				 const struct esp_nat_ctx *ctx)
{
	struct esp_nat_ep actual, presented;

	esp_nat_attr_where(ctx, true, &actual, &presented);
	return esp_nat_query_is(&filter->presented, &presented) &&
	       esp_nat_query_is(&filter->actual, &actual);
}

static int esp_nat_query_put_one(struct sk_buff *skb,
				 struct netlink_callback *cb,
				 struct esp_nat_net *en,
				 const struct esp_nat_ctx *ctx)
{
	struct nlmsghdr *nlh = esp_nat_query_next(skb, cb, ESP_NAT_CMD_CTX_GET);

	if (!nlh)
		return -EMSGSIZE;
	nl_dump_check_consistent(cb, nlh);
	if (esp_nat_attr_put_ctx(skb, en, ctx, true)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

/* Some, from a number on; true if there may be more to look at. */
static bool esp_nat_query_some(struct sk_buff *skb, struct netlink_callback *cb,
			       const struct esp_nat_query_filter *filter,
			       unsigned long *id)
{
	struct esp_nat_net *en = esp_nat_query_net(cb);
	struct esp_nat_table *t = &en->table;
	struct esp_nat_ctx *ctx;
	unsigned int chunk;

	cb->seq = t->gen;
	for (chunk = 0; chunk < ESP_NAT_QUERY_CHUNK; chunk++) {
		ctx = xa_find(&t->ids, id, ULONG_MAX, XA_PRESENT);
		if (!ctx)
			return false;
		if (esp_nat_query_wanted(filter, ctx) &&
		    esp_nat_query_put_one(skb, cb, en, ctx))
			return false;
		++*id;
	}
	return true;
}

/**
 * esp_nat_query_ctxs() - all contexts that a filter lets pass
 * @skb: where to
 * @cb: the dump; args[0] is the next number
 *
 * Births and deaths meanwhile are told (NLM_F_DUMP_INTR).
 *
 * Context: process. The table's lock is held for short times only.
 * Return: bytes written, 0: that was all; -EINVAL; -EMSGSIZE.
 */
int esp_nat_query_ctxs(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct esp_nat_net *en = esp_nat_query_net(cb);
	unsigned long id = cb->args[0];
	struct esp_nat_query_filter filter;
	bool more;
	int err;

	err = esp_nat_query_filter(cb, &filter);
	if (err)
		return err;
	do {
		spin_lock_bh(&en->table.lock);
		more = esp_nat_query_some(skb, cb, &filter, &id);
		spin_unlock_bh(&en->table.lock);
		cond_resched();
	} while (more);
	cb->args[0] = id;
	return skb->len;
}

/* ---- counters ---- */

static int esp_nat_query_put_counter(struct sk_buff *skb,
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
 * esp_nat_query_counters() - the counters of a namespace
 * @skb: where to
 * @cb: the dump; args[0] is the next one
 *
 * Context: process.
 * Return: bytes written, 0: that was all.
 */
int esp_nat_query_counters(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct esp_nat_net *en = esp_nat_query_net(cb);
	struct nlmsghdr *nlh;

	for (; cb->args[0] < ESP_NAT_STAT_MAX; cb->args[0]++) {
		nlh = esp_nat_query_next(skb, cb, ESP_NAT_CMD_COUNTER_GET);
		if (!nlh)
			break;
		if (esp_nat_query_put_counter(skb, en, cb->args[0])) {
			nlmsg_cancel(skb, nlh);
			break;
		}
		nlmsg_end(skb, nlh);
	}
	return skb->len;
}

/* ---- aliases ---- */

static int esp_nat_query_put_pool(struct sk_buff *skb, struct esp_nat_net *en)
{
	const struct esp_nat_pool *pool = &en->pool;
	bool covered = esp_nat_alias_covers(en);
	struct esp_nat_ep first = { };
	struct nlattr *nest;
	int err;

	nest = nla_nest_start(skb, ESP_NAT_A_MSG_POOL);
	if (!nest)
		return -EMSGSIZE;
	spin_lock_bh(&en->table.lock);
	first.addr = pool->prefix.addr;
	err = esp_nat_attr_put_ep(skb, ESP_NAT_A_POOL_FIRST, &first) ?:
	      nla_put_u8(skb, ESP_NAT_A_POOL_PREFIX_LEN, pool->prefix.len) ?:
	      esp_nat_attr_put_flag(skb, ESP_NAT_A_POOL_WRITTEN,
				    pool->written) ?:
	      esp_nat_attr_put_flag(skb, ESP_NAT_A_POOL_COVERED, covered) ?:
	      nla_put_u32(skb, ESP_NAT_A_POOL_GIVEN, pool->given) ?:
	      nla_put_u32(skb, ESP_NAT_A_POOL_RESERVED, pool->reserved);
	spin_unlock_bh(&en->table.lock);
	nla_nest_end(skb, nest);
	return err;
}

/**
 * esp_nat_query_pool() - the pool of aliases
 * @skb: the question
 * @info: its attributes, none
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_query_pool(struct sk_buff *skb, struct genl_info *info)
{
	struct esp_nat_net *en = esp_nat_net(genl_info_net(info));
	struct sk_buff *msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	struct nlmsghdr *nlh;

	if (!msg)
		return -ENOMEM;
	nlh = esp_nat_attr_begin(msg, info->snd_portid, info->nlhdr,
				 ESP_NAT_CMD_POOL_GET, 0);
	if (nlh && !esp_nat_query_put_pool(msg, en))
		return esp_nat_query_reply(msg, nlh, info);
	nlmsg_free(msg);
	return -ENOMEM;
}

static int esp_nat_query_put_alias(struct sk_buff *skb, struct esp_nat_net *en,
				   const struct esp_nat_held *held)
{
	struct esp_nat_ep alias = { .addr = held->alias };
	struct nlattr *nest = nla_nest_start(skb, ESP_NAT_A_MSG_ALIAS);

	if (!nest ||
	    esp_nat_attr_put_ep(skb, ESP_NAT_A_ALIAS_PRESENTED, &alias) ||
	    esp_nat_attr_put_ep(skb, ESP_NAT_A_ALIAS_ACTUAL, &held->actual) ||
	    esp_nat_attr_put_flag(skb, ESP_NAT_A_ALIAS_USED,
				  esp_nat_alias_find(en, &held->alias)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * esp_nat_query_aliases() - the aliases that are kept for a peer
 * @skb: where to
 * @cb: the dump; args[0] is the next alias, host byte order
 *
 * Context: process.
 * Return: bytes written, 0: that was all.
 */
int esp_nat_query_aliases(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct esp_nat_net *en = esp_nat_query_net(cb);
	unsigned long alias = cb->args[0];
	struct esp_nat_held *held;
	struct nlmsghdr *nlh;

	spin_lock_bh(&en->table.lock);
	while ((held = xa_find(&en->pool.held, &alias, ULONG_MAX,
			       XA_PRESENT))) {
		nlh = esp_nat_query_next(skb, cb, ESP_NAT_CMD_ALIAS_GET);
		if (!nlh)
			break;
		if (esp_nat_query_put_alias(skb, en, held)) {
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
