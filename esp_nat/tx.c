// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a packet out:
 *
 *   esp_nat_tx_local()  LOCAL_OUT, first: IKE and ESP go where the client is
 *   esp_nat_tx_local6()   the same of IPv6, where there is an own socket
 *   esp_nat_tx_stray()  POST_ROUTING, last: nothing leaves for an alias
 */
#include <linux/netdevice.h>
#include <linux/udp.h>
#include <net/inet_dscp.h>
#include <net/ip.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "alias.h"
#include "classify.h"
#include "verdict.h"
#include "follow.h"
#include "match_out.h"
#include "sa_watch.h"
#include "locate.h"
#include "rewrite.h"
#include "secpath.h"
#include "socket.h"
#include "trace.h"
#include "tx.h"
#include "udp.h"

/* Has xfrm made it what it is? */
static bool esp_nat_tx_transformed(const struct sk_buff *skb)
{
	return IPCB(skb)->flags & IPSKB_XFRM_TRANSFORMED;
}

/* ---- the route to where the client is ---- */

/*
 * As ip_route_me_harder() does, of the packet as it will be: rules may go by
 * protocol and ports, and for what is not xfrm's by user. A socket's device
 * counts if the packet leaves by it: one of xfrm's has had its say before.
 */
static struct flowi4 esp_nat_tx_flow(struct esp_nat_net *en,
				     const struct sk_buff *skb, struct sock *sk,
				     const struct esp_nat_ep *to)
{
	struct net_device *dev = skb_dst(skb)->dev;
	const struct iphdr *iph = ip_hdr(skb);
	unsigned int type = inet_addr_type_dev_table(en->net, dev, iph->saddr);
	struct flowi4 fl4 = {
		.daddr = to->addr.ip.ip,
		.flowi4_proto = iph->protocol,
		.flowi4_dscp = (__force typeof_member(struct flowi4, flowi4_dscp))
			       (iph->tos & INET_DSCP_MASK),
		.flowi4_l3mdev = l3mdev_master_ifindex(dev),
		.flowi4_mark = skb->mark,
	};
	struct esp_nat_udp udp;

	if (esp_nat_udp_get(skb, &udp)) {
		fl4.fl4_sport = udp.src.port;
		fl4.fl4_dport = to->port;
	}
	sk = sk_to_full_sk(sk);
	if (sk)
		fl4.flowi4_flags = inet_sk_flowi_flags(sk);
	if (sk && READ_ONCE(sk->sk_bound_dev_if) == dev->ifindex)
		fl4.flowi4_oif = dev->ifindex;
	if (!esp_nat_tx_transformed(skb))
		fl4.flowi4_uid = sock_net_uid(en->net, sk);
	if (type == RTN_LOCAL || type == RTN_UNICAST) {
		fl4.flowi4_flags |= FLOWI_FLAG_ANYSRC;
		fl4.saddr = iph->saddr;
	}
	return fl4;
}

/*
 * One route a binding is cached, of its ESP, which always has the same ports:
 * the one that nothing else chooses.
 */
static bool esp_nat_tx_cacheable(struct esp_nat_net *en,
				 const struct sk_buff *skb,
				 const struct flowi4 *fl4)
{
	return esp_nat_tx_transformed(skb) && fl4->saddr &&
	       fl4->fl4_sport == htons(READ_ONCE(en->cfg.nat_port)) &&
	       !fl4->flowi4_mark && !fl4->flowi4_dscp && !fl4->flowi4_oif &&
	       !fl4->flowi4_l3mdev;
}

static struct dst_cache *esp_nat_tx_cache(struct esp_nat_net *en,
					  struct esp_nat_route __rcu **slot)
{
	struct mem_cgroup *was = esp_nat_charge_begin(&en->charge);
	struct dst_cache *cache = esp_nat_route_cache(slot);

	esp_nat_charge_end(&en->charge, was);
	return cache;
}

static struct rtable *esp_nat_tx_route(struct esp_nat_net *en,
				       const struct sk_buff *skb,
				       struct sock *sk,
				       struct esp_nat_route __rcu **slot,
				       const struct esp_nat_ep *to)
{
	struct flowi4 fl4 = esp_nat_tx_flow(en, skb, sk, to);
	__be32 saddr = fl4.saddr, cached_for;
	struct dst_cache *cache = NULL;
	struct rtable *rt = NULL;

	if (slot && esp_nat_tx_cacheable(en, skb, &fl4))
		cache = esp_nat_tx_cache(en, slot);
	if (cache)
		rt = dst_cache_get_ip4(cache, &cached_for);
	if (rt && cached_for == saddr)
		return rt;
	if (rt)
		ip_rt_put(rt);

	/*
	 * Not ip_route_output_key(): xfrm would be asked again, and a
	 * neighbour's host to host policy encrypt the packet twice.
	 */
	rt = ip_route_output_key_hash(en->net, &fl4, NULL);
	if (!IS_ERR(rt) && cache)
		dst_cache_set_ip4(cache, &rt->dst, saddr);
	return rt;
}

/*
 * The presented route learns that the actual one carries less, or that xfrm has
 * to leave room for a UDP header.
 */
static void esp_nat_tx_tell_mtu(struct esp_nat_net *en, struct sk_buff *skb,
				const struct rtable *rt, unsigned int room)
{
	u32 mtu = dst_mtu(&rt->dst) - room;

	if (mtu >= dst_mtu(skb_dst(skb)))
		return;
	ipv4_update_pmtu(skb, en->net, mtu, 0, ip_hdr(skb)->protocol);
	esp_nat_inc(en, pmtu_told);
}

/* Two presented addresses share one actual one, and its IDs. */
static void esp_nat_tx_identify(struct esp_nat_net *en, struct sk_buff *skb)
{
	struct iphdr *iph = ip_hdr(skb);

	if (!(iph->frag_off & htons(IP_DF)) || skb->ignore_df)
		__ip_select_ident(en->net, iph, skb_shinfo(skb)->gso_segs ?: 1);
	ip_send_check(iph);
}

/*
 * Send a packet to an endpoint; slot: where its route is cached, or NULL; room:
 * bytes in it that xfrm does not know of.
 */
static int esp_nat_tx_translate(struct esp_nat_net *en, struct sk_buff *skb,
				struct sock *sk,
				struct esp_nat_route __rcu **slot,
				const struct esp_nat_ep *to, unsigned int room)
{
	struct esp_nat_ep was;
	struct rtable *rt;

	local_bh_disable();
	rt = esp_nat_tx_route(en, skb, sk, slot, to);
	local_bh_enable();
	if (IS_ERR(rt))
		return ESP_NAT_STAT_out_no_route;

	esp_nat_tx_tell_mtu(en, skb, rt, room);
	was = esp_nat_ep4(ip_hdr(skb)->daddr, 0);
	trace_esp_nat_rewrite(en->net->ns.inum, true, &was, to);
	if (esp_nat_rewrite_dest(skb, to)) {
		ip_rt_put(rt);
		return ESP_NAT_STAT_out_error;
	}
	skb_dst_drop(skb);
	skb_dst_set(skb, &rt->dst);

	esp_nat_tx_identify(en, skb);
	return 0;
}

/* ---- IKE and ESP ---- */

/*
 * To the address that it has: the route learns that xfrm has to leave room. If
 * it carries less than its device or the administrator says, it knows already:
 * rx.c lowers what ICMP errors tell of it.
 */
static void esp_nat_tx_leave_room(struct esp_nat_net *en, struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);

	if (rt->rt_pmtu && time_before(jiffies, rt->dst.expires))
		return;
	ipv4_update_pmtu(skb, en->net, dst_mtu(&rt->dst) - ESP_NAT_UDP_LEN, 0,
			 ip_hdr(skb)->protocol);
	esp_nat_inc(en, pmtu_told);
}

/*
 * The rule has ESP of an SA without encapsulation sent in UDP. What is not
 * encrypted yet is never sent half done.
 */
static int esp_nat_tx_assume(struct esp_nat_net *en, struct sk_buff *skb,
			     struct sock *sk, const struct esp_nat_ctx *ctx)
{
	struct esp_nat_ep to = esp_nat_locate_assumed(en, ctx);
	__be16 nat_port = htons(READ_ONCE(en->cfg.nat_port));
	int reason = 0;

	if (esp_nat_secpath_unfinished(skb))
		return ESP_NAT_STAT_drop_assume_offload;
	if (!ctx->aliased)
		esp_nat_tx_leave_room(en, skb);
	if (esp_nat_rewrite_encap(skb, nat_port, to.port))
		return ESP_NAT_STAT_out_error;
	if (ctx->aliased) {
		reason = esp_nat_tx_translate(en, skb, sk, NULL, &to,
					      ESP_NAT_UDP_LEN);
	} else {
		/* the route's path MTU has no room for the UDP header */
		IPCB(skb)->flags |= IPSKB_FORWARDED;
		esp_nat_tx_identify(en, skb);
	}
	if (!reason)
		esp_nat_inc(en, out_assumed);
	return reason;
}

/* ESP of a context that is presented so goes where it is. */
static int esp_nat_tx_send(struct esp_nat_net *en, struct sk_buff *skb,
			   struct sock *sk, const struct esp_nat_ctx *ctx,
			   const struct esp_nat_ep *presented)
{
	struct esp_nat_binding *b;
	struct esp_nat_ep to;
	int reason;

	if (!presented->port &&
	    esp_nat_verdict_of(en, ctx) == ESP_NAT_RULE_ASSUME)
		return esp_nat_tx_assume(en, skb, sk, ctx);
	b = esp_nat_locate_actual(ctx, presented, &to);
	if (esp_nat_ep_equal(&to, presented))
		return 0;
	reason = esp_nat_tx_translate(en, skb, sk, b ? &b->route : NULL, &to,
				      0);
	if (!reason)
		esp_nat_inc(en, out_esp);
	return reason;
}

/*
 * A keepalive belongs to the mapping as ESP does, and goes where that goes; but
 * nobody answers it, and it is no traffic.
 */
static int esp_nat_tx_mapped(struct esp_nat_net *en, struct sk_buff *skb,
			     struct sock *sk, __be16 dport, bool keepalive)
{
	struct esp_nat_flow presented = {
		.peer = esp_nat_ep4(ip_hdr(skb)->daddr, dport),
		.local = esp_nat_addr4(ip_hdr(skb)->saddr),
	};
	struct esp_nat_ctx *ctx;
	int reason;

	ctx = esp_nat_locate_sa_end(en, &presented, dport);
	if (!ctx)
		return 0;
	reason = esp_nat_verdict_refuse(en, ctx);
	if (reason)
		return reason;
	if (keepalive) {
		esp_nat_ctx_active(ctx);
	} else {
		esp_nat_ctx_sent(ctx);
		esp_nat_ctx_count_tx(ctx, skb_shinfo(skb)->gso_segs ?: 1,
				     skb->len);
	}
	reason = esp_nat_tx_send(en, skb, sk, ctx, &presented.peer);
	if (reason)
		esp_nat_ctx_count_drop(ctx);
	return reason;
}

static int esp_nat_tx_esp(struct esp_nat_net *en, struct sk_buff *skb,
			  struct sock *sk, __be16 dport)
{
	return esp_nat_tx_mapped(en, skb, sk, dport, false);
}

/*
 * The daemon is bound to ike_port alone, and nobody to nat_port: the own socket
 * sends for it.
 */
static bool esp_nat_tx_own(struct esp_nat_net *en, const struct sk_buff *skb,
			   const struct esp_nat_udp *udp)
{
	struct esp_nat_ep local = udp->src;

	local.port = htons(READ_ONCE(en->cfg.nat_port));
	return esp_nat_socket_own(en, &local, &udp->dst,
				  esp_nat_udp_leaves_by(skb_dst(skb)->dev));
}

/* What ike_port sends leaves from nat_port: IKE gets its marker. */
static int esp_nat_tx_from_own(struct esp_nat_net *en, struct sk_buff *skb,
			       const struct esp_nat_udp *udp, bool marker)
{
	__be16 nat_port = htons(READ_ONCE(en->cfg.nat_port));

	if ((marker && esp_nat_rewrite_add_marker(skb, udp->offset)) ||
	    esp_nat_rewrite_port(skb, udp->offset, true, nat_port))
		return ESP_NAT_STAT_out_error;
	esp_nat_inc(en, out_own);
	return 0;
}

/* What is it? Anything but IKE and keepalives is not ours. */
static enum esp_nat_class esp_nat_tx_class(const struct sk_buff *skb,
					   const struct esp_nat_udp *udp,
					   bool nat_port,
					   struct esp_nat_ike_hdr *hdr)
{
	unsigned int off = udp->offset + sizeof(struct udphdr);
	unsigned int len = skb->len - off;
	u8 buf[ESP_NAT_SNIFF_LEN];
	const void *data;

	data = skb_header_pointer(skb, off,
				  min_t(unsigned int, len, sizeof(buf)), buf);
	if (!data)
		return ESP_NAT_CLASS_RUNT;
	return nat_port ? esp_nat_classify_nat(data, len, hdr) :
			  esp_nat_classify_ike(data, len, hdr);
}

static int esp_nat_tx_ike(struct esp_nat_net *en, struct sk_buff *skb,
			  struct sock *sk, const struct esp_nat_udp *udp,
			  bool nat_port)
{
	struct esp_nat_ike_out msg = {
		.presented = esp_nat_flow(&udp->dst, &udp->src.addr),
		.nat_port = nat_port,
	};
	struct esp_nat_ike_way way;
	enum esp_nat_class class;
	struct esp_nat_ike_msg ike;
	int reason;

	class = esp_nat_tx_class(skb, udp, nat_port, &msg.hdr);
	if (class == ESP_NAT_CLASS_KEEPALIVE)
		return udp->dst.addr.family == AF_INET ?
		       esp_nat_tx_mapped(en, skb, sk, udp->dst.port, true) : 0;
	if (class != ESP_NAT_CLASS_IKE ||
	    esp_nat_socket_no_encap(en, &udp->src, &udp->dst,
				    esp_nat_udp_leaves_by(skb_dst(skb)->dev)))
		return 0;

	ike = esp_nat_udp_ike(skb, udp, nat_port);
	msg.refuses = esp_nat_ike_refuses(&ike, &msg.hdr);
	msg.own = !nat_port && esp_nat_tx_own(en, skb, udp);
	reason = esp_nat_match_out(en, &msg, &way);
	esp_nat_sa_watch_kick(en);
	if (!reason && way.nat_port && !nat_port)
		reason = esp_nat_tx_from_own(en, skb, udp, true);
	if (reason || esp_nat_ep_equal(&way.actual, &udp->dst))
		return reason;
	reason = esp_nat_tx_translate(en, skb, sk, NULL, &way.actual, 0);
	if (!reason)
		esp_nat_inc(en, out_ike);
	return reason;
}

static int esp_nat_tx_udp(struct esp_nat_net *en, struct sk_buff *skb,
			  struct sock *sk, const struct esp_nat_udp *udp,
			  bool esp)
{
	unsigned int family = udp->dst.addr.family;
	__be16 port = udp->src.port;
	bool nat_port = port == htons(READ_ONCE(en->cfg.nat_port));
	int reason;

	if (!nat_port && port != htons(READ_ONCE(en->cfg.ike_port)))
		return 0;
	if (!esp)
		return esp_nat_tx_ike(en, skb, sk, udp, nat_port);
	/* an SA of a daemon that knows of ike_port only */
	reason = !nat_port && esp_nat_socket_has(en, family) ?
		 esp_nat_tx_from_own(en, skb, udp, false) : 0;
	if (reason || family == AF_INET6)
		return reason;
	return esp_nat_tx_esp(en, skb, sk, udp->dst.port);
}

/**
 * esp_nat_tx_local() - a packet of this host
 * @en: the namespace
 * @skb: IPv4 packet at its network header, routed; stays the caller's
 * @sk: its socket or NULL
 *
 * xfrm comes by here after each transform, with forwarded packets too. ESP is
 * told from IKE by what xfrm has noted, not by its port; clear text to an
 * alias is not translated, nor what is yet to be transformed.
 *
 * Context: softirq or process, RCU read side.
 * Return: 0, or the reason to drop it, an enum esp_nat_stat.
 */
int esp_nat_tx_local(struct esp_nat_net *en, struct sk_buff *skb,
		     struct sock *sk)
{
	bool esp = esp_nat_tx_transformed(skb);
	struct esp_nat_udp udp;

	if (esp_nat_secpath_pending(skb))
		return 0;
	if (esp && ip_hdr(skb)->protocol == IPPROTO_ESP)
		return esp_nat_tx_esp(en, skb, sk, 0);
	return esp_nat_udp_get(skb, &udp) ?
	       esp_nat_tx_udp(en, skb, sk, &udp, esp) : 0;
}

/**
 * esp_nat_tx_local6() - an IPv6 packet of this host
 * @en: the namespace
 * @skb: IPv6 packet at its network header, routed; stays the caller's
 * @sk: its socket or NULL
 *
 * Only the own socket serves IPv6; without it, all goes as it is.
 *
 * Context: softirq or process, RCU read side.
 * Return: 0, or the reason to drop it, an enum esp_nat_stat.
 */
int esp_nat_tx_local6(struct esp_nat_net *en, struct sk_buff *skb,
		      struct sock *sk)
{
	bool esp = IP6CB(skb)->flags & IP6SKB_XFRM_TRANSFORMED;
	struct esp_nat_udp udp;

	if (likely(!esp_nat_socket_has(en, AF_INET6)) ||
	    esp_nat_secpath_pending(skb) || !esp_nat_udp_get6(skb, &udp))
		return 0;
	return esp_nat_tx_udp(en, skb, sk, &udp, esp);
}

/* ---- strays ---- */

/* Devices that encrypt, or hand on to one that may. */
static bool esp_nat_tx_may_encrypt(const struct net_device *dev)
{
	return netif_is_l3_master(dev) || esp_nat_secpath_device(dev);
}

/*
 * xfrm has had it, and it is no ESP: with packet offload the device is to encrypt it,
 * which knows nothing of where the client is.
 */
static bool esp_nat_tx_offloaded(const struct sk_buff *skb)
{
	return IPCB(skb)->flags & IPSKB_XFRM_TRANSFORMED &&
	       ip_hdr(skb)->protocol != IPPROTO_ESP &&
	       ip_hdr(skb)->protocol != IPPROTO_AH;
}

/**
 * esp_nat_tx_stray() - does a packet leave for an alias, without an SA?
 * @en: the namespace
 * @skb: IPv4 packet at its network header
 * @out: the device that it leaves by
 *
 * Context: softirq or process.
 * Return: 0, or the reason to drop it, an enum esp_nat_stat.
 */
int esp_nat_tx_stray(struct esp_nat_net *en, const struct sk_buff *skb,
		     const struct net_device *out)
{
	if (likely(!esp_nat_alias_given(&en->pool, ip_hdr(skb)->daddr)) ||
	    esp_nat_secpath_pending(skb) || esp_nat_tx_may_encrypt(out))
		return 0;
	return esp_nat_tx_offloaded(skb) ? ESP_NAT_STAT_drop_offload :
					   ESP_NAT_STAT_drop_stray_out;
}
