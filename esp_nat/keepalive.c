// SPDX-License-Identifier: GPL-2.0
/*
 * NAT keepalives (RFC 3948, section 4): one byte to a client that has been
 * silent, and been sent nothing, for keepalive_interval seconds. A wheel of
 * seconds holds the contexts: only those that are due are looked at.
 */
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/udp.h>
#include <net/ip_tunnels.h>
#include <net/route.h>

#include "keepalive.h"
#include "proto.h"

/**
 * enum esp_nat_keepalive_limits - steps of the work
 * @ESP_NAT_KEEPALIVE_BATCH: keepalives sent between two holds of the lock
 * @ESP_NAT_KEEPALIVE_CHUNK: contexts that one hold of the lock looks at
 */
enum esp_nat_keepalive_limits {
	ESP_NAT_KEEPALIVE_BATCH	= 16,
	ESP_NAT_KEEPALIVE_CHUNK	= 256,
};

/* Seconds that the wheel of keepalives tells apart. */
#define ESP_NAT_WHEEL_SLOTS	64

/**
 * struct esp_nat_wheel - when contexts are to be looked at
 * @en: the namespace
 * @slot: contexts by second; under &esp_nat_table.lock
 * @next: the second (monotonic) that comes next; likewise
 * @work: turns it
 */
struct esp_nat_wheel {
	struct esp_nat_net	*en;
	struct list_head	slot[ESP_NAT_WHEEL_SLOTS];
	unsigned long		next;
	struct delayed_work	work;
};

/**
 * struct esp_nat_keepalive - a keepalive to be sent
 * @local: address of this end
 * @to: the presented endpoint; LOCAL_OUT translates it
 */
struct esp_nat_keepalive {
	struct esp_nat_addr	local;
	struct esp_nat_ep	to;
};

static void esp_nat_keepalive_send(struct esp_nat_net *en,
				   const struct esp_nat_keepalive *ka)
{
	unsigned int room = LL_MAX_HEADER + sizeof(struct iphdr) +
			    sizeof(struct udphdr);
	__be16 sport = htons(READ_ONCE(en->cfg.nat_port));
	struct flowi4 fl4 = {
		.saddr = ka->local.ip.ip,
		.daddr = ka->to.addr.ip.ip,
		.flowi4_proto = IPPROTO_UDP,
		.fl4_sport = sport,
		.fl4_dport = ka->to.port,
	};
	int l3mdev;
	struct sk_buff *skb;
	struct udphdr *uh;
	struct rtable *rt;

	esp_nat_route_domain(en->net, fl4.saddr, &l3mdev);
	fl4.flowi4_l3mdev = l3mdev;
	/* does not ask xfrm: no policy is to encrypt it */
	rt = ip_route_output_key_hash(en->net, &fl4, NULL);
	if (IS_ERR(rt))
		return;
	skb = alloc_skb(room + 1, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb) {
		ip_rt_put(rt);
		return;
	}
	skb_reserve(skb, room);
	skb_put_u8(skb, ESP_NAT_KEEPALIVE);
	/* by hand: udp_tunnel is a module, and insmod is to be enough */
	uh = skb_push(skb, sizeof(*uh));
	*uh = (struct udphdr) {
		.source = sport,
		.dest = ka->to.port,
		.len = htons(sizeof(*uh) + 1),
	};
	skb_reset_transport_header(skb);
	esp_nat_inc(en, out_keepalive);
	iptunnel_xmit(NULL, rt, skb, fl4.saddr, fl4.daddr, IPPROTO_UDP, 0,
		      ip4_dst_hoplimit(&rt->dst), 0, false, 0);
}

/* Look again in so many seconds, or as late as the wheel can tell. */
static void esp_nat_keepalive_later(struct esp_nat_net *en,
				    struct esp_nat_ctx *ctx, long seconds)
{
	unsigned long second = ktime_get_seconds() +
			       clamp(seconds, 1L, ESP_NAT_WHEEL_SLOTS - 1L);

	list_move_tail(&ctx->due,
		       &en->wheel->slot[second % ESP_NAT_WHEEL_SLOTS]);
}

/* A context whose time has come: true if a keepalive is due. */
static bool esp_nat_keepalive_due(struct esp_nat_net *en,
				  struct esp_nat_ctx *ctx,
				  struct esp_nat_keepalive *ka)
{
	long interval = READ_ONCE(en->cfg.keepalive_interval);
	unsigned long active = READ_ONCE(ctx->active);
	const struct esp_nat_binding *at;
	long left;

	if (ctx->state != ESP_NAT_CTX_LIVE) {
		list_del_init(&ctx->due);
		return false;
	}
	left = (long)(active + interval * HZ - jiffies);
	at = rcu_dereference_protected(ctx->believed,
				       lockdep_is_held(&en->table.lock));
	if (!interval || left > 0 || !at) {
		/* one that has proved nothing yet may do so at any time */
		if (!interval)
			left = ESP_NAT_WHEEL_SLOTS * HZ;
		else if (left <= 0)
			left = interval * HZ;
		esp_nat_keepalive_later(en, ctx, DIV_ROUND_UP(left, HZ));
		return false;
	}
	ka->local = at->presented.local;
	ka->to = at->presented.peer;
	esp_nat_ctx_active(ctx);
	esp_nat_keepalive_later(en, ctx, interval);
	return ka->local.family == AF_INET;
}

/* Some of those that are due; how many keepalives @batch has got. */
static unsigned int esp_nat_keepalive_collect(struct esp_nat_net *en,
					      struct list_head *due,
					      struct esp_nat_keepalive *batch)
{
	unsigned int looked, n = 0;
	struct esp_nat_ctx *ctx;

	spin_lock_bh(&en->table.lock);
	for (looked = 0; looked < ESP_NAT_KEEPALIVE_CHUNK &&
	     n < ESP_NAT_KEEPALIVE_BATCH && !list_empty(due); looked++) {
		ctx = list_first_entry(due, struct esp_nat_ctx, due);
		n += esp_nat_keepalive_due(en, ctx, &batch[n]);
	}
	spin_unlock_bh(&en->table.lock);
	return n;
}

/* All slots whose second has come. */
static void esp_nat_keepalive_turn(struct esp_nat_net *en,
				   struct list_head *due)
{
	struct esp_nat_wheel *w = en->wheel;
	unsigned long now = ktime_get_seconds();
	unsigned int i;

	spin_lock_bh(&en->table.lock);
	for (i = 0; i < ESP_NAT_WHEEL_SLOTS && w->next + i <= now; i++)
		list_splice_tail_init(&w->slot[(w->next + i) %
					       ESP_NAT_WHEEL_SLOTS], due);
	w->next = now + 1;
	spin_unlock_bh(&en->table.lock);
}

static void esp_nat_keepalive_work(struct work_struct *work)
{
	struct esp_nat_wheel *w = container_of(to_delayed_work(work),
					       struct esp_nat_wheel, work);
	struct esp_nat_net *en = w->en;
	struct esp_nat_keepalive batch[ESP_NAT_KEEPALIVE_BATCH];
	unsigned int n, i;
	LIST_HEAD(due);

	esp_nat_keepalive_turn(en, &due);
	while (!list_empty(&due)) {
		n = esp_nat_keepalive_collect(en, &due, batch);
		for (i = 0; i < n; i++) {
			local_bh_disable();
			esp_nat_keepalive_send(en, &batch[i]);
			local_bh_enable();
		}
		cond_resched();
	}

	spin_lock_bh(&en->table.lock);
	if (!en->table.stopped && en->table.count[ESP_NAT_CTX_LIVE])
		queue_delayed_work(system_power_efficient_wq, &w->work, HZ);
	spin_unlock_bh(&en->table.lock);
}

/**
 * esp_nat_keepalive_begin() - a context has an SA
 * @en: the namespace
 * @ctx: the context
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_keepalive_begin(struct esp_nat_net *en, struct esp_nat_ctx *ctx)
{
	lockdep_assert_held(&en->table.lock);

	if (en->table.stopped)
		return;
	esp_nat_ctx_active(ctx);
	queue_delayed_work(system_power_efficient_wq, &en->wheel->work, HZ);
	esp_nat_keepalive_later(en, ctx,
				READ_ONCE(en->cfg.keepalive_interval) ?:
				ESP_NAT_WHEEL_SLOTS);
}

/**
 * esp_nat_keepalive_again() - keepalive_interval has changed
 * @en: the namespace
 *
 * All are looked at, with what it is now, within a second.
 *
 * Context: process.
 */
void esp_nat_keepalive_again(struct esp_nat_net *en)
{
	struct esp_nat_wheel *w = en->wheel;
	struct list_head *next;
	unsigned int i;

	spin_lock_bh(&en->table.lock);
	next = &w->slot[w->next % ESP_NAT_WHEEL_SLOTS];
	for (i = 0; i < ESP_NAT_WHEEL_SLOTS; i++)
		if (&w->slot[i] != next)
			list_splice_tail_init(&w->slot[i], next);
	spin_unlock_bh(&en->table.lock);
}

/**
 * esp_nat_keepalive_init() - make the wheel of a namespace
 * @en: the namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_keepalive_init(struct esp_nat_net *en)
{
	struct esp_nat_wheel *w = kzalloc(sizeof(*w), GFP_KERNEL);
	unsigned int i;

	if (!w)
		return -ENOMEM;
	w->en = en;
	for (i = 0; i < ESP_NAT_WHEEL_SLOTS; i++)
		INIT_LIST_HEAD(&w->slot[i]);
	w->next = ktime_get_seconds() + 1;
	INIT_DELAYED_WORK(&w->work, esp_nat_keepalive_work);
	en->wheel = w;
	return 0;
}

/**
 * esp_nat_keepalive_stop() - no keepalive is sent any more
 * @en: the namespace, stopped
 *
 * Context: process.
 */
void esp_nat_keepalive_stop(struct esp_nat_net *en)
{
	cancel_delayed_work_sync(&en->wheel->work);
}

/**
 * esp_nat_keepalive_exit() - the reverse of esp_nat_keepalive_init()
 * @en: the namespace, without contexts
 *
 * Context: process.
 */
void esp_nat_keepalive_exit(struct esp_nat_net *en)
{
	kfree(en->wheel);
}
