// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a packet in:
 *
 *   esp_nat_rx_stray()  PRE_ROUTING, LOCAL_IN: nobody on the wire has an alias
 *   esp_nat_rx_local()  LOCAL_IN, last: IKE, and ICMP errors about it and ESP
 *   esp_nat_rx_local6()   the same of IPv6, where there is an own socket
 *   esp_nat_rx_esp()    xfrm's ESP protocol handler, before xfrm_input
 *   esp_nat_rx_gro()    the same where GRO takes ESP
 *   esp_nat_rx_unseen()   where GRO took it, and that was not hooked yet
 *   esp_nat_rx_accept()   after xfrm_input has accepted it
 */
#include <linux/netfilter_ipv4.h>
#include <linux/udp.h>
#include <net/gro.h>
#include <net/ip.h>
#include <net/l3mdev.h>

#include "alias.h"
#include "classify.h"
#include "detect.h"
#include "enforce.h"
#include "follow.h"
#include "gro.h"
#include "icmp.h"
#include "join.h"
#include "life.h"
#include "plain.h"
#include "rewrite.h"
#include "rx.h"
#include "secpath.h"
#include "socket.h"
#include "trace.h"
#include "udp.h"
#include "xfrm.h"

/* jiffies between looks for sockets whose GRO takes ESP unseen */
#define ESP_NAT_RX_LOOK		(HZ / 10)

/**
 * esp_nat_rx_stray() - does a packet from the wire claim to be an alias?
 * @en: the namespace
 * @skb: IPv4 packet at its network header
 *
 * What xfrm has decrypted may; everything else lies.
 *
 * Context: softirq.
 * Return: 0, or the reason to drop it, an enum esp_nat_stat.
 */
int esp_nat_rx_stray(struct esp_nat_net *en, const struct sk_buff *skb)
{
	if (likely(!esp_nat_alias_given(en, ip_hdr(skb)->saddr)) ||
	    esp_nat_secpath_decrypted(skb))
		return 0;
	return ESP_NAT_STAT_drop_stray_in;
}

/* ---- IKE ---- */

static void esp_nat_rx_count(struct esp_nat_net *en, enum esp_nat_class class)
{
	switch (class) {
	case ESP_NAT_CLASS_KEEPALIVE:
		esp_nat_inc(en, in_keepalive);
		break;
	case ESP_NAT_CLASS_IKE:
		esp_nat_inc(en, in_ike);
		break;
	case ESP_NAT_CLASS_RUNT:
		esp_nat_inc(en, in_runt);
		break;
	case ESP_NAT_CLASS_IKE_SHORT:
		esp_nat_inc(en, in_ike_short);
		break;
	case ESP_NAT_CLASS_IKE_LENGTH:
		esp_nat_inc(en, in_ike_length);
		break;
	case ESP_NAT_CLASS_ESP:
		/* counted where it is known to reach a UDP_ENCAP socket */
		break;
	}
}

/* What is it? IKE is a message as a whole, its checksum right, or RUNT. */
static enum esp_nat_class esp_nat_rx_class(struct esp_nat_net *en,
					   struct sk_buff *skb,
					   const struct esp_nat_udp *udp,
					   bool nat_port,
					   struct esp_nat_ike_hdr *hdr)
{
	unsigned int off = udp->offset + sizeof(struct udphdr);
	unsigned int len = udp->len;
	enum esp_nat_class class;
	u8 buf[ESP_NAT_SNIFF_LEN];
	const void *data;

	if (len < sizeof(struct udphdr) || udp->offset + len > skb->len)
		return ESP_NAT_CLASS_RUNT;	/* the socket layer drops it */
	len -= sizeof(struct udphdr);

	data = skb_header_pointer(skb, off,
				  min_t(unsigned int, len, sizeof(buf)), buf);
	if (!data)
		return ESP_NAT_CLASS_RUNT;
	class = nat_port ? esp_nat_classify_nat(data, len, hdr) :
			   esp_nat_classify_ike(data, len, hdr);
	esp_nat_rx_count(en, class);
	trace_esp_nat_classify(en->net->ns.inum, &udp->src, nat_port, class, len);
	if (class == ESP_NAT_CLASS_IKE && udp->summed &&
	    nf_checksum(skb, NF_INET_LOCAL_IN, udp->offset, IPPROTO_UDP,
			udp->dst.addr.family)) {
		esp_nat_inc(en, in_csum);
		return ESP_NAT_CLASS_RUNT;
	}
	return class;
}

static const void *esp_nat_rx_read(const struct esp_nat_ike_msg *msg,
				   unsigned int offset, unsigned int len,
				   void *buf)
{
	return skb_header_pointer(msg->data, msg->start + offset, len, buf);
}

/* What an IKE message tells of the path, by the addresses on the wire. */
static void esp_nat_rx_detect(struct esp_nat_net *en, const struct sk_buff *skb,
			      const struct esp_nat_udp *udp,
			      struct esp_nat_msg *msg)
{
	struct esp_nat_ike_msg ike = {
		.read	= esp_nat_rx_read,
		.data	= skb,
		.start	= udp->offset + sizeof(struct udphdr) +
			  (msg->nat_port ? ESP_NAT_MARKER_LEN : 0),
	};

	esp_nat_detect_path(en, &ike, &msg->hdr, &msg->peer, &udp->dst,
			    &msg->path);
}

static int esp_nat_rx_ike(struct esp_nat_net *en, struct sk_buff *skb,
			  const struct esp_nat_udp *udp,
			  struct esp_nat_msg *msg)
{
	struct esp_nat_ep presented;
	int reason;

	msg->l3mdev = l3mdev_master_ifindex(skb->dev);
	esp_nat_rx_detect(en, skb, udp, msg);
	reason = esp_nat_join_in(en, msg, &presented);
	esp_nat_life_kick(en);
	if (reason)
		return reason;

	if (!esp_nat_ep_equal(&presented, &msg->peer)) {
		if (esp_nat_rewrite_source(skb, &presented))
			return ESP_NAT_STAT_drop_no_memory;
		/* early demux has looked for the actual endpoint */
		skb_orphan(skb);
		esp_nat_inc(en, in_ike_presented);
		trace_esp_nat_rewrite(en->net->ns.inum, false, &msg->peer,
				      &presented);
	}
	if (msg->nat_port && !msg->own)
		esp_nat_gro_hook_socket(en, skb);
	return 0;
}

/* ---- the own socket ---- */

/*
 * IKE is for the daemon on ike_port, without marker; conntrack has seen the
 * real flow.
 */
static int esp_nat_rx_hand_on(struct esp_nat_net *en, struct sk_buff *skb,
			      const struct esp_nat_udp *udp,
			      const struct esp_nat_msg *msg)
{
	__be16 ike_port = htons(READ_ONCE(en->cfg.ike_port));

	if (!msg->known)
		return ESP_NAT_STAT_drop_own;
	if (esp_nat_rewrite_del_marker(skb, udp->offset) ||
	    esp_nat_rewrite_port(skb, udp->offset, false, ike_port))
		return ESP_NAT_STAT_drop_no_memory;
	esp_nat_inc(en, in_own_ike);
	return 0;
}

/*
 * Nobody is bound to nat_port, but the own socket is there. What is of no use
 * to it gets no answer.
 */
static int esp_nat_rx_own(struct esp_nat_net *en, struct sk_buff *skb,
			  const struct esp_nat_udp *udp,
			  struct esp_nat_msg *msg, enum esp_nat_class class)
{
	struct esp_nat_ep local = udp->dst;
	int reason;

	switch (class) {
	case ESP_NAT_CLASS_KEEPALIVE:
	case ESP_NAT_CLASS_ESP:
		if (!esp_nat_socket_give(en, skb, local.addr.family))
			return ESP_NAT_STAT_drop_own;
		esp_nat_inc(en, in_own);
		return 0;
	case ESP_NAT_CLASS_IKE:
		local.port = htons(READ_ONCE(en->cfg.ike_port));
		if (!esp_nat_socket_bound(en, &local, &msg->peer,
					  esp_nat_udp_dif(skb, udp)))
			return ESP_NAT_STAT_drop_own;
		reason = esp_nat_rx_ike(en, skb, udp, msg);
		return reason ?: esp_nat_rx_hand_on(en, skb, udp, msg);
	default:
		return ESP_NAT_STAT_drop_own;
	}
}

static int esp_nat_rx_udp(struct esp_nat_net *en, struct sk_buff *skb,
			  const struct esp_nat_udp *udp)
{
	__be16 port = udp->dst.port;
	struct esp_nat_msg msg = {
		.peer = udp->src,
		.nat_port = port == htons(READ_ONCE(en->cfg.nat_port)),
	};
	enum esp_nat_class class;

	if (!msg.nat_port && port != htons(READ_ONCE(en->cfg.ike_port)))
		return 0;
	if (esp_nat_secpath_decrypted(skb))
		return 0;
	class = esp_nat_rx_class(en, skb, udp, msg.nat_port, &msg.hdr);
	msg.own = msg.nat_port &&
		  esp_nat_socket_own(en, &udp->dst, &udp->src,
				     esp_nat_udp_dif(skb, udp));
	if (msg.own)
		return esp_nat_rx_own(en, skb, udp, &msg, class);
	return class == ESP_NAT_CLASS_IKE ?
	       esp_nat_rx_ike(en, skb, udp, &msg) : 0;
}

/**
 * esp_nat_rx_local() - a packet for this host
 * @en: the namespace
 * @skb: IPv4 packet at its network header, whole; stays the caller's
 *
 * After the firewall, before the socket look-up.
 *
 * Context: softirq, RCU read side.
 * Return: 0, or the reason to drop it, an enum esp_nat_stat.
 */
int esp_nat_rx_local(struct esp_nat_net *en, struct sk_buff *skb)
{
	struct esp_nat_udp udp;

	if (esp_nat_udp_get(skb, &udp))
		return esp_nat_rx_udp(en, skb, &udp);
	if (ip_hdr(skb)->protocol == IPPROTO_ICMP)
		esp_nat_icmp_error(en, skb);
	return 0;
}

/**
 * esp_nat_rx_local6() - an IPv6 packet for this host
 * @en: the namespace
 * @skb: IPv6 packet at its network header, whole; stays the caller's
 *
 * Only the own socket serves IPv6; without it, all passes as it came.
 *
 * Context: softirq, RCU read side.
 * Return: 0, or the reason to drop it, an enum esp_nat_stat.
 */
int esp_nat_rx_local6(struct esp_nat_net *en, struct sk_buff *skb)
{
	struct esp_nat_udp udp;

	if (likely(!esp_nat_socket_has(en, AF_INET6)))
		return 0;
	if (esp_nat_udp_get6(skb, &udp))
		return esp_nat_rx_udp(en, skb, &udp);
	esp_nat_icmp_error6(en, skb);
	return 0;
}

/* ---- ESP ---- */

/*
 * Is a packet to be shown to come from where its SA knows? An alias' always;
 * of others what may be believed. The rest passes as it came: its daemon may
 * follow it.
 */
static bool esp_nat_rx_shows(struct esp_nat_net *en, const struct esp_nat_sa *sa,
			     bool encap)
{
	const struct esp_nat_ctx *ctx = esp_nat_ctx_by_presented(en, &sa->src);

	if (!ctx)
		return esp_nat_alias_given(en, sa->src.addr.ip.ip);
	return ctx->aliased || (encap && sa->encap && sa->provable &&
				esp_nat_follow_may(en, ctx));
}

/*
 * Note where an ESP packet comes from; then show it to come from where its SA
 * knows. Without an SA, false, it is left alone.
 */
static bool esp_nat_rx_present(struct esp_nat_net *en, struct sk_buff *skb,
			       const __be32 *esp, struct udphdr *uh,
			       struct esp_nat_sa *sa)
{
	__be32 spi = esp[0], seq = esp[1];
	struct iphdr *iph = ip_hdr(skb);
	struct esp_nat_ep from = esp_nat_ep4(iph->saddr, uh ? uh->source : 0);

	if (!esp_nat_xfrm_find(en, skb, spi, sa)) {
		esp_nat_inc(en, in_esp_no_sa);
		return false;
	}
	esp_nat_xfrm_tag(skb, &from, spi, seq);
	if (!esp_nat_ep_equal(&from, &sa->src) && esp_nat_rx_shows(en, sa, uh)) {
		esp_nat_rewrite_esp_source(iph, uh, &sa->src);
		esp_nat_inc(en, in_esp_presented);
		trace_esp_nat_rewrite(en->net->ns.inum, false, &from, &sa->src);
	}
	return true;
}

/*
 * An SA takes both forms, with and without UDP header (RFC 7296, section 2.23),
 * but xfrm only the one that the SA was made for.
 */
static bool esp_nat_rx_convert(struct esp_nat_net *en, struct sk_buff *skb,
			       const struct esp_nat_sa *sa, bool encap)
{
	if (sa->encap == encap)
		return false;
	if (encap)
		esp_nat_rewrite_del_udp(skb);
	else if (esp_nat_rewrite_add_udp(skb, &sa->src, sa->dst.port))
		return false;
	esp_nat_inc(en, in_esp_converted);
	return true;
}

/**
 * esp_nat_rx_accept() - an authenticated packet
 * @en: the namespace
 * @sa: the SA
 * @from: the actual endpoint that it came from
 * @bytes: its length as it came, with its IP header
 * @proves: it is the newest of its SA, and so tells where its peer is
 *
 * What has no port says nothing of where UDP goes.
 *
 * Context: softirq, RCU read side.
 */
void esp_nat_rx_accept(struct esp_nat_net *en, const struct esp_nat_sa *sa,
		       const struct esp_nat_ep *from, unsigned int bytes,
		       bool proves)
{
	struct esp_nat_ctx *ctx;

	ctx = sa->encap ? esp_nat_ctx_by_presented(en, &sa->src) :
			  esp_nat_plain_find(en, &sa->src);
	if (ctx)
		esp_nat_ctx_count_rx(ctx, bytes);
	if (!proves || !from->port)
		return;
	if (sa->encap)
		esp_nat_follow_believe(en, ctx, &sa->src, from);
	else if (ctx)
		esp_nat_plain_heard(en, ctx, from);
}

/**
 * esp_nat_rx_refuse() - does the rule refuse ESP under an SA?
 * @en: the namespace
 * @sa: the SA
 *
 * Context: softirq, RCU read side.
 * Return: 0, or the reason to drop it, an enum esp_nat_stat.
 */
int esp_nat_rx_refuse(struct esp_nat_net *en, const struct esp_nat_sa *sa)
{
	struct esp_nat_ctx *ctx;

	if (likely(!READ_ONCE(en->cfg.refuse_outside_rule)) ||
	    !READ_ONCE(en->cfg.enabled))
		return 0;
	ctx = sa->encap ? esp_nat_ctx_by_presented(en, &sa->src) :
			  esp_nat_plain_find(en, &sa->src);
	return ctx ? esp_nat_enforce(en, ctx) : 0;
}

/**
 * esp_nat_rx_esp() - ESP on its way to xfrm
 * @en: the namespace
 * @skb: IPv4 packet at its ESP header; stays the caller's
 * @encap: its UDP header is before that; receives whether it is after
 *
 * Context: softirq, RCU read side. Pointers into @skb's headers go stale.
 * Return: 0; 1 if *@encap has changed; less than 0, the negative of an enum
 * esp_nat_stat, if it is to be dropped.
 */
int esp_nat_rx_esp(struct esp_nat_net *en, struct sk_buff *skb, bool *encap)
{
	bool nested = esp_nat_secpath_decrypted(skb);
	struct esp_nat_sa sa;
	__be32 *esp;
	int reason;

	if (!READ_ONCE(en->cfg.enabled))
		return 0;
	if (*encap)
		esp_nat_inc(en, in_esp);
	else
		esp_nat_inc(en, in_esp_plain);
	if (!pskb_may_pull(skb, ESP_NAT_ESP_HDR_LEN) ||
	    skb_unclone(skb, GFP_ATOMIC))
		return 0;
	esp = (__be32 *)skb->data;
	if (!*esp) {
		esp_nat_inc(en, in_spi_zero);
		return 0;
	}
	if (!esp_nat_rx_present(en, skb, esp,
				*encap ? (struct udphdr *)esp - 1 : NULL, &sa))
		return 0;
	reason = esp_nat_rx_refuse(en, &sa);
	if (reason)
		return -reason;
	if (nested || !esp_nat_rx_convert(en, skb, &sa, *encap))
		return 0;
	*encap = sa.encap;
	return 1;
}

/**
 * esp_nat_rx_gro() - UDP-encapsulated ESP in GRO, on its way to xfrm
 * @en: the namespace
 * @skb: IPv4 packet, linear up to SPI and sequence number at the GRO offset,
 *	writable; stays the caller's
 * @was: receives the endpoint that it came from
 *
 * Context: softirq (NAPI), RCU read side.
 * Return: false if GRO is to leave it to the socket: its SA wants it in the
 * other form, or it is to be dropped, which only xfrm's handler does.
 */
bool esp_nat_rx_gro(struct esp_nat_net *en, struct sk_buff *skb,
		    struct esp_nat_ep *was)
{
	__be32 *esp = (void *)skb->data + skb_gro_offset(skb);
	struct udphdr *uh = (struct udphdr *)esp - 1;
	struct esp_nat_sa sa;

	*was = esp_nat_ep4(ip_hdr(skb)->saddr, uh->source);
	return !READ_ONCE(en->cfg.enabled) ||
	       !esp_nat_rx_present(en, skb, esp, uh, &sa) ||
	       (sa.encap && !esp_nat_rx_refuse(en, &sa));
}

/**
 * esp_nat_rx_gro_undo() - xfrm did not take it: the socket will see it again
 * @skb: the packet, as esp_nat_rx_gro() left it; stays the caller's
 * @was: the endpoint that it came from
 *
 * Context: softirq (NAPI), RCU read side.
 */
void esp_nat_rx_gro_undo(struct sk_buff *skb, const struct esp_nat_ep *was)
{
	struct udphdr *uh = (void *)skb->data + skb_gro_offset(skb);

	esp_nat_xfrm_untag(skb);
	esp_nat_rewrite_esp_source(ip_hdr(skb), uh - 1, was);
}

/**
 * esp_nat_rx_unseen() - GRO took ESP that we have not seen
 * @en: the namespace
 *
 * A daemon has opened its socket again, and IKE has not come to it yet.
 *
 * Context: softirq, RCU read side.
 */
void esp_nat_rx_unseen(struct esp_nat_net *en)
{
	unsigned long looked = READ_ONCE(en->gro_looked);

	if (!READ_ONCE(en->cfg.enabled) ||
	    time_in_range(jiffies, looked, looked + ESP_NAT_RX_LOOK))
		return;
	WRITE_ONCE(en->gro_looked, jiffies);
	esp_nat_gro_hook_port(en);
}
