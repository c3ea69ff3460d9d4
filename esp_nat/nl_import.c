// SPDX-License-Identifier: GPL-2.0
/*
 * Contexts that another gateway has had come to this one. A request is read
 * twice: once to see whether all of it is right, then to do it. What fails
 * then takes back what was done.
 */
#include <linux/slab.h>

#include "alias.h"
#include "cover.h"
#include "lifecycle.h"
#include "locate.h"
#include "nl_import.h"
#include "nl_import_ctx.h"
#include "sa_watch.h"

const struct nla_policy esp_nat_nl_import_policy[ESP_NAT_A_MSG_MAX + 1] = {
	[ESP_NAT_A_MSG_CTX]		=
		NLA_POLICY_NESTED(esp_nat_nl_import_ctx_policy),
};

/* Its alias is the next one's that claims it: the birth's. */
static int esp_nat_nl_import_linger(struct esp_nat_net *en,
				    const struct esp_nat_addr *alias)
{
	if (!esp_nat_alias_in_pool(&en->pool, alias) ||
	    esp_nat_cover_alias(en, alias, 0))
		return -EADDRNOTAVAIL;
	return esp_nat_alias_linger(&en->pool, alias, en->table.sa_gen);
}

static struct esp_nat_ctx *
esp_nat_nl_import_birth(struct esp_nat_net *en,
			const struct esp_nat_nl_import_ctx *in)
{
	struct esp_nat_birth birth = {
		.from		= in->actual,
		.local		= in->local.addr,
		.home		= &in->home.addr,
		.spii		= in->spii,
		.major		= in->major,
		.pos		= in->pos,
		.identity	= !in->aliased,
		.presented	= &in->presented,
	};
	int err;

	if (esp_nat_lifecycle_full(en, &in->home.addr, &in->local.addr))
		return ERR_PTR(-EDQUOT);
	if (in->aliased) {
		err = esp_nat_nl_import_linger(en, &in->presented.addr);
		if (err)
			return ERR_PTR(err);
	}
	return esp_nat_lifecycle_birth(en, &birth);
}

static int esp_nat_nl_import_ikesas(struct esp_nat_table *t,
				    struct esp_nat_ctx *ctx,
				    const struct esp_nat_nl_import_ctx *in)
{
	const struct esp_nat_nl_import_ctx_ikesa *from;
	struct esp_nat_ikesa *sa;
	unsigned int i = in->nr_ikesas;

	while (i--) {
		from = &in->ikesa[i];
		if (esp_nat_ikesa_find(&t->ikesas, from->spii, from->spir,
				       &from->peer.addr))
			return -EEXIST;
		sa = esp_nat_ikesa_add(&t->ikesas, from->spii, from->spir,
				       &from->peer.addr);
		if (!sa)
			return -ENOMEM;
		sa->nat_port = from->nat_port;
		sa->pos = in->pos;
		esp_nat_ctx_add_ikesa(t, ctx, sa);
	}
	return 0;
}

/* It waits for its SAs like one that has lost its last one. */
static int esp_nat_nl_import_settle(struct esp_nat_net *en,
				    struct esp_nat_ctx *ctx,
				    const struct esp_nat_nl_import_ctx *in)
{
	struct esp_nat_flow at = esp_nat_flow(&in->actual, &in->local.addr);
	struct esp_nat_binding *b = esp_nat_place_bound(&en->table, ctx, &at);

	/* the birth can do without, but then nobody knows where it is */
	if (!b)
		return -ENOMEM;
	ctx->used_nat_port = in->used_nat_port;
	ctx->plain_sa = in->plain_sa;
	if (in->actual.port) {
		esp_nat_binding_believe(b);
		rcu_assign_pointer(ctx->believed, b);
	}
	esp_nat_lifecycle_go_on(en, ctx, ESP_NAT_CTX_LOST);
	return esp_nat_nl_import_ikesas(&en->table, ctx, in);
}

/* Its SAs came first, so that it was adopted: more is known of it now. */
static bool esp_nat_nl_import_adopted(const struct esp_nat_ctx *ctx,
				      const struct esp_nat_nl_import_ctx *in)
{
	return !ctx->spii && list_empty(&ctx->ikesas) && !ctx->aliased &&
	       !in->aliased && esp_nat_ctx_confirmed(ctx) &&
	       esp_nat_addr_equal(&ctx->home->addr, &in->home.addr);
}

/* The context that is there already, if it is the one that is told of. */
static struct esp_nat_ctx *esp_nat_nl_import_same(struct esp_nat_net *en,
						  const struct esp_nat_nl_import_ctx *in)
{
	struct esp_nat_flow at = esp_nat_flow(&in->presented, &in->local.addr);
	struct esp_nat_ctx *ctx = esp_nat_locate_presented(en, &at);

	if (!ctx)
		return NULL;
	if (in->spii && esp_nat_nl_import_adopted(ctx, in)) {
		/* a walk finds its SAs again */
		set_bit(0, &en->table.dirty);
		esp_nat_lifecycle_death(en, ctx, ESP_NAT_DEATH_DELETED);
		return NULL;
	}
	if (ctx->aliased != in->aliased ||
	    !esp_nat_addr_equal(&ctx->home->addr, &in->home.addr) ||
	    ctx->spii != in->spii)
		return ERR_PTR(-EEXIST);
	return ctx;
}

/* *@made: number of the context, if there was none. */
static int esp_nat_nl_import_one(struct esp_nat_net *en,
				 const struct esp_nat_nl_import_ctx *in,
				 unsigned long *made)
{
	struct esp_nat_ctx *ctx = esp_nat_nl_import_same(en, in);

	if (!IS_ERR_OR_NULL(ctx))
		ctx->answered = jiffies;
	if (ctx)
		return PTR_ERR_OR_ZERO(ctx);
	ctx = esp_nat_nl_import_birth(en, in);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	*made = ctx->id;
	return esp_nat_nl_import_settle(en, ctx, in);
}

static void esp_nat_nl_import_explain(const struct nlattr *ctx, int err,
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

static void esp_nat_nl_import_undo(struct esp_nat_net *en,
				   const unsigned long *made, unsigned int count)
{
	struct esp_nat_ctx *ctx;

	while (count--) {
		spin_lock_bh(&en->table.lock);
		ctx = xa_load(&en->table.ids, made[count]);
		if (ctx)
			esp_nat_lifecycle_death(en, ctx, ESP_NAT_DEATH_DELETED);
		spin_unlock_bh(&en->table.lock);
	}
}

/**
 * struct esp_nat_nl_import_job - a request under way
 * @info: the request
 * @en: the namespace
 * @in: the context in hand
 * @made: numbers of the contexts that it has made, NULL: it only looks
 * @count: how many contexts it has, or has made
 */
struct esp_nat_nl_import_job {
	struct genl_info	*info;
	struct esp_nat_net	*en;
	struct esp_nat_nl_import_ctx	in;
	unsigned long		*made;
	unsigned int		count;
};

static int esp_nat_nl_import_do(struct esp_nat_nl_import_job *job,
				const struct nlattr *ctx)
{
	struct esp_nat_net *en = job->en;
	struct mem_cgroup *was;
	unsigned long made = 0;
	int err = -ENETDOWN;

	/* A birth looks things up, which softirq does under RCU. */
	rcu_read_lock();
	was = esp_nat_charge_begin(&en->charge);
	spin_lock_bh(&en->table.lock);
	if (READ_ONCE(en->cfg.enabled))
		err = esp_nat_nl_import_one(en, &job->in, &made);
	spin_unlock_bh(&en->table.lock);
	esp_nat_charge_end(&en->charge, was);
	rcu_read_unlock();
	if (made)
		job->made[job->count++] = made;
	esp_nat_nl_import_explain(ctx, err, job->info->extack);
	return err;
}

static int esp_nat_nl_import_all(struct esp_nat_nl_import_job *job)
{
	const struct nlattr *ctx;
	int rem, err;

	nlmsg_for_each_attr(ctx, job->info->nlhdr, GENL_HDRLEN, rem) {
		err = esp_nat_nl_import_ctx_get(job->en, ctx, &job->in,
						job->info->extack);
		if (!err && job->made)
			err = esp_nat_nl_import_do(job, ctx);
		else if (!err)
			job->count++;
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

static int esp_nat_nl_import_run(struct esp_nat_nl_import_job *job)
{
	int err = esp_nat_nl_import_all(job);

	if (err)
		return err;
	job->made = kvmalloc_array(job->count, sizeof(*job->made),
				   GFP_KERNEL_ACCOUNT);
	if (!job->made)
		return -ENOMEM;
	job->count = 0;
	err = esp_nat_nl_import_all(job);
	if (err)
		esp_nat_nl_import_undo(job->en, job->made, job->count);
	kvfree(job->made);
	return err;
}

/**
 * esp_nat_nl_import_contexts() - contexts as another gateway has had them
 * @skb: the request
 * @info: its attributes, of esp_nat_nl_import_policy; one for each context
 *
 * All of them, or none. One that is there already has its time begin again.
 *
 * Context: process.
 * Return: 0; -EINVAL, -E2BIG, -ERANGE, -EAFNOSUPPORT: it is wrong; -EEXIST,
 * -EADDRNOTAVAIL, -EDQUOT, -ENETDOWN, -ENOMEM: it cannot be done here.
 */
int esp_nat_nl_import_contexts(struct sk_buff *skb, struct genl_info *info)
{
	struct esp_nat_net *en = esp_nat_net(genl_info_net(info));
	struct esp_nat_nl_import_job *job = kzalloc(sizeof(*job),
						    GFP_KERNEL_ACCOUNT);
	int err;

	if (!job)
		return -ENOMEM;
	job->info = info;
	job->en = en;
	err = esp_nat_nl_import_run(job);
	kfree(job);
	esp_nat_sa_watch_kick(en);
	return err;
}
