// SPDX-License-Identifier: GPL-2.0
/* Endpoints and contexts as netlink attributes. */
#include <net/genetlink.h>

#include "locate.h"
#include "nl_attr.h"
#include "verdict.h"

const struct nla_policy
esp_nat_nl_attr_ep_policy[ESP_NAT_A_ENDPOINT_MAX + 1] = {
	[ESP_NAT_A_ENDPOINT_ADDR4]	= { .type = NLA_U32 },
	[ESP_NAT_A_ENDPOINT_ADDR6]	=
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[ESP_NAT_A_ENDPOINT_PORT]	= { .type = NLA_U16 },
};

/**
 * esp_nat_nl_attr_begin() - begin an answer
 * @skb: where to
 * @portid: whose question it is
 * @request: the question
 * @cmd: an enum esp_nat_cmd
 * @flags: NLM_F_MULTI or 0
 *
 * Context: any.
 * Return: to be given to nlmsg_end() or nlmsg_cancel(); NULL: no room.
 */
struct nlmsghdr *esp_nat_nl_attr_begin(struct sk_buff *skb, u32 portid,
				       const struct nlmsghdr *request, u8 cmd,
				       int flags)
{
	struct nlmsghdr *nlh;
	struct genlmsghdr *genl;

	nlh = nlmsg_put(skb, portid, request->nlmsg_seq, request->nlmsg_type,
			GENL_HDRLEN, flags);
	if (!nlh)
		return NULL;
	genl = nlmsg_data(nlh);
	*genl = (struct genlmsghdr) {
		.cmd = cmd, .version = ESP_NAT_FAMILY_VERSION,
	};
	return nlh;
}

/**
 * esp_nat_nl_attr_next() - begin the next part of a dump
 * @skb: where to
 * @cb: the dump
 * @cmd: an enum esp_nat_cmd
 *
 * Context: any.
 * Return: to be given to nlmsg_end() or nlmsg_cancel(); NULL: no room.
 */
struct nlmsghdr *esp_nat_nl_attr_next(struct sk_buff *skb,
				      struct netlink_callback *cb, u8 cmd)
{
	return esp_nat_nl_attr_begin(skb, NETLINK_CB(cb->skb).portid, cb->nlh,
				     cmd, NLM_F_MULTI);
}

/**
 * esp_nat_nl_attr_net() - whose contexts does a dump tell of?
 * @cb: the dump
 *
 * Context: process.
 * Return: the namespace of who asks.
 */
struct esp_nat_net *esp_nat_nl_attr_net(const struct netlink_callback *cb)
{
	return esp_nat_net(sock_net(cb->skb->sk));
}

/**
 * esp_nat_nl_attr_put_flag() - write a flag
 * @skb: the message
 * @type: its type
 * @set: is it there?
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE.
 */
int esp_nat_nl_attr_put_flag(struct sk_buff *skb, int type, bool set)
{
	return set ? nla_put_flag(skb, type) : 0;
}

/* ---- endpoints ---- */

/**
 * esp_nat_nl_attr_put_ep() - write an endpoint
 * @skb: the message
 * @type: type of the nest
 * @ep: the endpoint; port 0: none
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE.
 */
int esp_nat_nl_attr_put_ep(struct sk_buff *skb, int type,
			   const struct esp_nat_ep *ep)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	int err;

	if (!nest)
		return -EMSGSIZE;
	if (ep->addr.family == AF_INET6)
		err = nla_put_in6_addr(skb, ESP_NAT_A_ENDPOINT_ADDR6,
				       &ep->addr.ip.in6);
	else
		err = nla_put_in_addr(skb, ESP_NAT_A_ENDPOINT_ADDR4,
				      ep->addr.ip.ip);
	if (!err && ep->port)
		err = nla_put_be16(skb, ESP_NAT_A_ENDPOINT_PORT, ep->port);
	if (err) {
		nla_nest_cancel(skb, nest);
		return err;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int esp_nat_nl_attr_put_addr(struct sk_buff *skb, int type,
				    const struct esp_nat_addr *addr)
{
	struct esp_nat_ep ep = { .addr = *addr };

	return esp_nat_nl_attr_put_ep(skb, type, &ep);
}

/**
 * esp_nat_nl_attr_get_ep() - read an endpoint
 * @attr: its nest
 * @ep: receives it; port 0 if there is none
 * @extack: told what is wrong
 *
 * Context: process.
 * Return: 0 or -EINVAL.
 */
int esp_nat_nl_attr_get_ep(const struct nlattr *attr, struct esp_nat_ep *ep,
			   struct netlink_ext_ack *extack)
{
	struct nlattr *tb[ESP_NAT_A_ENDPOINT_MAX + 1];
	int err;

	err = nla_parse_nested(tb, ESP_NAT_A_ENDPOINT_MAX, attr,
			       esp_nat_nl_attr_ep_policy, extack);
	if (err)
		return err;
	if (!tb[ESP_NAT_A_ENDPOINT_ADDR4] == !tb[ESP_NAT_A_ENDPOINT_ADDR6]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "an endpoint has one address, IPv4 or IPv6");
		return -EINVAL;
	}
	*ep = (struct esp_nat_ep) { };
	if (tb[ESP_NAT_A_ENDPOINT_ADDR4]) {
		ep->addr.family = AF_INET;
		ep->addr.ip.ip = nla_get_in_addr(tb[ESP_NAT_A_ENDPOINT_ADDR4]);
	} else {
		ep->addr.family = AF_INET6;
		ep->addr.ip.in6 = nla_get_in6_addr(tb[ESP_NAT_A_ENDPOINT_ADDR6]);
	}
	if (tb[ESP_NAT_A_ENDPOINT_PORT])
		ep->port = nla_get_be16(tb[ESP_NAT_A_ENDPOINT_PORT]);
	return 0;
}

/* ---- contexts ---- */

static int esp_nat_nl_attr_put_ends(struct sk_buff *skb,
				    const struct esp_nat_ctx *ctx, bool locked)
{
	struct esp_nat_ep actual, presented;

	esp_nat_locate_known(ctx, locked, &actual, &presented);
	if (esp_nat_nl_attr_put_ep(skb, ESP_NAT_A_CTX_ACTUAL, &actual) ||
	    esp_nat_nl_attr_put_ep(skb, ESP_NAT_A_CTX_PRESENTED, &presented) ||
	    esp_nat_nl_attr_put_addr(skb, ESP_NAT_A_CTX_HOME, &ctx->home->addr))
		return -EMSGSIZE;
	if (!ctx->local.family)
		return 0;
	return esp_nat_nl_attr_put_addr(skb, ESP_NAT_A_CTX_LOCAL, &ctx->local);
}

static int esp_nat_nl_attr_put_kind(struct sk_buff *skb, struct esp_nat_net *en,
				    const struct esp_nat_ctx *ctx)
{
	if (nla_put_u32(skb, ESP_NAT_A_CTX_STATE, READ_ONCE(ctx->state)) ||
	    esp_nat_nl_attr_put_flag(skb, ESP_NAT_A_CTX_ALIASED, ctx->aliased) ||
	    esp_nat_nl_attr_put_flag(skb, ESP_NAT_A_CTX_GUEST, ctx->guest_of) ||
	    esp_nat_nl_attr_put_flag(skb, ESP_NAT_A_CTX_PLAIN_SA, ctx->plain_sa) ||
	    esp_nat_nl_attr_put_flag(skb, ESP_NAT_A_CTX_USED_NAT_PORT,
				     ctx->used_nat_port) ||
	    nla_put_u32(skb, ESP_NAT_A_CTX_ROLE, READ_ONCE(ctx->pos.role)) ||
	    nla_put_u32(skb, ESP_NAT_A_CTX_LOCAL_NAT,
			READ_ONCE(ctx->pos.local_nat)) ||
	    nla_put_u32(skb, ESP_NAT_A_CTX_PEER_NAT,
			READ_ONCE(ctx->pos.peer_nat)) ||
	    nla_put_u32(skb, ESP_NAT_A_CTX_RULE,
			esp_nat_verdict_of(en, ctx)) ||
	    nla_put_u8(skb, ESP_NAT_A_CTX_IKE_VERSION, ctx->major) ||
	    nla_put_be64(skb, ESP_NAT_A_CTX_SPII, ctx->spii, ESP_NAT_A_CTX_PAD))
		return -EMSGSIZE;
	return 0;
}

static u64 esp_nat_nl_attr_msecs(unsigned long since)
{
	return jiffies64_to_msecs(jiffies - since);
}

static int esp_nat_nl_attr_put_u64(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, ESP_NAT_A_CTX_PAD);
}

static int esp_nat_nl_attr_put_tally(struct sk_buff *skb,
				     const struct esp_nat_ctx *ctx)
{
	const struct esp_nat_tally *tally = &ctx->tally;

	if (esp_nat_nl_attr_put_u64(skb, ESP_NAT_A_CTX_AGE,
				    esp_nat_nl_attr_msecs(ctx->born)) ||
	    esp_nat_nl_attr_put_u64(skb, ESP_NAT_A_CTX_IDLE,
				    esp_nat_nl_attr_msecs(READ_ONCE(ctx->active))) ||
	    nla_put_u32(skb, ESP_NAT_A_CTX_MOVES, READ_ONCE(ctx->moves)) ||
	    esp_nat_nl_attr_put_u64(skb, ESP_NAT_A_CTX_RX_PACKETS,
				    atomic64_read(&tally->rx_packets)) ||
	    esp_nat_nl_attr_put_u64(skb, ESP_NAT_A_CTX_RX_BYTES,
				    atomic64_read(&tally->rx_bytes)) ||
	    esp_nat_nl_attr_put_u64(skb, ESP_NAT_A_CTX_TX_PACKETS,
				    atomic64_read(&tally->tx_packets)) ||
	    esp_nat_nl_attr_put_u64(skb, ESP_NAT_A_CTX_TX_BYTES,
				    atomic64_read(&tally->tx_bytes)) ||
	    esp_nat_nl_attr_put_u64(skb, ESP_NAT_A_CTX_DROPS,
				    atomic64_read(&tally->drops)))
		return -EMSGSIZE;
	return 0;
}

static int esp_nat_nl_attr_put_ikesa(struct sk_buff *skb,
				     const struct esp_nat_ikesa *sa)
{
	struct nlattr *nest = nla_nest_start(skb, ESP_NAT_A_CTX_IKE_SA);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_be64(skb, ESP_NAT_A_IKE_SA_SPII, sa->key.spii,
			 ESP_NAT_A_IKE_SA_PAD) ||
	    nla_put_be64(skb, ESP_NAT_A_IKE_SA_SPIR, sa->key.spir,
			 ESP_NAT_A_IKE_SA_PAD) ||
	    esp_nat_nl_attr_put_flag(skb, ESP_NAT_A_IKE_SA_NAT_PORT,
				     sa->nat_port) ||
	    (!sa->key.spir &&
	     esp_nat_nl_attr_put_addr(skb, ESP_NAT_A_IKE_SA_PEER,
				      &sa->key.peer))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int esp_nat_nl_attr_put_ikesas(struct sk_buff *skb,
				      const struct esp_nat_ctx *ctx)
{
	const struct esp_nat_ikesa *sa;

	list_for_each_entry(sa, &ctx->ikesas, list)
		if (esp_nat_nl_attr_put_ikesa(skb, sa))
			return -EMSGSIZE;
	return 0;
}

/**
 * esp_nat_nl_attr_put_ctx() - write a context
 * @skb: the message
 * @en: the namespace
 * @ctx: the context
 * @locked: &esp_nat_table.lock is held; else RCU, and its IKE SAs are left out
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE.
 */
int esp_nat_nl_attr_put_ctx(struct sk_buff *skb, struct esp_nat_net *en,
			    const struct esp_nat_ctx *ctx, bool locked)
{
	struct nlattr *nest = nla_nest_start(skb, ESP_NAT_A_MSG_CTX);

	if (!nest)
		return -EMSGSIZE;
	if (esp_nat_nl_attr_put_u64(skb, ESP_NAT_A_CTX_ID, ctx->id) ||
	    esp_nat_nl_attr_put_ends(skb, ctx, locked) ||
	    esp_nat_nl_attr_put_kind(skb, en, ctx) ||
	    esp_nat_nl_attr_put_tally(skb, ctx) ||
	    (locked && esp_nat_nl_attr_put_ikesas(skb, ctx))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}
