// SPDX-License-Identifier: GPL-2.0
/* A context as a request has it that imports it. */
#include <linux/inetdevice.h>
#include <net/route.h>

#include "alias.h"
#include "nl_attr.h"
#include "nl_import_ctx.h"

static const struct nla_policy
esp_nat_nl_import_ctx_ikesa_policy[ESP_NAT_A_IKE_SA_MAX + 1] = {
	[ESP_NAT_A_IKE_SA_SPII]		= { .type = NLA_U64 },
	[ESP_NAT_A_IKE_SA_SPIR]		= { .type = NLA_U64 },
	[ESP_NAT_A_IKE_SA_PEER]		=
		NLA_POLICY_NESTED(esp_nat_nl_attr_ep_policy),
	[ESP_NAT_A_IKE_SA_NAT_PORT]	= { .type = NLA_FLAG },
};

const struct nla_policy
esp_nat_nl_import_ctx_policy[ESP_NAT_A_CTX_MAX + 1] = {
	[ESP_NAT_A_CTX_ACTUAL]		=
		NLA_POLICY_NESTED(esp_nat_nl_attr_ep_policy),
	[ESP_NAT_A_CTX_PRESENTED]	=
		NLA_POLICY_NESTED(esp_nat_nl_attr_ep_policy),
	[ESP_NAT_A_CTX_HOME]		=
		NLA_POLICY_NESTED(esp_nat_nl_attr_ep_policy),
	[ESP_NAT_A_CTX_LOCAL]		=
		NLA_POLICY_NESTED(esp_nat_nl_attr_ep_policy),
	[ESP_NAT_A_CTX_ALIASED]		= { .type = NLA_FLAG },
	[ESP_NAT_A_CTX_PLAIN_SA]	= { .type = NLA_FLAG },
	[ESP_NAT_A_CTX_ROLE]		=
		NLA_POLICY_MAX(NLA_U32, ESP_NAT_ROLE_RESPONDER),
	[ESP_NAT_A_CTX_LOCAL_NAT]	=
		NLA_POLICY_MAX(NLA_U32, ESP_NAT_BEHIND_YES),
	[ESP_NAT_A_CTX_PEER_NAT]	=
		NLA_POLICY_MAX(NLA_U32, ESP_NAT_BEHIND_YES),
	[ESP_NAT_A_CTX_IKE_VERSION]	= NLA_POLICY_MAX(NLA_U8, 2),
	[ESP_NAT_A_CTX_SPII]		= { .type = NLA_U64 },
	[ESP_NAT_A_CTX_USED_NAT_PORT]	= { .type = NLA_FLAG },
	[ESP_NAT_A_CTX_IKE_SA]		=
		NLA_POLICY_NESTED(esp_nat_nl_import_ctx_ikesa_policy),
};

/* IPv6 has no aliases, and what it has of contexts does not last. */
static int esp_nat_nl_import_ctx_get_ep(const struct nlattr *attr,
					struct esp_nat_ep *ep,
					struct netlink_ext_ack *extack)
{
	int err = esp_nat_nl_attr_get_ep(attr, ep, extack);

	if (!err && ep->addr.family != AF_INET) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "only IPv4 contexts can be imported");
		err = -EAFNOSUPPORT;
	}
	return err;
}

static int esp_nat_nl_import_ctx_get_ikesa(const struct nlattr *attr,
					   struct esp_nat_nl_import_ctx *in,
					   struct netlink_ext_ack *extack)
{
	struct nlattr *tb[ESP_NAT_A_IKE_SA_MAX + 1];
	struct esp_nat_nl_import_ctx_ikesa *sa;
	int err;

	if (in->nr_ikesas == ESP_NAT_NL_IMPORT_CTX_IKESAS) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "more than 16 IKE SAs");
		return -E2BIG;
	}
	err = nla_parse_nested(tb, ESP_NAT_A_IKE_SA_MAX, attr,
			       esp_nat_nl_import_ctx_ikesa_policy, extack);
	if (err)
		return err;
	if (!tb[ESP_NAT_A_IKE_SA_SPII] || !tb[ESP_NAT_A_IKE_SA_SPIR]) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "an IKE SA has two SPIs");
		return -EINVAL;
	}
	sa = &in->ikesa[in->nr_ikesas++];
	sa->spii = nla_get_be64(tb[ESP_NAT_A_IKE_SA_SPII]);
	sa->spir = nla_get_be64(tb[ESP_NAT_A_IKE_SA_SPIR]);
	sa->nat_port = tb[ESP_NAT_A_IKE_SA_NAT_PORT];
	sa->peer = in->home;
	if (!tb[ESP_NAT_A_IKE_SA_PEER])
		return 0;
	return esp_nat_nl_import_ctx_get_ep(tb[ESP_NAT_A_IKE_SA_PEER],
					    &sa->peer, extack);
}

static int esp_nat_nl_import_ctx_get_ikesas(const struct nlattr *ctx,
					    struct esp_nat_nl_import_ctx *in,
					    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem, err;

	nla_for_each_nested(attr, ctx, rem) {
		if (nla_type(attr) != ESP_NAT_A_CTX_IKE_SA)
			continue;
		err = esp_nat_nl_import_ctx_get_ikesa(attr, in, extack);
		if (err)
			return err;
	}
	return 0;
}

static int esp_nat_nl_import_ctx_get_ends(struct nlattr **tb,
					  const struct nlattr *ctx,
					  struct esp_nat_nl_import_ctx *in,
					  struct netlink_ext_ack *extack)
{
	int err;

	if (!tb[ESP_NAT_A_CTX_ACTUAL] || !tb[ESP_NAT_A_CTX_PRESENTED] ||
	    !tb[ESP_NAT_A_CTX_HOME] || !tb[ESP_NAT_A_CTX_LOCAL]) {
		NL_SET_ERR_MSG_ATTR(extack, ctx,
				    "a context has actual, presented, home and local");
		return -EINVAL;
	}
	err = esp_nat_nl_import_ctx_get_ep(tb[ESP_NAT_A_CTX_ACTUAL],
					   &in->actual, extack);
	if (!err)
		err = esp_nat_nl_import_ctx_get_ep(tb[ESP_NAT_A_CTX_PRESENTED],
						   &in->presented, extack);
	if (!err)
		err = esp_nat_nl_import_ctx_get_ep(tb[ESP_NAT_A_CTX_HOME],
						   &in->home, extack);
	if (!err)
		err = esp_nat_nl_import_ctx_get_ep(tb[ESP_NAT_A_CTX_LOCAL],
						   &in->local, extack);
	in->home.port = 0;
	return err;
}

/* Neither one of a host's own nor one that nobody sends from. */
static bool esp_nat_nl_import_ctx_peer(struct esp_nat_net *en, __be32 addr)
{
	return !ipv4_is_loopback(addr) && !ipv4_is_zeronet(addr) &&
	       inet_addr_type(en->net, addr) == RTN_UNICAST;
}

/* Only ESP has no port. */
static int esp_nat_nl_import_ctx_check_ends(struct esp_nat_net *en,
					    const struct nlattr *ctx,
				const struct esp_nat_nl_import_ctx *in,
					    struct netlink_ext_ack *extack)
{
	if (!esp_nat_nl_import_ctx_peer(en, in->actual.addr.ip.ip) ||
	    !esp_nat_nl_import_ctx_peer(en, in->home.addr.ip.ip)) {
		NL_SET_ERR_MSG_ATTR(extack, ctx,
				    "a client's address is this host's, or nobody's");
		return -EINVAL;
	}
	if ((!in->actual.port || !in->presented.port) && !in->plain_sa) {
		NL_SET_ERR_MSG_ATTR(extack, ctx,
				    "only a context with an SA without encapsulation has port 0");
		return -EINVAL;
	}
	return 0;
}

static int esp_nat_nl_import_ctx_check_alias(struct esp_nat_net *en,
					     const struct nlattr *ctx,
					     const struct esp_nat_addr *alias,
					     struct netlink_ext_ack *extack)
{
	if (!esp_nat_alias_usable(&en->pool, alias)) {
		NL_SET_ERR_MSG_ATTR(extack, ctx,
				    "the alias is not of net.esp_nat.alias_pool4");
		return -ERANGE;
	}
	return 0;
}

/* What can be told to be wrong without looking at the table. */
static int esp_nat_nl_import_ctx_check(struct esp_nat_net *en,
				       const struct nlattr *ctx,
				const struct esp_nat_nl_import_ctx *in,
				       struct netlink_ext_ack *extack)
{
	int err;

	if (!in->aliased &&
	    !esp_nat_addr_equal(&in->presented.addr, &in->home.addr)) {
		NL_SET_ERR_MSG_ATTR(extack, ctx,
				    "a context that has no alias is presented with its home address");
		return -EINVAL;
	}
	err = esp_nat_nl_import_ctx_check_ends(en, ctx, in, extack);
	if (err || !in->aliased)
		return err;
	return esp_nat_nl_import_ctx_check_alias(en, ctx, &in->presented.addr,
						 extack);
}

static u32 esp_nat_nl_import_ctx_u32(const struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

/**
 * esp_nat_nl_import_ctx_get() - a context of a request
 * @en: the namespace
 * @ctx: its attributes
 * @in: receives it
 * @extack: is told what is wrong
 *
 * Context: process, &esp_nat_table.lock not held.
 * Return: 0; -EINVAL, -E2BIG, -ERANGE, -EADDRNOTAVAIL, -EAFNOSUPPORT: it is wrong.
 */
int esp_nat_nl_import_ctx_get(struct esp_nat_net *en, const struct nlattr *ctx,
			      struct esp_nat_nl_import_ctx *in,
			      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[ESP_NAT_A_CTX_MAX + 1];
	int err;

	err = nla_parse_nested(tb, ESP_NAT_A_CTX_MAX, ctx,
			       esp_nat_nl_import_ctx_policy, extack);
	if (err)
		return err;
	memset(in, 0, sizeof(*in));
	in->aliased = tb[ESP_NAT_A_CTX_ALIASED];
	in->used_nat_port = tb[ESP_NAT_A_CTX_USED_NAT_PORT];
	in->plain_sa = tb[ESP_NAT_A_CTX_PLAIN_SA];
	in->pos.role = esp_nat_nl_import_ctx_u32(tb[ESP_NAT_A_CTX_ROLE]);
	in->pos.local_nat = esp_nat_nl_import_ctx_u32(tb[ESP_NAT_A_CTX_LOCAL_NAT]);
	in->pos.peer_nat = esp_nat_nl_import_ctx_u32(tb[ESP_NAT_A_CTX_PEER_NAT]);
	if (tb[ESP_NAT_A_CTX_IKE_VERSION])
		in->major = nla_get_u8(tb[ESP_NAT_A_CTX_IKE_VERSION]);
	if (tb[ESP_NAT_A_CTX_SPII])
		in->spii = nla_get_be64(tb[ESP_NAT_A_CTX_SPII]);
	err = esp_nat_nl_import_ctx_get_ends(tb, ctx, in, extack);
	if (!err)
		err = esp_nat_nl_import_ctx_check(en, ctx, in, extack);
	if (!err)
		err = esp_nat_nl_import_ctx_get_ikesas(ctx, in, extack);
	return err;
}
