// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a packet in, but for ESP:
 *
 *   esp_nat_rx_stray()  PRE_ROUTING, LOCAL_IN: nobody on the wire has an alias
 *   esp_nat_rx_local()  LOCAL_IN, last: IKE, and ICMP errors about it and ESP
 *   esp_nat_rx_local6()   the same of IPv6, where there is an own socket
 */
#include <linux/netfilter_ipv4.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/l3mdev.h>

#include "alias.h"
#include "classify.h"
#include "detect.h"
#include "icmp.h"
#include "match_in.h"
#include "sa_watch.h"
#include "rewrite.h"
#include "rx.h"
#include "secpath.h"
#include "socket.h"
#include "trace.h"
#include "udp.h"

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
	if (likely(!esp_nat_alias_given(&en->pool, ip_hdr(skb)->saddr)) ||
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

/* What an IKE message tells of roles and NATs, by the addresses on the wire. */
static void esp_nat_rx_detect(struct esp_nat_net *en, const struct sk_buff *skb,
			      const struct esp_nat_udp *udp,
			      struct esp_nat_ike_in *msg)
{
	struct esp_nat_ike_msg ike = esp_nat_udp_ike(skb, udp, msg->nat_port);

	esp_nat_detect_position(en, &ike, &msg->hdr, &udp->src, &udp->dst,
				&msg->pos);
}

/* Show it to the daemon; *@known: a context has it. */
static int esp_nat_rx_ike(struct esp_nat_net *en, struct sk_buff *skb,
			  const struct esp_nat_udp *udp,
			  struct esp_nat_ike_in *msg, bool *known)
{
	struct esp_nat_ike_shown shown;
	int reason;

	msg->l3mdev = l3mdev_master_ifindex(skb->dev);
	esp_nat_rx_detect(en, skb, udp, msg);
	reason = esp_nat_match_in(en, msg, &shown);
	esp_nat_sa_watch_kick(en);
	if (reason)
		return reason;

	*known = shown.known;
	if (esp_nat_ep_equal(&shown.presented, &udp->src))
		return 0;
	if (esp_nat_rewrite_source(skb, &shown.presented))
		return ESP_NAT_STAT_drop_no_memory;
	/* early demux has looked for the actual endpoint */
	skb_orphan(skb);
	esp_nat_inc(en, in_ike_presented);
	trace_esp_nat_rewrite(en->net->ns.inum, false, &udp->src,
			      &shown.presented);
	return 0;
}

/* ---- the own socket ---- */

/*
 * IKE is for the daemon on ike_port, without marker; conntrack has seen the
 * real flow.
 */
static int esp_nat_rx_hand_on(struct esp_nat_net *en, struct sk_buff *skb,
			      const struct esp_nat_udp *udp,
			      struct esp_nat_ike_in *msg)
{
	struct esp_nat_ep local = udp->dst;
	bool known;
	int reason;

	local.port = htons(READ_ONCE(en->cfg.ike_port));
	if (!esp_nat_socket_bound(en->net, &local, &udp->src,
				  esp_nat_udp_came_by(skb, local.addr.family)))
		return ESP_NAT_STAT_drop_own;
	reason = esp_nat_rx_ike(en, skb, udp, msg, &known);
	if (reason)
		return reason;
	if (!known)
		return ESP_NAT_STAT_drop_own;
	if (esp_nat_rewrite_del_marker(skb, udp->offset) ||
	    esp_nat_rewrite_port(skb, udp->offset, false, local.port))
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
			  struct esp_nat_ike_in *msg, enum esp_nat_class class)
{
	switch (class) {
	case ESP_NAT_CLASS_KEEPALIVE:
	case ESP_NAT_CLASS_ESP:
		if (!esp_nat_socket_give(en, skb, udp->dst.addr.family))
			return ESP_NAT_STAT_drop_own;
		esp_nat_inc(en, in_own);
		return 0;
	case ESP_NAT_CLASS_IKE:
		return esp_nat_rx_hand_on(en, skb, udp, msg);
	default:
		return ESP_NAT_STAT_drop_own;
	}
}

/* What is behind the datagram is not its: UDP will see no more than that. */
static int esp_nat_rx_trim(struct sk_buff *skb, const struct esp_nat_udp *udp)
{
	if (udp->len < sizeof(struct udphdr))
		return 0;
	return pskb_trim_rcsum(skb, udp->offset + udp->len);
}

static int esp_nat_rx_udp(struct esp_nat_net *en, struct sk_buff *skb,
			  const struct esp_nat_udp *udp)
{
	__be16 port = udp->dst.port;
	struct esp_nat_ike_in msg = {
		.actual = esp_nat_flow(&udp->src, &udp->dst.addr),
		.nat_port = port == htons(READ_ONCE(en->cfg.nat_port)),
	};
	struct esp_nat_udp_dev dev;
	enum esp_nat_class class;
	bool known;

	if (!msg.nat_port && port != htons(READ_ONCE(en->cfg.ike_port)))
		return 0;
	/* nobody can be answered at port 0 */
	if (esp_nat_secpath_decrypted(skb) || !udp->src.port)
		return 0;
	if (esp_nat_rx_trim(skb, udp))
		return ESP_NAT_STAT_drop_no_memory;
	dev = esp_nat_udp_came_by(skb, udp->dst.addr.family);
	class = esp_nat_rx_class(en, skb, udp, msg.nat_port, &msg.hdr);
	if (msg.nat_port && esp_nat_socket_own(en, &udp->dst, &udp->src, dev))
		return esp_nat_rx_own(en, skb, udp, &msg, class);
	if (class != ESP_NAT_CLASS_IKE ||
	    esp_nat_socket_no_encap(en, &udp->dst, &udp->src, dev))
		return 0;
	return esp_nat_rx_ike(en, skb, udp, &msg, &known);
}

/**
 * esp_nat_rx_segments() - is a packet to be looked at datagram by datagram?
 * @en: the namespace
 * @skb: packet for this host, at its network header
 * @family: AF_INET, AF_INET6
 *
 * GRO makes one packet of datagrams with the same ports, which need not be one
 * client's: behind a NAT that passes port 500 through they are not.
 *
 * Context: softirq, RCU read side.
 * Return: true if it has several, of IKE or ESP; no socket of theirs takes them as
 * one.
 */
bool esp_nat_rx_segments(struct esp_nat_net *en, const struct sk_buff *skb,
			 unsigned int family)
{
	struct esp_nat_udp udp;

	if (likely(!skb_is_gso(skb)) || esp_nat_secpath_decrypted(skb) ||
	    !esp_nat_udp_ends(skb, family, &udp))
		return false;
	if (udp.dst.port == htons(READ_ONCE(en->cfg.ike_port)))
		return true;
	return udp.dst.port == htons(READ_ONCE(en->cfg.nat_port)) &&
	       !esp_nat_socket_no_encap(en, &udp.dst, &udp.src,
					esp_nat_udp_came_by(skb, family));
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
