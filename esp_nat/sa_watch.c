// SPDX-License-Identifier: GPL-2.0
/*
 * SAs come and go, and contexts live as long as they have one. Events tell when
 * SAs come and, mostly, when they go; since not every end of an SA is told,
 * walks over the SAs have the last word.
 */
#include <linux/slab.h>

#include "alias.h"
#include "cover.h"
#include "follow.h"
#include "keepalive.h"
#include "lifecycle.h"
#include "locate.h"
#include "match.h"
#include "sa_watch.h"

/**
 * enum esp_nat_sa_watch_times - how often the watch looks
 * @ESP_NAT_SA_WATCH_TICK: jiffies between looks at what is due
 * @ESP_NAT_SA_WATCH_SOON: jiffies from an SA's end to a walk
 * @ESP_NAT_SA_WATCH_WALK: jiffies between walks that nothing asked for
 * @ESP_NAT_SA_WATCH_CHUNK: contexts that one hold of the table's lock looks at
 */
enum esp_nat_sa_watch_times {
	ESP_NAT_SA_WATCH_TICK	= HZ,
	ESP_NAT_SA_WATCH_SOON	= HZ / 10,
	ESP_NAT_SA_WATCH_WALK	= 30 * HZ,
	ESP_NAT_SA_WATCH_CHUNK	= 512,
};

/**
 * struct esp_nat_sa_watch - the walks over a namespace's SAs
 * @en: the namespace
 * @work: looks at what is due, and walks
 * @lock: serialises walks
 * @next: jiffies of the next walk that nothing asked for
 */
struct esp_nat_sa_watch {
	struct esp_nat_net	*en;
	struct delayed_work	work;
	struct mutex		lock;	/* walks over SAs */
	unsigned long		next;
};

/*
 * An inbound SA that no context has: the module was loaded, or the daemon
 * followed its client, after IKE. Its address is in use from now on.
 */
static struct esp_nat_ctx *esp_nat_sa_watch_adopt(struct esp_nat_net *en,
						  const struct esp_nat_sa *sa)
{
	struct esp_nat_birth birth = {
		.from = sa->src, .local = sa->dst.addr, .identity = true
	};

	if (sa->src.addr.family != AF_INET ||
	    !esp_nat_route_domain(en->net, sa->dst.addr.ip.ip, &birth.l3mdev))
		return NULL;
	return esp_nat_lifecycle_birth(en, &birth);
}

/*
 * The peer of an SA, and this end of it. -ENOENT: it is no alias, but somebody's
 * real address.
 */
static int esp_nat_sa_watch_linger(struct esp_nat_net *en,
				   const struct esp_nat_addr *addr,
				   const struct esp_nat_addr *local)
{
	int l3mdev;

	if (!esp_nat_alias_in_pool(&en->pool, addr))
		return -ENOENT;
	esp_nat_route_domain(en->net, local->ip.ip, &l3mdev);
	if (esp_nat_cover_alias(en, addr, l3mdev))
		return -ENOENT;
	return esp_nat_alias_linger(&en->pool, addr, en->table.sa_gen);
}

/* An SA that no context has: its alias lingers, or its client is adopted. */
static struct esp_nat_ctx *esp_nat_sa_watch_take(struct esp_nat_net *en,
						 const struct esp_nat_sa *sa)
{
	int err = esp_nat_sa_watch_linger(en, &sa->src.addr, &sa->dst.addr);

	if (err == -ENOENT)
		err = esp_nat_sa_watch_linger(en, &sa->dst.addr, &sa->src.addr);
	if (err != -ENOENT)
		return ERR_PTR(err);
	return READ_ONCE(en->cfg.enabled) ? esp_nat_sa_watch_adopt(en, sa) :
					    NULL;
}

/*
 * Is a context in its handshake at this end of an SA, and has it no alias? It has
 * echoed an SPIr: who only claims to be there has not.
 */
static struct esp_nat_binding *
esp_nat_sa_watch_newcomer(struct esp_nat_net *en, struct esp_nat_flow end,
			  bool encap)
{
	struct esp_nat_binding *b;

	if (!encap)
		end.peer.port = htons(READ_ONCE(en->cfg.ike_port));
	b = esp_nat_binding_by_actual(&en->table.bindings, &end);
	return b && b->identity && !b->ctx->aliased &&
	       b->ctx->state == ESP_NAT_CTX_ECHOED ? b : NULL;
}

/*
 * The first SA of a client: its daemon has authenticated it. It takes the place
 * of one that has moved away from there. What was rekeyed is whose IKE was heard
 * last.
 */
static struct esp_nat_ctx *
esp_nat_sa_watch_seat(struct esp_nat_net *en, const struct esp_nat_sa *sa,
		      struct esp_nat_ctx *ctx)
{
	struct esp_nat_binding *b;

	b = esp_nat_sa_watch_newcomer(en, esp_nat_sa_in(sa), sa->encap);
	if (!b)
		b = esp_nat_sa_watch_newcomer(en, esp_nat_sa_out(sa), sa->encap);
	if (!b || b->ctx == ctx ||
	    (ctx && !time_after(b->ctx->heard, ctx->heard)))
		return ctx;
	b->ctx->contested = ctx;
	esp_nat_binding_publish_presented(&en->table.bindings, b);
	return b->ctx;
}

/*
 * A context has an SA with this presented endpoint: it was there. Who has spoken in
 * its name since, from elsewhere, may be presented so, too: that proves nothing more.
 */
static void esp_nat_sa_watch_prove(struct esp_nat_ctx *ctx,
				   const struct esp_nat_ep *end)
{
	struct esp_nat_binding *b;

	list_for_each_entry(b, &ctx->bindings, list)
		if (b->proven && esp_nat_ep_equal(&b->presented.peer, end))
			return;
	list_for_each_entry(b, &ctx->bindings, list)
		b->proven |= esp_nat_ep_equal(&b->presented.peer, end);
}

/* What a context has of an SA of its, which a walk or an event tells of. */
static void esp_nat_sa_watch_note(struct esp_nat_net *en,
				  struct esp_nat_ctx *ctx,
				  const struct esp_nat_sa *sa, bool is_new)
{
	bool in = esp_nat_addr_equal(&sa->src.addr, &ctx->presented);
	struct esp_nat_flow end = in ? esp_nat_sa_in(sa) : esp_nat_sa_out(sa);

	if (sa->encap && ctx->state != ESP_NAT_CTX_LIVE)
		esp_nat_follow_answered(en, ctx, &end);
	esp_nat_sa_watch_prove(ctx, &end.peer);
	ctx->plain_sa |= !sa->encap;
	ctx->used_nat_port |= sa->encap;
	ctx->local = in ? sa->dst.addr : sa->src.addr;
	if (!in)
		return;
	ctx->nr_sas++;
	/* a walk begins with the newest */
	if (is_new || !ctx->spi)
		ctx->spi = sa->spi;
}

static void esp_nat_sa_watch_found(struct esp_nat_net *en,
				   const struct esp_nat_sa *sa, bool is_new)
{
	struct esp_nat_ctx *ctx;

	if (esp_nat_sa_from_any(sa))
		return;
	ctx = esp_nat_locate_sa(en, sa);
	if (!ctx || (is_new && !ctx->aliased))
		ctx = esp_nat_sa_watch_seat(en, sa, ctx);
	if (!ctx)
		ctx = esp_nat_sa_watch_take(en, sa);
	if (IS_ERR(ctx))
		/* no memory: nobody looks after this client; try again */
		set_bit(0, &en->table.dirty);
	if (IS_ERR_OR_NULL(ctx))
		return;

	if (ctx->sa_gen != en->table.sa_gen)
		ctx->nr_sas = 0;
	ctx->sa_gen = en->table.sa_gen;
	esp_nat_sa_watch_note(en, ctx, sa, is_new);
	if (ctx->state != ESP_NAT_CTX_LIVE) {
		esp_nat_lifecycle_go_on(en, ctx, ESP_NAT_CTX_LIVE);
		esp_nat_match_settle(&en->table, ctx);
	}
	if (list_empty(&ctx->due))
		esp_nat_keepalive_begin(en, ctx);
}

static void esp_nat_sa_watch_visit(const struct esp_nat_sa *sa, void *arg)
{
	struct esp_nat_net *en = arg;
	struct mem_cgroup *was;

	rcu_read_lock();
	was = esp_nat_charge_begin(&en->charge);
	spin_lock(&en->table.lock);
	esp_nat_sa_watch_found(en, sa, false);
	spin_unlock(&en->table.lock);
	esp_nat_charge_end(&en->charge, was);
	rcu_read_unlock();
}

static void esp_nat_sa_watch_lost(struct esp_nat_net *en,
				  struct esp_nat_ctx *ctx)
{
	ctx->spi = 0;
	ctx->nr_sas = 0;
	esp_nat_lifecycle_go_on(en, ctx, ESP_NAT_CTX_LOST);
}

/* Live contexts that the walk has found no SA of have lost their last one. */
static void esp_nat_sa_watch_lose(struct esp_nat_net *en)
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
			esp_nat_sa_watch_lost(en, ctx);
		if (++chunk % ESP_NAT_SA_WATCH_CHUNK)
			continue;
		spin_unlock_bh(&t->lock);
		cond_resched();
		spin_lock_bh(&t->lock);
	}
	esp_nat_alias_sweep(&en->pool, t->sa_gen);
	spin_unlock_bh(&t->lock);
}

/* One at a time: what another's generation has not reached is not lost. */
static void esp_nat_sa_watch_walk(struct esp_nat_net *en)
{
	mutex_lock(&en->sa_watch->lock);
	en->sa_watch->next = jiffies + ESP_NAT_SA_WATCH_WALK;
	spin_lock_bh(&en->table.lock);
	en->table.sa_gen++;
	spin_unlock_bh(&en->table.lock);
	esp_nat_sa_walk(en->net, esp_nat_sa_watch_visit, en);
	esp_nat_sa_watch_lose(en);
	mutex_unlock(&en->sa_watch->lock);
}

static bool esp_nat_sa_watch_busy(struct esp_nat_net *en)
{
	const struct esp_nat_table *t = &en->table;

	return READ_ONCE(t->count[ESP_NAT_CTX_HALF]) ||
	       READ_ONCE(t->count[ESP_NAT_CTX_ECHOED]) ||
	       READ_ONCE(t->count[ESP_NAT_CTX_LIVE]) ||
	       READ_ONCE(t->count[ESP_NAT_CTX_LOST]) ||
	       READ_ONCE(en->pool.lingering);
}

static void esp_nat_sa_watch_queue(struct esp_nat_net *en, unsigned long delay)
{
	spin_lock_bh(&en->table.lock);
	if (!en->table.stopped)
		mod_delayed_work(system_power_efficient_wq, &en->sa_watch->work,
				 delay);
	spin_unlock_bh(&en->table.lock);
}

/**
 * esp_nat_sa_watch_kick() - there may be something to look after
 * @en: the namespace
 *
 * Context: any, &esp_nat_table.lock not held.
 */
void esp_nat_sa_watch_kick(struct esp_nat_net *en)
{
	if (!delayed_work_pending(&en->sa_watch->work))
		esp_nat_sa_watch_queue(en, ESP_NAT_SA_WATCH_TICK);
}

/* Is there anything to come back for? */
static void esp_nat_sa_watch_go_on(struct esp_nat_net *en)
{
	if (esp_nat_sa_watch_busy(en) || test_bit(0, &en->table.dirty))
		esp_nat_sa_watch_kick(en);
}

static void esp_nat_sa_watch_work(struct work_struct *work)
{
	struct esp_nat_sa_watch *watch = container_of(to_delayed_work(work),
						      struct esp_nat_sa_watch,
						      work);
	struct esp_nat_net *en = watch->en;

	if (test_and_clear_bit(0, &en->table.dirty) ||
	    time_after_eq(jiffies, watch->next))
		esp_nat_sa_watch_walk(en);
	esp_nat_lifecycle_expire(en, ESP_NAT_CTX_HALF);
	esp_nat_lifecycle_expire(en, ESP_NAT_CTX_ECHOED);
	esp_nat_lifecycle_expire(en, ESP_NAT_CTX_LOST);
	esp_nat_cover_look(en);
	esp_nat_cover_warn(en);
	esp_nat_sa_watch_go_on(en);
}

/**
 * esp_nat_sa_watch_init() - make the watch of a namespace ready
 * @en: the namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_sa_watch_init(struct esp_nat_net *en)
{
	struct esp_nat_sa_watch *watch = kzalloc(sizeof(*watch), GFP_KERNEL);

	if (!watch)
		return -ENOMEM;
	watch->en = en;
	INIT_DELAYED_WORK(&watch->work, esp_nat_sa_watch_work);
	mutex_init(&watch->lock);
	watch->next = jiffies;
	en->sa_watch = watch;
	return 0;
}

/**
 * esp_nat_sa_watch_stop() - no work is queued any more
 * @en: the namespace
 *
 * Context: process. None runs when it returns; events of SAs that are under way
 * need a grace period.
 */
void esp_nat_sa_watch_stop(struct esp_nat_net *en)
{
	spin_lock_bh(&en->table.lock);
	WRITE_ONCE(en->table.stopped, true);
	spin_unlock_bh(&en->table.lock);
	cancel_delayed_work_sync(&en->sa_watch->work);
}

/**
 * esp_nat_sa_watch_exit() - the reverse of esp_nat_sa_watch_init()
 * @en: the namespace, stopped; no SA event comes any more
 *
 * Context: process.
 */
void esp_nat_sa_watch_exit(struct esp_nat_net *en)
{
	kfree(en->sa_watch);
}

/**
 * esp_nat_sa_watch_start() - find the SAs that are there already
 * @en: the namespace
 *
 * Loading the module into a running gateway disturbs nobody.
 *
 * Context: process.
 */
void esp_nat_sa_watch_start(struct esp_nat_net *en)
{
	esp_nat_sa_watch_walk(en);
	esp_nat_sa_watch_go_on(en);
}

/**
 * esp_nat_sa_watch_new() - an SA was installed or updated
 * @en: the namespace
 * @sa: the SA
 *
 * Context: softirq or process, RCU read side.
 */
void esp_nat_sa_watch_new(struct esp_nat_net *en, const struct esp_nat_sa *sa)
{
	struct mem_cgroup *was;

	if (!READ_ONCE(en->cfg.enabled) || READ_ONCE(en->table.stopped))
		return;
	was = esp_nat_charge_begin(&en->charge);
	spin_lock_bh(&en->table.lock);
	if (!en->table.stopped)
		esp_nat_sa_watch_found(en, sa, true);
	spin_unlock_bh(&en->table.lock);
	esp_nat_charge_end(&en->charge, was);
	esp_nat_inc(en, sa_new);
	esp_nat_sa_watch_kick(en);
}

/*
 * Its last SA went, as far as is known: a client has hung up, and may dial again at
 * once. The walk that follows knows.
 */
static void esp_nat_sa_watch_one_gone(struct esp_nat_net *en,
				      const struct esp_nat_sa *sa)
{
	struct esp_nat_flow end = esp_nat_sa_in(sa);
	struct esp_nat_ctx *ctx;

	spin_lock_bh(&en->table.lock);
	ctx = esp_nat_locate_sa_end(en, &end, sa->encap);
	if (ctx && ctx->nr_sas)
		ctx->nr_sas--;
	if (ctx && ctx->state == ESP_NAT_CTX_LIVE && ctx->spi == sa->spi) {
		ctx->spi = 0;
		if (!ctx->nr_sas)
			esp_nat_sa_watch_lost(en, ctx);
	}
	spin_unlock_bh(&en->table.lock);
}

/* All SAs were flushed, so that all clients may dial again at once. */
static void esp_nat_sa_watch_all_gone(struct esp_nat_net *en)
{
	struct list_head *live = &en->table.list[ESP_NAT_CTX_LIVE];
	unsigned int chunk = 0;

	spin_lock_bh(&en->table.lock);
	while (!list_empty(live)) {
		esp_nat_sa_watch_lost(en, list_first_entry(live,
							   struct esp_nat_ctx,
							   list));
		if (++chunk % ESP_NAT_SA_WATCH_CHUNK)
			continue;
		/* softirqs */
		spin_unlock_bh(&en->table.lock);
		spin_lock_bh(&en->table.lock);
	}
	spin_unlock_bh(&en->table.lock);
}

/**
 * esp_nat_sa_watch_gone() - an SA went
 * @en: the namespace
 * @sa: the SA; NULL: all of them
 *
 * Context: any, RCU read side; x->lock may be held.
 */
void esp_nat_sa_watch_gone(struct esp_nat_net *en, const struct esp_nat_sa *sa)
{
	/* xfrm goes after us, and may tell of expiries until then */
	if (READ_ONCE(en->table.stopped))
		return;
	if (sa) {
		esp_nat_inc(en, sa_gone);
		esp_nat_sa_watch_one_gone(en, sa);
	} else {
		esp_nat_sa_watch_all_gone(en);
	}
	if (!test_and_set_bit(0, &en->table.dirty) && esp_nat_sa_watch_busy(en))
		esp_nat_sa_watch_queue(en, ESP_NAT_SA_WATCH_SOON);
}
