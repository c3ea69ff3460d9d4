// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel around the module: clock, work, SAs, and the ways of packets, as far as
 * the module's rules are on them. xfrm is here as it behaves: an SA is found by SPI
 * and destination, ESP is judged by what is true, and a source that is not the SA's is
 * told to the daemon.
 */
#include <linux/inetdevice.h>
#include <linux/module.h>
#include <linux/random.h>
#include <net/ip_tunnels.h>
#include <net/netns/generic.h>

#include "check.h"
#include "daemon.h"
#include "esp.h"
#include "event.h"
#include "gateway.h"
#include "keepalive.h"
#include "lifecycle.h"
#include "locate.h"
#include "rewrite.h"
#include "sa_watch.h"
#include "secpath.h"

unsigned long jiffies;
int allocations = -1;
int module_refs;
LIST_HEAD(delayed_works);

/* what the kernel's functions below are asked about */
static struct world *gateway_world;

/* ---- what the module asks of the kernel ---- */

u32 get_random_u32(void)
{
	return world_chance(gateway_world, ~0U);
}

struct user_namespace init_user_ns;
struct net init_net;

void *net_generic(const struct net *net, unsigned int id)
{
	(void)net;
	(void)id;
	return &gateway_world->en;
}

struct net_device *__ip_dev_find(struct net *net, __be32 addr, bool devref)
{
	struct esp_nat_addr a = esp_nat_addr4(addr);

	(void)net;
	(void)devref;
	return world_local_of(&a) == NOBODY ? NULL : (void *)&gateway_world->net;
}

static struct child *gateway_child(__be32 spi, __be32 daddr, bool in)
{
	struct child *c = &gateway_world->child[ntohl(spi) / 2 % CHILDREN];
	const struct xfrm_state *x = in ? &c->in : &c->out;

	return c->used && x->id.spi == spi && x->id.daddr.a4 == daddr ? c : NULL;
}

struct xfrm_state *xfrm_state_lookup(struct net *net, u32 mark,
				     const xfrm_address_t *daddr, __be32 spi,
				     u8 proto, unsigned short family)
{
	struct child *c = gateway_child(spi, daddr->a4, true);

	(void)net;
	(void)mark;
	(void)proto;
	(void)family;
	if (c)
		return &c->in;
	c = gateway_child(spi, daddr->a4, false);
	return c ? &c->out : NULL;
}

int xfrm_state_walk(struct net *net, struct xfrm_state_walk *walk,
		    int (*visit)(struct xfrm_state *x, int seq, void *data),
		    void *data)
{
	struct child *c;

	(void)net;
	(void)walk;
	/* the newest first, as the kernel does */
	for (c = gateway_world->child + CHILDREN; c-- > gateway_world->child;) {
		if (!c->used)
			continue;
		visit(&c->out, 0, data);
		visit(&c->in, 0, data);
	}
	return 0;
}

/* A keepalive goes the way of ESP; it is to reach its client. */
void iptunnel_xmit(void *sk, struct rtable *rt, struct sk_buff *skb,
		   __be32 src, __be32 dst, u8 proto, u8 tos, u8 ttl, __be16 df,
		   bool xnet, u16 ipcb_flags)
{
	const struct udphdr *uh = skb->data;
	struct esp_nat_flow flow = {
		.peer = esp_nat_ep4(dst, uh->dest),
		.local = esp_nat_addr4(src),
	};

	(void)sk;
	(void)rt;
	(void)proto;
	(void)tos;
	(void)ttl;
	(void)df;
	(void)xnet;
	check_keepalive(gateway_world, &flow);
	kfree_skb(skb);
}

/* ---- what hangs on a packet, and its headers ---- */

/* one packet at a time */
static struct esp_nat_ep gateway_from;

void esp_nat_secpath_tag(struct sk_buff *skb, const struct esp_nat_ep *from,
			 __be32 spi, __be32 seq)
{
	(void)skb;
	(void)spi;
	(void)seq;
	gateway_from = *from;
}

void esp_nat_secpath_untag(struct sk_buff *skb)
{
	(void)skb;
	gateway_from = (struct esp_nat_ep) { };
}

void esp_nat_secpath_vouch(struct sk_buff *skb)
{
	(void)skb;
}

bool esp_nat_secpath_decrypted(const struct sk_buff *skb)
{
	(void)skb;
	return false;
}

void esp_nat_rewrite_esp_source(struct iphdr *iph, struct udphdr *uh,
				const struct esp_nat_ep *to)
{
	iph->saddr = to->addr.ip.ip;
	if (uh)
		uh->source = to->port;
}

int esp_nat_rewrite_add_udp(struct sk_buff *skb, const struct esp_nat_ep *src,
			    __be16 dport)
{
	struct udphdr *uh = (struct udphdr *)skb->data - 1;

	uh->source = src->port;
	uh->dest = dport;
	return 0;
}

void esp_nat_rewrite_del_udp(struct sk_buff *skb)
{
	(void)skb;
}

/* ---- the module begins and ends ---- */

static void gateway_event(struct esp_nat_net *en,
			  const struct esp_nat_happening *what)
{
	static const char * const names[] = {
		[ESP_NAT_EVENT_BORN] = "is born",
		[ESP_NAT_EVENT_ALIASED] = "has an alias",
		[ESP_NAT_EVENT_CONFIRMED] = "has an SA",
		[ESP_NAT_EVENT_MOVED] = "moves",
		[ESP_NAT_EVENT_ENDED] = "ends",
	};
	const struct esp_nat_binding *b;
	struct esp_nat_ep at;

	(void)en;
	if (!gateway_world->tells || !what->ctx)
		return;
	b = list_first_entry_or_null(&what->ctx->bindings,
				     struct esp_nat_binding, list);
	at = b ? b->actual.peer :
		 (struct esp_nat_ep) { .addr = what->ctx->home->addr };
	world_say(gateway_world, "  module: context %lu %s%s%s; it is at %s",
		  what->ctx->id,
		  what->event < ARRAY_SIZE(names) && names[what->event] ?
		  names[what->event] : "is told of",
		  what->reason ? ": " : "", what->reason ?: "", world_ep(&at));
	at = (struct esp_nat_ep) {
		.addr = what->ctx->presented,
		.port = b ? b->presented.peer.port : 0,
	};
	world_say(gateway_world, "  module:   presented as %s", world_ep(&at));
}

void gateway_begin(struct world *w)
{
	gateway_world = w;
	module_refs = 0;
	allocations = -1;
	assert(list_empty(&delayed_works));
	w->net.user_ns = &init_user_ns;
	assert(!esp_nat_net_init(&w->en, &w->net, false));
	/* it has been there for a while */
	w->en.table.since = jiffies - 91 * HZ;
	assert(!esp_nat_keepalive_init(&w->en));
	assert(!esp_nat_sa_watch_init(&w->en));
	esp_nat_event_register(gateway_event);
	esp_nat_sa_watch_start(&w->en);
}

/* In the order of main.c. */
void gateway_end(struct world *w)
{
	allocations = -1;
	esp_nat_sa_watch_stop(&w->en);
	esp_nat_keepalive_stop(&w->en);
	esp_nat_lifecycle_flush(&w->en, ESP_NAT_DEATH_FLUSHED);
	esp_nat_sa_watch_exit(&w->en);
	esp_nat_keepalive_exit(&w->en);
	esp_nat_net_exit(&w->en);
	esp_nat_event_unregister();
	if (module_refs)
		world_broken(w, "the module is held by %d that are gone",
			     module_refs);
}

void gateway_memory(struct world *w, int left)
{
	allocations = left;
	w->ran = left >= 0;
}

/* ---- IKE ---- */

bool gateway_ike_in(struct world *w, const struct esp_nat_ike_in *msg,
		    struct esp_nat_ike_shown *shown)
{
	int reason = esp_nat_match_in(&w->en, msg, shown);

	esp_nat_sa_watch_kick(&w->en);
	if (reason)
		world_say(w, "  module: dropped, %s",
			  esp_nat_stats_name(reason));
	else
		world_say(w, "  module: shown to the daemon as %s",
			  world_ep(&shown->presented));
	return !reason;
}

bool gateway_ike_out(struct world *w, const struct esp_nat_ike_out *msg,
		     struct esp_nat_ep *to)
{
	struct esp_nat_ike_way way;
	int reason = esp_nat_match_out(&w->en, msg, &way);

	esp_nat_sa_watch_kick(&w->en);
	*to = way.actual;
	if (reason)
		world_say(w, "  module: dropped, %s",
			  esp_nat_stats_name(reason));
	else
		world_say(w, "  module: sent to %s", world_ep(to));
	return !reason;
}

/* ---- ESP ---- */

/* Is it new, as the replay window has it? */
static bool gateway_replay(struct child *c, u32 seq)
{
	u32 behind;

	if (seq > c->esn.seq) {
		behind = seq - c->esn.seq;
		c->seen = behind < 64 ? c->seen << behind | 1 : 1;
		c->esn.seq = seq;
		return true;
	}
	behind = c->esn.seq - seq;
	if (behind >= c->esn.replay_window || c->seen >> behind & 1)
		return false;
	c->seen |= 1ULL << behind;
	return true;
}

/* xfrm tells the daemon of a source that is not its SA's; this one does not listen. */
static void gateway_mapping(struct world *w, struct child *c,
			    const struct esp_nat_ep *shown)
{
	struct esp_nat_sa sa = esp_nat_sa_of(&c->in);

	if (!sa.encap || esp_nat_ep_equal(shown, &sa.src))
		return;
	world_say(w, "  xfrm: tells that ESP comes from %s now",
		  world_ep(shown));
	check_mapping(w, c, shown);
}

bool gateway_esp_in(struct world *w, struct child *c,
		    const struct esp_nat_ep *from, u32 seq,
		    enum esp_truth truth, bool *newest)
{
	struct {
		struct iphdr ip;
		struct udphdr udp;
		__be32 esp[2];
	} packet = {
		.ip = { .saddr = from->addr.ip.ip,
			.daddr = c->in.id.daddr.a4 },
		.udp = { .source = from->port, .dest = htons(4500) },
		.esp = { c->in.id.spi, htonl(seq) },
	};
	struct sk_buff skb = {
		.nh = &packet.ip, .data = packet.esp, .len = 100,
	};
	bool encap = from->port, before = c->in.encap;
	struct esp_nat_origin origin;
	struct esp_nat_ep shown;

	*newest = false;
	esp_nat_secpath_untag(&skb);
	if (esp_nat_esp_in(&w->en, &skb, &encap) < 0)
		return false;
	shown = esp_nat_ep4(packet.ip.saddr, encap ? packet.udp.source : 0);
	if (encap != before || truth != ESP_REAL || !gateway_replay(c, seq)) {
		world_say(w, "  xfrm: refuses it");
		return false;
	}
	origin = (struct esp_nat_origin) {
		.from = gateway_from, .x = &c->in, .seq = htonl(seq),
		.bytes = 120, .last = true,
	};
	*newest = seq == c->esn.seq;
	world_say(w, "  xfrm: accepts it as from %s", world_ep(&shown));
	esp_nat_esp_accepted(&skb, &origin);
	gateway_mapping(w, c, &shown);
	return true;
}

struct esp_nat_ctx *gateway_esp_to(struct world *w, const struct child *c,
				   struct esp_nat_ep *to)
{
	struct esp_nat_sa sa = esp_nat_sa_of(&c->out);
	struct esp_nat_flow end = esp_nat_sa_out(&sa);
	struct esp_nat_ctx *ctx = esp_nat_locate_sa_end(&w->en, &end, sa.encap);

	*to = end.peer;
	if (ctx)
		esp_nat_locate_actual(ctx, &end.peer, to);
	return ctx;
}

void gateway_esp_out(struct world *w, struct child *c)
{
	struct esp_nat_ep to;
	struct esp_nat_ctx *ctx = gateway_esp_to(w, c, &to);

	if (ctx)
		esp_nat_ctx_sent(ctx);
	world_say(w, "  module: sent to %s", world_ep(&to));
}

/* ---- SAs and time ---- */

void gateway_sa_new(struct world *w, const struct xfrm_state *x)
{
	struct esp_nat_sa sa = esp_nat_sa_of(x);

	esp_nat_sa_watch_new(&w->en, &sa);
}

void gateway_sa_gone(struct world *w, const struct xfrm_state *x)
{
	struct esp_nat_sa sa = esp_nat_sa_of(x);

	esp_nat_sa_watch_gone(&w->en, &sa);
}

void gateway_sa_flush(struct world *w)
{
	esp_nat_sa_watch_gone(&w->en, NULL);
}

/* The work that is due first, if any is until then. */
static struct delayed_work *gateway_due(unsigned long until)
{
	struct delayed_work *dw, *first = NULL;

	list_for_each_entry(dw, &delayed_works, list)
		if (!time_after(dw->due, until) &&
		    (!first || time_before(dw->due, first->due)))
			first = dw;
	return first;
}

void gateway_wait(struct world *w, unsigned long ticks)
{
	unsigned long until = jiffies + ticks;
	struct delayed_work *dw;

	(void)w;
	while ((dw = gateway_due(until))) {
		if (time_after(dw->due, jiffies))
			jiffies = dw->due;
		list_del_init(&dw->list);
		dw->work.func(&dw->work);
	}
	jiffies = until;
}
