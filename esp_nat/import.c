// SPDX-License-Identifier: GPL-2.0
/*
 * Contexts that another gateway has had come to this one. A request is read
 * twice: once to see whether all of it is right, then to do it. What fails
 * then takes back what was done.
 */
#include <linux/slab.h>

#include "alias.h"
#include "attr.h"
#include "birth.h"
#include "death.h"
#include "import.h"
#include "life.h"

/**
 * enum esp_nat_import_limits - of a request
 * @ESP_NAT_IMPORT_IKESAS: most IKE SAs of a context
 * @ESP_NAT_IMPORT_CHUNK: contexts that one hold of the table's lock makes
 */
enum esp_nat_import_limits {
	ESP_NAT_IMPORT_IKESAS	= 16,
	ESP_NAT_IMPORT_CHUNK	= 64,
};

/**
 * struct esp_nat_import - a context, as a request has it
 * @actual: where it is
 * @presented: what daemon and xfrm are shown
 * @home: its address at birth
 * @local: address of this end; without a family, not known
 * @aliased: @presented is an alias
 * @used_nat_port: it was heard on nat_port
 * @plain_sa: it has had an SA without encapsulation
 * @path: who opened it, and which end is behind a NAT
 * @major: IKE version that opened it
 * @spii: SPIi that opened it
 * @ikesa: its IKE SAs, the newest first
 * @ikesa.spii: SPIi
 * @ikesa.spir: SPIr, or 0
 * @ikesa.peer: who opened it, while @ikesa.spir is 0
 * @ikesa.nat_port: the peer speaks on nat_port
 * @nr_ikesas: how many
 */
struct esp_nat_import {
	struct esp_nat_ep	actual;
	struct esp_nat_ep	presented;
	struct esp_nat_ep	home;
	struct esp_nat_ep	local;
	bool			aliased;
	bool			used_nat_port;
	bool			plain_sa;
	struct esp_nat_path	path;
	u8			major;
	__be64			spii;
	struct {
		__be64			spii;
		__be64			spir;
		struct esp_nat_ep	peer;
		bool			nat_port;
	} ikesa[ESP_NAT_IMPORT_IKESAS];
	unsigned int		nr_ikesas;
};

static const struct nla_policy
esp_nat_import_ikesa_policy[ESP_NAT_A_IKE_SA_MAX + 1] = {
	[ESP_NAT_A_IKE_SA_SPII]		= { .type = NLA_U64 },
	[ESP_NAT_A_IKE_SA_SPIR]		= { .type = NLA_U64 },
	[ESP_NAT_A_IKE_SA_PEER]		=
		NLA_POLICY_NESTED(esp_nat_attr_ep_policy),
	[ESP_NAT_A_IKE_SA_NAT_PORT]	= { .type = NLA_FLAG },
};

static const struct nla_policy
esp_nat_import_ctx_policy[ESP_NAT_A_CTX_MAX + 1] = {
	[ESP_NAT_A_CTX_ACTUAL]		=
		NLA_POLICY_NESTED(esp_nat_attr_ep_policy),
	[ESP_NAT_A_CTX_PRESENTED]	=
		NLA_POLICY_NESTED(esp_nat_attr_ep_policy),
	[ESP_NAT_A_CTX_HOME]		=
		NLA_POLICY_NESTED(esp_nat_attr_ep_policy),
	[ESP_NAT_A_CTX_LOCAL]		=
		NLA_POLICY_NESTED(esp_nat_attr_ep_policy),
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
		NLA_POLICY_NESTED(esp_nat_import_ikesa_policy),
};

const struct nla_policy esp_nat_import_policy[ESP_NAT_A_MSG_MAX + 1] = {
	[ESP_NAT_A_MSG_CTX]		=
		NLA_POLICY_NESTED(esp_nat_import_ctx_policy),
};

/* ---- what a request says ---- */

static int esp_nat_import_get_ikesa(const struct nlattr *attr,
				    struct esp_nat_import *in,
				    struct netlink_ext_ack *extack)
{
	struct nlattr *tb[ESP_NAT_A_IKE_SA_MAX + 1];
	int err;

	if (in->nr_ikesas == ESP_NAT_IMPORT_IKESAS) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "more than 16 IKE SAs");
		return -E2BIG;
	}
	err = nla_parse_nested(tb, ESP_NAT_A_IKE_SA_MAX, attr,
			       esp_nat_import_ikesa_policy, extack);
	if (err)
		return err;
	if (!tb[ESP_NAT_A_IKE_SA_SPII] || !tb[ESP_NAT_A_IKE_SA_SPIR]) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "an IKE SA has two SPIs");
		return -EINVAL;
	}
	in->ikesa[in->nr_ikesas].spii = nla_get_be64(tb[ESP_NAT_A_IKE_SA_SPII]);
	in->ikesa[in->nr_ikesas].spir = nla_get_be64(tb[ESP_NAT_A_IKE_SA_SPIR]);
	in->ikesa[in->nr_ikesas].nat_port = tb[ESP_NAT_A_IKE_SA_NAT_PORT];
	in->ikesa[in->nr_ikesas].peer = in->home;
	if (tb[ESP_NAT_A_IKE_SA_PEER])
		err = esp_nat_attr_get_ep(tb[ESP_NAT_A_IKE_SA_PEER],
					  &in->ikesa[in->nr_ikesas].peer,
					  extack);
	in->nr_ikesas++;
	return err;
}

static int esp_nat_import_get_ikesas(const struct nlattr *ctx,
				     struct esp_nat_import *in,
				     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem, err;

	nla_for_each_nested(attr, ctx, rem) {
		if (nla_type(attr) != ESP_NAT_A_CTX_IKE_SA)
			continue;
		err = esp_nat_import_get_ikesa(attr, in, extack);
		if (err)
			return err;
	}
	return 0;
}

static int esp_nat_import_get_ends(struct nlattr **tb,
				   const struct nlattr *ctx,
				   struct esp_nat_import *in,
				   struct netlink_ext_ack *extack)
{
	int err;

	if (!tb[ESP_NAT_A_CTX_ACTUAL] || !tb[ESP_NAT_A_CTX_PRESENTED] ||
	    !tb[ESP_NAT_A_CTX_HOME]) {
		NL_SET_ERR_MSG_ATTR(extack, ctx,
				    "a context has actual, presented and home");
		return -EINVAL;
	}
	err = esp_nat_attr_get_ep(tb[ESP_NAT_A_CTX_ACTUAL], &in->actual,
				  extack) ?:
	      esp_nat_attr_get_ep(tb[ESP_NAT_A_CTX_PRESENTED], &in->presented,
				  extack) ?:
	      esp_nat_attr_get_ep(tb[ESP_NAT_A_CTX_HOME], &in->home, extack);
	if (!err && tb[ESP_NAT_A_CTX_LOCAL])
		err = esp_nat_attr_get_ep(tb[ESP_NAT_A_CTX_LOCAL], &in->local,
					  extack);
	in->home.port = 0;
	return err;
}

/* What can be told to be wrong without looking at the table. */
static int esp_nat_import_check(struct esp_nat_net *en,
				const struct nlattr *ctx,
				const struct esp_nat_import *in,
				struct netlink_ext_ack *extack)
{
	if (in->actual.addr.family != AF_INET ||
	    in->presented.addr.family != AF_INET ||
	    in->home.addr.family != AF_INET) {
		NL_SET_ERR_MSG_ATTR(extack, ctx,
				    "only IPv4 contexts can be imported");
		return -EAFNOSUPPORT;
	}
	if (!in->aliased &&
	    !esp_nat_addr_equal(&in->presented.addr, &in->home.addr)) {
		NL_SET_ERR_MSG_ATTR(extack, ctx,
				    "a context that has no alias is presented with its home address");
		return -EINVAL;
	}
	if (in->aliased &&
	    !esp_nat_prefix_has(&en->pool.prefix, &in->presented.addr)) {
		NL_SET_ERR_MSG_ATTR(extack, ctx,
				    "the alias is not of net.esp_nat.alias_pool4");
		return -ERANGE;
	}
	return 0;
}

static u32 esp_nat_import_u32(const struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

static int esp_nat_import_get(struct esp_nat_net *en, const struct nlattr *ctx,
			      struct esp_nat_import *in,
			      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[ESP_NAT_A_CTX_MAX + 1];
	int err;

	err = nla_parse_nested(tb, ESP_NAT_A_CTX_MAX, ctx,
			       esp_nat_import_ctx_policy, extack);
	if (err)
		return err;
	memset(in, 0, sizeof(*in));
	in->aliased = tb[ESP_NAT_A_CTX_ALIASED];
	in->used_nat_port = tb[ESP_NAT_A_CTX_USED_NAT_PORT];
	in->plain_sa = tb[ESP_NAT_A_CTX_PLAIN_SA];
	in->path.role = esp_nat_import_u32(tb[ESP_NAT_A_CTX_ROLE]);
	in->path.local_nat = esp_nat_import_u32(tb[ESP_NAT_A_CTX_LOCAL_NAT]);
	in->path.peer_nat = esp_nat_import_u32(tb[ESP_NAT_A_CTX_PEER_NAT]);
	if (tb[ESP_NAT_A_CTX_IKE_VERSION])
		in->major = nla_get_u8(tb[ESP_NAT_A_CTX_IKE_VERSION]);
	if (tb[ESP_NAT_A_CTX_SPII])
		in->spii = nla_get_be64(tb[ESP_NAT_A_CTX_SPII]);
	return esp_nat_import_get_ends(tb, ctx, in, extack) ?:
	       esp_nat_import_check(en, ctx, in, extack) ?:
	       esp_nat_import_get_ikesas(ctx, in, extack);
}

/* ---- and what is done ---- */

static struct esp_nat_ctx *esp_nat_import_birth(struct esp_nat_net *en,
						const struct esp_nat_import *in)
{
	struct esp_nat_birth birth = {
		.from		= in->actual,
		.home		= &in->home.addr,
		.spii		= in->spii,
		.major		= in->major,
		.path		= in->path,
		.identity	= !in->aliased,
	};
	int err;

	err = esp_nat_birth_full(en, &in->home.addr);
	if (err)
		return ERR_PTR(-EDQUOT);
	if (in->aliased) {
		err = esp_nat_alias_reserve(en, &in->presented.addr);
		if (err < 0)
			return ERR_PTR(err);
		birth.presented = &in->presented;
	}
	return esp_nat_birth_context(en, &birth);
}

static int esp_nat_import_ikesas(struct esp_nat_net *en,
				 struct esp_nat_ctx *ctx,
				 const struct esp_nat_import *in)
{
	struct esp_nat_ikesa *sa;
	unsigned int i = in->nr_ikesas;

	while (i--) {
		if (esp_nat_ikesa_find(en, in->ikesa[i].spii, in->ikesa[i].spir,
				       &in->ikesa[i].peer.addr))
			return -EEXIST;
		sa = esp_nat_ikesa_add(en, in->ikesa[i].spii, in->ikesa[i].spir,
				       &in->ikesa[i].peer.addr);
		if (!sa)
			return -ENOMEM;
		sa->nat_port = in->ikesa[i].nat_port;
		sa->path = in->path;
		esp_nat_ctx_own(en, ctx, sa);
	}
	return 0;
}

/* It waits for its SAs like one that has lost its last one. */
static int esp_nat_import_settle(struct esp_nat_net *en,
				 struct esp_nat_ctx *ctx,
				 const struct esp_nat_import *in)
{
	struct esp_nat_binding *b = esp_nat_ctx_bound(en, ctx, &in->actual);

	ctx->local = in->local.addr;
	ctx->used_nat_port = in->used_nat_port;
	ctx->plain_sa = in->plain_sa;
	if (b && in->actual.port) {
		esp_nat_binding_believe(b);
		rcu_assign_pointer(ctx->believed, b);
	}
	esp_nat_ctx_set_state(en, ctx, ESP_NAT_CTX_LOST);
	return esp_nat_import_ikesas(en, ctx, in);
}

/* The context that is there already, if it is the one that is told of. */
static struct esp_nat_ctx *esp_nat_import_same(struct esp_nat_net *en,
					       const struct esp_nat_import *in)
{
	struct esp_nat_ctx *ctx = esp_nat_ctx_by_presented(en, &in->presented);

	if (!ctx)
		return NULL;
	if (ctx->aliased != in->aliased ||
	    !esp_nat_addr_equal(&ctx->home, &in->home.addr) ||
	    ctx->spii != in->spii)
		return ERR_PTR(-EEXIST);
	return ctx;
}

/* *@made: number of the context, if there was none. */
static int esp_nat_import_one(struct esp_nat_net *en,
			      const struct esp_nat_import *in,
			      unsigned long *made)
{
	struct esp_nat_ctx *ctx = esp_nat_import_same(en, in);

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	if (ctx) {
		ctx->heard = jiffies;
		return 0;
	}
	ctx = esp_nat_import_birth(en, in);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	*made = ctx->id;
	return esp_nat_import_settle(en, ctx, in);
}

static void esp_nat_import_explain(const struct nlattr *ctx, int err,
				   struct netlink_ext_ack *extack)
{
	switch (err) {
	case -EEXIST:
		NL_SET_ERR_MSG_ATTR(extack, ctx,
				    "another client has this alias, address or IKE SA");
		break;
	case -EADDRNOTAVAIL:
		NL_SET_ERR_MSG_ATTR(extack, ctx,
				    "a route covers the default pool: write net.esp_nat.alias_pool4");
		break;
	case -EDQUOT:
		NL_SET_ERR_MSG_ATTR(extack, ctx,
				    "max_contexts or max_contexts_per_peer is reached");
		break;
	case -ENETDOWN:
		NL_SET_ERR_MSG_ATTR(extack, ctx,
				    "net.esp_nat.enabled is 0 here");
		break;
	case -ENOMEM:
		NL_SET_ERR_MSG_ATTR(extack, ctx, "no memory for it");
		break;
	}
}

static void esp_nat_import_undo(struct esp_nat_net *en,
				const unsigned long *made, unsigned int count)
{
	struct esp_nat_ctx *ctx;

	while (count--) {
		spin_lock_bh(&en->table.lock);
		ctx = xa_load(&en->table.ids, made[count]);
		if (ctx)
			esp_nat_death_context(en, ctx, ESP_NAT_DEATH_DELETED);
		spin_unlock_bh(&en->table.lock);
	}
}

/**
 * struct esp_nat_import_job - a request under way
 * @info: the request
 * @en: the namespace
 * @in: the context in hand
 * @made: numbers of the contexts that it has made, NULL: it only looks
 * @count: how many contexts it has, or has made
 */
struct esp_nat_import_job {
	struct genl_info	*info;
	struct esp_nat_net	*en;
	struct esp_nat_import	in;
	unsigned long		*made;
	unsigned int		count;
};

static int esp_nat_import_do(struct esp_nat_import_job *job,
			     const struct nlattr *ctx)
{
	struct esp_nat_net *en = job->en;
	unsigned long made = 0;
	int err;

	/* A birth looks things up, which softirq does under RCU. */
	rcu_read_lock();
	spin_lock_bh(&en->table.lock);
	err = READ_ONCE(en->cfg.enabled) ?
	      esp_nat_import_one(en, &job->in, &made) : -ENETDOWN;
	spin_unlock_bh(&en->table.lock);
	rcu_read_unlock();
	if (made)
		job->made[job->count++] = made;
	if (err)
		esp_nat_import_explain(ctx, err, job->info->extack);
	return err;
}

static int esp_nat_import_all(struct esp_nat_import_job *job)
{
	const struct nlattr *ctx;
	int rem, err;

	nlmsg_for_each_attr(ctx, job->info->nlhdr, GENL_HDRLEN, rem) {
		err = esp_nat_import_get(job->en, ctx, &job->in,
					 job->info->extack);
		if (!err && job->made)
			err = esp_nat_import_do(job, ctx);
		else if (!err)
			job->count++;
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

static int esp_nat_import_run(struct esp_nat_import_job *job)
{
	int err = esp_nat_import_all(job);

	if (err)
		return err;
	job->made = kvmalloc_array(job->count, sizeof(*job->made),
				   GFP_KERNEL_ACCOUNT);
	if (!job->made)
		return -ENOMEM;
	job->count = 0;
	err = esp_nat_import_all(job);
	if (err)
		esp_nat_import_undo(job->en, job->made, job->count);
	kvfree(job->made);
	return err;
}

/**
 * esp_nat_import_contexts() - contexts as another gateway has had them
 * @skb: the request
 * @info: its attributes, of esp_nat_import_policy; one for each context
 *
 * All of them, or none. One that is there already has its time begin again.
 *
 * Context: process.
 * Return: 0; -EINVAL, -E2BIG, -ERANGE, -EAFNOSUPPORT: it is wrong; -EEXIST,
 * -EDQUOT, -ENETDOWN, -ENOMEM: it cannot be done here.
 */
int esp_nat_import_contexts(struct sk_buff *skb, struct genl_info *info)
{
	struct esp_nat_import_job *job;
	int err;

	job = kzalloc(sizeof(*job), GFP_KERNEL_ACCOUNT);
	if (!job)
		return -ENOMEM;
	job->info = info;
	job->en = esp_nat_net(genl_info_net(info));
	err = esp_nat_import_run(job);
	kfree(job);
	esp_nat_life_kick(esp_nat_net(genl_info_net(info)));
	return err;
}
