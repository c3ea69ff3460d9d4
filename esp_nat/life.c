// SPDX-License-Identifier: GPL-2.0
/*
 * How long a context lives. It has an SA or it has not: events tell when SAs
 * come and, mostly, when they go; since not every end of an SA is told, walks
 * over the SAs have the last word.
 */
#include <linux/inetdevice.h>
#include <net/route.h>

#include "alias.h"
#include "birth.h"
#include "death.h"
#include "join.h"
#include "keepalive.h"
#include "life.h"
#include "plain.h"

/**
 * enum esp_nat_life_times - how often life looks
 * @ESP_NAT_LIFE_TICK: jiffies between looks at what is due
 * @ESP_NAT_LIFE_SOON: jiffies from an SA's end to a walk
 * @ESP_NAT_LIFE_WALK: jiffies between walks that nothing asked for
 * @ESP_NAT_LIFE_CHUNK: contexts that one hold of the table's lock looks at
 */
enum esp_nat_life_times {
	ESP_NAT_LIFE_TICK	= HZ,
	ESP_NAT_LIFE_SOON	= HZ / 10,
	ESP_NAT_LIFE_WALK	= 30 * HZ,
	ESP_NAT_LIFE_CHUNK	= 512,
};

static struct esp_nat_ctx *esp_nat_life_at(struct esp_nat_net *en,
					   const struct esp_nat_ep *end,
					   bool encap)
{
	return encap ? esp_nat_ctx_by_presented(en, end) :
		       esp_nat_plain_find(en, end);
}

/**
 * esp_nat_life_find() - whose is an SA?
 * @en: the namespace
 * @sa: the SA, of either direction
 *
 * Context: RCU read side or &esp_nat_table.lock held.
 * Return: the context or NULL; valid under RCU.
 */
struct esp_nat_ctx *esp_nat_life_find(struct esp_nat_net *en,
				      const struct esp_nat_sa *sa)
{
	return esp_nat_life_at(en, &sa->src, sa->encap) ?:
	       esp_nat_life_at(en, &sa->dst, sa->encap);
}

/*
 * An inbound SA that no context has: the module was loaded, or the daemon
 * followed its client, after IKE. Its address is in use from now on.
 */
static struct esp_nat_ctx *esp_nat_life_adopt(struct esp_nat_net *en,
					      const struct esp_nat_sa *sa)
{
	struct esp_nat_birth birth = { .from = sa->src, .identity = true };

	if (sa->src.addr.family != AF_INET ||
	    inet_addr_type(en->net, sa->dst.addr.ip.ip) != RTN_LOCAL)
		return NULL;
	return esp_nat_birth_context(en, &birth);
}

/* An SA that no context has: its alias is reserved, or its client adopted. */
static struct esp_nat_ctx *esp_nat_life_take(struct esp_nat_net *en,
					     const struct esp_nat_sa *sa)
{
	int reserved;

	reserved = esp_nat_alias_reserve(en, &sa->src.addr) ?:
		   esp_nat_alias_reserve(en, &sa->dst.addr);
	if (reserved)
		return reserved < 0 ? ERR_PTR(reserved) : NULL;
	return READ_ONCE(en->cfg.enabled) ? esp_nat_life_adopt(en, sa) : NULL;
}

static void esp_nat_life_found(struct esp_nat_net *en,
			       const struct esp_nat_sa *sa)
{
	struct esp_nat_ctx *ctx = esp_nat_life_find(en, sa);

	if (!ctx)
		ctx = esp_nat_life_take(en, sa);
	if (IS_ERR(ctx))
		/* no memory: nobody looks after this client; try again */
		set_bit(0, &en->dirty);
	if (IS_ERR_OR_NULL(ctx))
		return;

	ctx->sa_gen = en->table.sa_gen;
	ctx->plain_sa |= !sa->encap;
	ctx->local = esp_nat_addr_equal(&sa->src.addr, &ctx->presented) ?
		     sa->dst.addr : sa->src.addr;
	if (ctx->state != ESP_NAT_CTX_LIVE) {
		esp_nat_ctx_set_state(en, ctx, ESP_NAT_CTX_LIVE);
		esp_nat_join_settle(en, ctx);
	}
	if (list_empty(&ctx->due))
		esp_nat_keepalive_begin(en, ctx);
}

static void esp_nat_life_visit(struct esp_nat_net *en,
			       const struct esp_nat_sa *sa)
{
	rcu_read_lock();
	spin_lock(&en->table.lock);
	esp_nat_life_found(en, sa);
	spin_unlock(&en->table.lock);
	rcu_read_unlock();
}

/* Live contexts that the walk has found no SA of have lost their last one. */
static void esp_nat_life_lose(struct esp_nat_net *en)
{
	struct esp_nat_table *t = &en->table;
	unsigned int left, chunk = 0;
	struct esp_nat_ctx *ctx;

	spin_lock_bh(&t->lock);
	for (left = t->count[ESP_NAT_CTX_LIVE]; left; left--) {
		ctx = list_first_entry_or_null(&t->list[ESP_NAT_CTX_LIVE],
					       struct esp_nat_ctx, list);
		if (!ctx)
			break;
		if (ctx->sa_gen == t->sa_gen)
			list_move_tail(&ctx->list, &t->list[ESP_NAT_CTX_LIVE]);
		else
			esp_nat_ctx_set_state(en, ctx, ESP_NAT_CTX_LOST);
		if (++chunk % ESP_NAT_LIFE_CHUNK)
			continue;
		spin_unlock_bh(&t->lock);
		cond_resched();
		spin_lock_bh(&t->lock);
	}
	esp_nat_alias_sweep(en);
	spin_unlock_bh(&t->lock);
}

/* One at a time: what another's generation has not reached is not lost. */
static void esp_nat_life_walk(struct esp_nat_net *en)
{
	mutex_lock(&en->walk_lock);
	en->next_walk = jiffies + ESP_NAT_LIFE_WALK;
	spin_lock_bh(&en->table.lock);
	en->table.sa_gen++;
	spin_unlock_bh(&en->table.lock);
	esp_nat_sa_walk(en, esp_nat_life_visit);
	esp_nat_life_lose(en);
	mutex_unlock(&en->walk_lock);
}

static void esp_nat_life_expire(struct esp_nat_net *en,
				enum esp_nat_state state)
{
	struct list_head *list = &en->table.list[state];
	unsigned long lifetime = esp_nat_ctx_lifetime(en, state);
	struct esp_nat_ctx *ctx;
	unsigned int chunk = 0;

	spin_lock_bh(&en->table.lock);
	while (!list_empty(list)) {
		ctx = list_first_entry(list, struct esp_nat_ctx, list);
		if (time_before(jiffies, ctx->since + lifetime))
			break;
		if (state == ESP_NAT_CTX_LOST &&
		    time_before(jiffies, ctx->heard + lifetime)) {
			ctx->since = ctx->heard;
			list_move_tail(&ctx->list, list);
			continue;
		}
		esp_nat_death_context(en, ctx, ESP_NAT_DEATH_EXPIRED);
		if (++chunk % ESP_NAT_LIFE_CHUNK)
			continue;
		spin_unlock_bh(&en->table.lock);
		cond_resched();
		spin_lock_bh(&en->table.lock);
	}
	spin_unlock_bh(&en->table.lock);
}

static bool esp_nat_life_busy(struct esp_nat_net *en)
{
	const struct esp_nat_table *t = &en->table;

	return READ_ONCE(t->count[ESP_NAT_CTX_HALF]) ||
	       READ_ONCE(t->count[ESP_NAT_CTX_ECHOED]) ||
	       READ_ONCE(t->count[ESP_NAT_CTX_LIVE]) ||
	       READ_ONCE(t->count[ESP_NAT_CTX_LOST]) ||
	       READ_ONCE(en->pool.reserved);
}

static void esp_nat_life_queue(struct esp_nat_net *en, unsigned long delay)
{
	spin_lock_bh(&en->table.lock);
	if (!en->stopped)
		mod_delayed_work(system_power_efficient_wq, &en->life, delay);
	spin_unlock_bh(&en->table.lock);
}

/**
 * esp_nat_life_kick() - there may be something to look after
 * @en: the namespace
 *
 * Context: any, &esp_nat_table.lock not held.
 */
void esp_nat_life_kick(struct esp_nat_net *en)
{
	if (!delayed_work_pending(&en->life))
		esp_nat_life_queue(en, ESP_NAT_LIFE_TICK);
}

/* Is there anything to come back for? */
static void esp_nat_life_go_on(struct esp_nat_net *en)
{
	if (esp_nat_life_busy(en) || test_bit(0, &en->dirty))
		esp_nat_life_kick(en);
}

static void esp_nat_life_work(struct work_struct *work)
{
	struct esp_nat_net *en = container_of(to_delayed_work(work),
					      struct esp_nat_net, life);

	if (test_and_clear_bit(0, &en->dirty) ||
	    time_after_eq(jiffies, en->next_walk))
		esp_nat_life_walk(en);
	esp_nat_life_expire(en, ESP_NAT_CTX_HALF);
	esp_nat_life_expire(en, ESP_NAT_CTX_ECHOED);
	esp_nat_life_expire(en, ESP_NAT_CTX_LOST);
	esp_nat_life_go_on(en);
}

/**
 * esp_nat_life_init() - make life of a namespace ready
 * @en: the namespace
 *
 * Context: process.
 */
void esp_nat_life_init(struct esp_nat_net *en)
{
	INIT_DELAYED_WORK(&en->life, esp_nat_life_work);
	mutex_init(&en->walk_lock);
	en->next_walk = jiffies;
}

/**
 * esp_nat_life_exit() - stop life of a namespace
 * @en: the namespace
 *
 * Context: process.
 */
void esp_nat_life_exit(struct esp_nat_net *en)
{
	spin_lock_bh(&en->table.lock);
	en->stopped = true;
	spin_unlock_bh(&en->table.lock);
	cancel_delayed_work_sync(&en->life);
}

/**
 * esp_nat_life_start() - find the SAs that are there already
 * @en: the namespace
 *
 * Loading the module into a running gateway disturbs nobody.
 *
 * Context: process.
 */
void esp_nat_life_start(struct esp_nat_net *en)
{
	esp_nat_life_walk(en);
	esp_nat_life_go_on(en);
}

/**
 * esp_nat_life_sa_new() - an SA was installed or updated
 * @en: the namespace
 * @sa: the SA
 *
 * Context: softirq or process, RCU read side.
 */
void esp_nat_life_sa_new(struct esp_nat_net *en, const struct esp_nat_sa *sa)
{
	if (!READ_ONCE(en->cfg.enabled))
		return;
	spin_lock_bh(&en->table.lock);
	if (!en->stopped)
		esp_nat_life_found(en, sa);
	spin_unlock_bh(&en->table.lock);
	esp_nat_inc(en, sa_new);
	esp_nat_life_kick(en);
}

/**
 * esp_nat_life_sa_gone() - an SA went
 * @en: the namespace
 * @sa: the SA; NULL: all of them
 *
 * Context: any; x->lock may be held.
 */
void esp_nat_life_sa_gone(struct esp_nat_net *en, const struct esp_nat_sa *sa)
{
	if (sa)
		esp_nat_inc(en, sa_gone);
	if (!test_and_set_bit(0, &en->dirty) && esp_nat_life_busy(en))
		esp_nat_life_queue(en, ESP_NAT_LIFE_SOON);
}
