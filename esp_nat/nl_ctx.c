// SPDX-License-Identifier: GPL-2.0
/* Contexts in netlink: what user space may ask of them, and do to them. */
#include "alias.h"
#include "lifecycle.h"
#include "locate.h"
#include "nl_attr.h"
#include "nl_ctx.h"

/* Contexts that one hold of the table's lock looks at. */
#define ESP_NAT_NL_CTX_CHUNK	256

const struct nla_policy esp_nat_nl_ctx_policy[ESP_NAT_A_MSG_MAX + 1] = {
	[ESP_NAT_A_MSG_ID]		= { .type = NLA_U64 },
	[ESP_NAT_A_MSG_PRESENTED]	=
		NLA_POLICY_NESTED(esp_nat_nl_attr_ep_policy),
	[ESP_NAT_A_MSG_ACTUAL]		=
		NLA_POLICY_NESTED(esp_nat_nl_attr_ep_policy),
	[ESP_NAT_A_MSG_SPI]		= { .type = NLA_U32 },
	[ESP_NAT_A_MSG_LOCAL]		=
		NLA_POLICY_NESTED(esp_nat_nl_attr_ep_policy),
};

/* ---- one context ---- */

static struct esp_nat_ctx *esp_nat_nl_ctx_by_id(struct esp_nat_net *en, u64 id)
{
	return id > ULONG_MAX ? NULL : xa_load(&en->table.ids, id);
}

static struct esp_nat_ctx *
esp_nat_nl_ctx_by_actual(struct esp_nat_net *en, const struct esp_nat_flow *flow)
{
	struct esp_nat_binding *b;

	b = esp_nat_binding_by_actual(&en->table.bindings, flow);
	return b ? b->ctx : NULL;
}

/* Is it found at this endpoint, whatever the address of this end is? */
static bool esp_nat_nl_ctx_has(const struct esp_nat_ctx *ctx, int type,
			       const struct esp_nat_ep *ep)
{
	const struct esp_nat_binding *b;

	list_for_each_entry(b, &ctx->bindings, list)
		if (type == ESP_NAT_A_MSG_PRESENTED ?
		    b->in_presented && esp_nat_ep_equal(&b->presented.peer, ep) :
		    b->in_actual && esp_nat_ep_equal(&b->actual.peer, ep))
			return true;
	return false;
}

/* Who asks does not say which address of this end: there may be but one. */
static int esp_nat_nl_ctx_any(struct esp_nat_net *en, int type,
			      const struct esp_nat_ep *ep,
			      struct esp_nat_ctx **found,
			      struct netlink_ext_ack *extack)
{
	struct esp_nat_ctx *ctx;
	unsigned long id;

	xa_for_each(&en->table.ids, id, ctx) {
		if (!esp_nat_nl_ctx_has(ctx, type, ep))
			continue;
		if (*found) {
			NL_SET_ERR_MSG(extack,
				       "clients of several local addresses have this endpoint: name the local one, too");
			return -ENOTUNIQ;
		}
		*found = ctx;
	}
	return 0;
}

/* Without a port it is one of three. */
static int esp_nat_nl_ctx_any_presented(struct esp_nat_net *en,
					const struct esp_nat_ep *ep,
					struct esp_nat_ctx **found,
					struct netlink_ext_ack *extack)
{
	__be16 ports[] = { ep->port, htons(READ_ONCE(en->cfg.ike_port)),
			   htons(READ_ONCE(en->cfg.nat_port)) };
	struct esp_nat_ep at = *ep;
	int i, err = 0;

	*found = esp_nat_alias_find(&en->pool, &ep->addr);
	for (i = 0; !*found && !err && i < (ep->port ? 1 : ARRAY_SIZE(ports));
	     i++) {
		at.port = ports[i];
		err = esp_nat_nl_ctx_any(en, ESP_NAT_A_MSG_PRESENTED, &at,
					 found, extack);
	}
	return err;
}

/* By an endpoint, and the address of this end, if that is named, too. */
static int esp_nat_nl_ctx_by_end(struct esp_nat_net *en, struct nlattr **tb,
				 int type, const struct esp_nat_ep *ep,
				 struct esp_nat_ctx **ctx,
				 struct netlink_ext_ack *extack)
{
	struct esp_nat_flow flow;
	struct esp_nat_ep local;
	int err;

	if (!tb[ESP_NAT_A_MSG_LOCAL])
		return type == ESP_NAT_A_MSG_PRESENTED ?
		       esp_nat_nl_ctx_any_presented(en, ep, ctx, extack) :
		       esp_nat_nl_ctx_any(en, type, ep, ctx, extack);
	err = esp_nat_nl_attr_get_ep(tb[ESP_NAT_A_MSG_LOCAL], &local, extack);
	if (err)
		return err;
	flow = esp_nat_flow(ep, &local.addr);
	*ctx = type == ESP_NAT_A_MSG_PRESENTED ?
	       esp_nat_locate_sa_end(en, &flow, ep->port) :
	       esp_nat_nl_ctx_by_actual(en, &flow);
	return 0;
}

/* No error: there is none of that name. */
static int esp_nat_nl_ctx_named(struct esp_nat_net *en, struct nlattr **tb,
				struct esp_nat_ctx **ctx,
				struct netlink_ext_ack *extack)
{
	struct esp_nat_ep ep;
	int err;

	if (tb[ESP_NAT_A_MSG_ID]) {
		*ctx = esp_nat_nl_ctx_by_id(en, nla_get_u64(tb[ESP_NAT_A_MSG_ID]));
		return 0;
	}
	if (tb[ESP_NAT_A_MSG_PRESENTED]) {
		err = esp_nat_nl_attr_get_ep(tb[ESP_NAT_A_MSG_PRESENTED], &ep,
					     extack);
		return err ?: esp_nat_nl_ctx_by_end(en, tb,
						    ESP_NAT_A_MSG_PRESENTED,
						    &ep, ctx, extack);
	}
	if (!tb[ESP_NAT_A_MSG_ACTUAL]) {
		NL_SET_ERR_MSG(extack,
			       "a context is named by its id, a presented or an actual endpoint");
		return -EINVAL;
	}
	err = esp_nat_nl_attr_get_ep(tb[ESP_NAT_A_MSG_ACTUAL], &ep, extack);
	if (err)
		return err;
	if (!ep.port) {
		NL_SET_ERR_MSG_ATTR(extack, tb[ESP_NAT_A_MSG_ACTUAL],
				    "several clients may be at one address: name the port, or dump");
		return -EINVAL;
	}
	return esp_nat_nl_ctx_by_end(en, tb, ESP_NAT_A_MSG_ACTUAL, &ep, ctx,
				     extack);
}

/* The context that a request names; -EINVAL, -ENOENT, -ENOTUNIQ. */
static struct esp_nat_ctx *esp_nat_nl_ctx_find(struct esp_nat_net *en,
					       struct nlattr **tb,
					       struct netlink_ext_ack *extack)
{
	struct esp_nat_ctx *ctx = NULL;
	int err;

	rcu_read_lock();
	err = esp_nat_nl_ctx_named(en, tb, &ctx, extack);
	rcu_read_unlock();
	if (err)
		return ERR_PTR(err);
	if (ctx)
		return ctx;
	NL_SET_ERR_MSG(extack, "no such context");
	return ERR_PTR(-ENOENT);
}

/* An SPI is looked for without the lock, which nests inside xfrm's. */
static struct esp_nat_ctx *esp_nat_nl_ctx_by_sa(struct esp_nat_net *en,
						const struct esp_nat_sa *sa,
						struct netlink_ext_ack *extack)
{
	struct esp_nat_ctx *ctx;

	rcu_read_lock();
	ctx = esp_nat_locate_sa(en, sa);
	rcu_read_unlock();
	if (ctx)
		return ctx;
	NL_SET_ERR_MSG(extack, "the SA of that SPI has no context");
	return ERR_PTR(-ENOENT);
}

static int esp_nat_nl_ctx_put(struct sk_buff *msg, struct esp_nat_net *en,
			      struct genl_info *info)
{
	struct nlattr *spi = info->attrs[ESP_NAT_A_MSG_SPI];
	struct esp_nat_ctx *ctx;
	struct esp_nat_sa sa;
	int err;

	if (spi && !esp_nat_sa_by_spi(en->net, nla_get_be32(spi), &sa)) {
		NL_SET_ERR_MSG_ATTR(info->extack, spi, "no SA has that SPI");
		return -ENOENT;
	}
	spin_lock_bh(&en->table.lock);
	ctx = spi ? esp_nat_nl_ctx_by_sa(en, &sa, info->extack) :
		    esp_nat_nl_ctx_find(en, info->attrs, info->extack);
	err = IS_ERR(ctx) ? PTR_ERR(ctx) :
			    esp_nat_nl_attr_put_ctx(msg, en, ctx, true);
	spin_unlock_bh(&en->table.lock);
	return err;
}

/**
 * esp_nat_nl_ctx_get() - one context
 * @skb: the question
 * @info: its attributes
 *
 * Context: process.
 * Return: 0; -EINVAL, -ENOENT, -ENOTUNIQ, -ENOMEM.
 */
int esp_nat_nl_ctx_get(struct sk_buff *skb, struct genl_info *info)
{
	struct esp_nat_net *en = esp_nat_net(genl_info_net(info));
	struct sk_buff *msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	struct nlmsghdr *nlh;
	int err = -ENOMEM;

	if (!msg)
		return err;
	nlh = esp_nat_nl_attr_begin(msg, info->snd_portid, info->nlhdr,
				    ESP_NAT_CMD_CTX_GET, 0);
	if (nlh)
		err = esp_nat_nl_ctx_put(msg, en, info);
	if (!err) {
		nlmsg_end(msg, nlh);
		return genlmsg_reply(msg, info);
	}
	nlmsg_free(msg);
	return err;
}

/* ---- all contexts ---- */

/**
 * struct esp_nat_nl_ctx_filter - which contexts
 * @presented: those with this presented address, and port if it has one
 * @actual: those there, likewise
 * @local: those that have dialled this address of this end
 *
 * Without a family, any.
 */
struct esp_nat_nl_ctx_filter {
	struct esp_nat_ep	presented;
	struct esp_nat_ep	actual;
	struct esp_nat_ep	local;
};

static int esp_nat_nl_ctx_filter(struct netlink_callback *cb,
				 struct esp_nat_nl_ctx_filter *filter)
{
	struct nlattr *tb[ESP_NAT_A_MSG_MAX + 1];
	int err;

	*filter = (struct esp_nat_nl_ctx_filter) { };
	err = nlmsg_parse(cb->nlh, GENL_HDRLEN, tb, ESP_NAT_A_MSG_MAX,
			  esp_nat_nl_ctx_policy, cb->extack);
	if (err)
		return err;
	if (tb[ESP_NAT_A_MSG_ID] || tb[ESP_NAT_A_MSG_SPI]) {
		NL_SET_ERR_MSG(cb->extack, "a dump has no id and no SPI");
		return -EINVAL;
	}
	if (tb[ESP_NAT_A_MSG_PRESENTED])
		err = esp_nat_nl_attr_get_ep(tb[ESP_NAT_A_MSG_PRESENTED],
					     &filter->presented, cb->extack);
	if (!err && tb[ESP_NAT_A_MSG_ACTUAL])
		err = esp_nat_nl_attr_get_ep(tb[ESP_NAT_A_MSG_ACTUAL],
					     &filter->actual, cb->extack);
	if (!err && tb[ESP_NAT_A_MSG_LOCAL])
		err = esp_nat_nl_attr_get_ep(tb[ESP_NAT_A_MSG_LOCAL],
					     &filter->local, cb->extack);
	filter->local.port = 0;
	return err;
}

static bool esp_nat_nl_ctx_is(const struct esp_nat_ep *want,
			      const struct esp_nat_ep *ep)
{
	if (!want->addr.family)
		return true;
	return esp_nat_addr_equal(&want->addr, &ep->addr) &&
	       (!want->port || want->port == ep->port);
}

static bool esp_nat_nl_ctx_wanted(const struct esp_nat_nl_ctx_filter *filter,
				  const struct esp_nat_ctx *ctx)
{
	struct esp_nat_ep actual, presented, local = { .addr = ctx->local };

	esp_nat_locate_known(ctx, true, &actual, &presented);
	return esp_nat_nl_ctx_is(&filter->local, &local) &&
	       esp_nat_nl_ctx_is(&filter->presented, &presented) &&
	       esp_nat_nl_ctx_is(&filter->actual, &actual);
}

static int esp_nat_nl_ctx_put_one(struct sk_buff *skb,
				  struct netlink_callback *cb,
				  struct esp_nat_net *en,
				  const struct esp_nat_ctx *ctx)
{
	struct nlmsghdr *nlh = esp_nat_nl_attr_next(skb, cb, ESP_NAT_CMD_CTX_GET);

	if (!nlh)
		return -EMSGSIZE;
	nl_dump_check_consistent(cb, nlh);
	if (esp_nat_nl_attr_put_ctx(skb, en, ctx, true)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

/* Some, from a number on; true if there may be more to look at. */
static bool esp_nat_nl_ctx_some(struct sk_buff *skb, struct netlink_callback *cb,
				const struct esp_nat_nl_ctx_filter *filter,
				unsigned long *id)
{
	struct esp_nat_net *en = esp_nat_nl_attr_net(cb);
	struct esp_nat_table *t = &en->table;
	struct esp_nat_ctx *ctx;
	unsigned int chunk;

	cb->seq = t->gen;
	for (chunk = 0; chunk < ESP_NAT_NL_CTX_CHUNK; chunk++) {
		ctx = xa_find(&t->ids, id, ULONG_MAX, XA_PRESENT);
		if (!ctx)
			return false;
		if (esp_nat_nl_ctx_wanted(filter, ctx) &&
		    esp_nat_nl_ctx_put_one(skb, cb, en, ctx))
			return false;
		++*id;
	}
	return true;
}

/**
 * esp_nat_nl_ctx_dump() - all contexts that a filter lets pass
 * @skb: where to
 * @cb: the dump; args[0] is the next number
 *
 * Births and deaths meanwhile are told (NLM_F_DUMP_INTR).
 *
 * Context: process. The table's lock is held for short times only.
 * Return: bytes written, 0: that was all; -EINVAL; -EMSGSIZE.
 */
int esp_nat_nl_ctx_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct esp_nat_net *en = esp_nat_nl_attr_net(cb);
	unsigned long id = cb->args[0];
	struct esp_nat_nl_ctx_filter filter;
	bool more;
	int err;

	err = esp_nat_nl_ctx_filter(cb, &filter);
	if (err)
		return err;
	do {
		spin_lock_bh(&en->table.lock);
		more = esp_nat_nl_ctx_some(skb, cb, &filter, &id);
		spin_unlock_bh(&en->table.lock);
		cond_resched();
	} while (more);
	cb->args[0] = id;
	return skb->len;
}

/* ---- changes ---- */

/**
 * esp_nat_nl_ctx_delete() - a context is forgotten
 * @skb: the request
 * @info: its attributes, of esp_nat_nl_ctx_policy
 *
 * Context: process.
 * Return: 0; -EINVAL, -ENOENT, -ENOTUNIQ.
 */
int esp_nat_nl_ctx_delete(struct sk_buff *skb, struct genl_info *info)
{
	struct esp_nat_net *en = esp_nat_net(genl_info_net(info));
	struct esp_nat_ctx *ctx;
	int err = 0;

	spin_lock_bh(&en->table.lock);
	ctx = esp_nat_nl_ctx_find(en, info->attrs, info->extack);
	if (IS_ERR(ctx))
		err = PTR_ERR(ctx);
	else
		esp_nat_lifecycle_death(en, ctx, ESP_NAT_DEATH_DELETED);
	spin_unlock_bh(&en->table.lock);
	return err;
}

/**
 * esp_nat_nl_ctx_flush() - all contexts are forgotten
 * @skb: the request
 * @info: its attributes, none
 *
 * Context: process.
 * Return: 0.
 */
int esp_nat_nl_ctx_flush(struct sk_buff *skb, struct genl_info *info)
{
	esp_nat_lifecycle_flush(esp_nat_net(genl_info_net(info)),
				ESP_NAT_DEATH_DELETED);
	return 0;
}
