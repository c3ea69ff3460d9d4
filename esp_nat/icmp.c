// SPDX-License-Identifier: GPL-2.0
/* ICMP errors about IKE and ESP that this host has sent. */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/netfilter.h>
#include <linux/udp.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "icmp.h"
#include "locate.h"
#include "proto.h"
#include "rewrite.h"
#include "socket.h"
#include "verdict.h"

static bool esp_nat_icmp_is_error(u8 type)
{
	return type == ICMP_DEST_UNREACH || type == ICMP_TIME_EXCEEDED ||
	       type == ICMP_PARAMETERPROB;
}

/* the endpoint that a quoted packet of ours was sent to */
static bool esp_nat_icmp_quoted(struct esp_nat_net *en, const struct iphdr *iph,
				struct esp_nat_ep *to)
{
	const struct udphdr *uh = (void *)iph + iph->ihl * 4;
	__be16 nat_port = htons(READ_ONCE(en->cfg.nat_port));
	__be16 ike_port = htons(READ_ONCE(en->cfg.ike_port));

	switch (iph->protocol) {
	case IPPROTO_UDP:
		if (uh->source != nat_port && uh->source != ike_port)
			return false;
		*to = esp_nat_ep4(iph->daddr, uh->dest);
		return true;
	case IPPROTO_ESP:
		/* a peer without NAT speaks IKE from ike_port */
		*to = esp_nat_ep4(iph->daddr, ike_port);
		return true;
	default:
		return false;
	}
}

/*
 * An ICMP error about ESP that the rule has sent in UDP: xfrm has to leave room
 * for the UDP header, of which it does not know.
 */
static void esp_nat_icmp_lower(struct esp_nat_net *en, struct sk_buff *skb,
			       u8 protocol, const struct esp_nat_binding *b,
			       const struct esp_nat_flow *to)
{
	const struct icmphdr *icmph = (void *)skb->data + ip_hdrlen(skb);
	struct esp_nat_ep where;
	struct esp_nat_ctx *ctx;

	if (icmph->type != ICMP_DEST_UNREACH ||
	    icmph->code != ICMP_FRAG_NEEDED || protocol != IPPROTO_UDP ||
	    ntohs(icmph->un.frag.mtu) < IPV4_MIN_MTU + ESP_NAT_UDP_LEN)
		return;
	ctx = b && !b->identity ? b->ctx : esp_nat_locate_sa_end(en, to, false);
	if (!ctx || !READ_ONCE(ctx->plain_sa) ||
	    esp_nat_verdict_of(en, ctx) != ESP_NAT_RULE_ASSUME)
		return;
	where = esp_nat_locate_assumed(en, ctx);
	if (esp_nat_ep_equal(&where, &to->peer) &&
	    !esp_nat_rewrite_mtu(skb, ESP_NAT_UDP_LEN))
		esp_nat_inc(en, pmtu_lowered);
}

/*
 * The own socket is not bound: the kernel finds nobody to tell that what left
 * from nat_port has to be smaller.
 */
static void esp_nat_icmp_own(struct esp_nat_net *en, struct sk_buff *skb,
			     unsigned int quoted)
{
	const struct icmphdr *icmph = (void *)skb->data + ip_hdrlen(skb);
	const struct iphdr *iph = (void *)skb->data + quoted;
	const struct udphdr *uh = (void *)iph + iph->ihl * 4;
	struct esp_nat_ep local = esp_nat_ep4(iph->saddr, uh->source);
	struct esp_nat_ep remote = esp_nat_ep4(iph->daddr, uh->dest);

	if (icmph->type != ICMP_DEST_UNREACH ||
	    icmph->code != ICMP_FRAG_NEEDED || iph->protocol != IPPROTO_UDP ||
	    READ_ONCE(en->net->ipv4.sysctl_ip_no_pmtu_disc) ||
	    local.port != htons(READ_ONCE(en->cfg.nat_port)) ||
	    !esp_nat_socket_own(en, &local, &remote,
				esp_nat_udp_came_by(skb, AF_INET)))
		return;
	__skb_pull(skb, quoted);
	ipv4_update_pmtu(skb, en->net, ntohs(icmph->un.frag.mtu), 0,
			 IPPROTO_UDP);
	__skb_push(skb, quoted);
}

/* What it is about becomes the presented endpoint. */
static void esp_nat_icmp_present(struct esp_nat_net *en, struct sk_buff *skb,
				 unsigned int quoted,
				 const struct esp_nat_ep *peer)
{
	const struct iphdr *iph = (void *)skb->data + quoted;
	struct esp_nat_flow to = {
		.peer = *peer, .local = esp_nat_addr4(iph->saddr)
	};
	struct esp_nat_ep presented;
	struct esp_nat_binding *b;

	b = esp_nat_binding_by_actual(&en->table.bindings, &to);
	/* this host's own errors tell what the route has, which is lower */
	if (ip_hdr(skb)->saddr != iph->saddr)
		esp_nat_icmp_lower(en, skb, iph->protocol, b, &to);
	if (!b || b->identity)
		return;
	presented = b->presented.peer;
	if (!esp_nat_rewrite_quoted(skb, quoted, &presented))
		esp_nat_inc(en, pmtu_quoted);
}

/**
 * esp_nat_icmp_error() - an ICMP error that is about IKE or ESP
 * @en: the namespace
 * @skb: ICMPv4 packet at its network header, whole; stays the caller's
 *
 * It names the actual address; sockets, routes and xfrm know the presented one.
 *
 * Context: softirq, RCU read side. Pointers into @skb's headers go stale.
 */
void esp_nat_icmp_error(struct esp_nat_net *en, struct sk_buff *skb)
{
	unsigned int quoted = ip_hdrlen(skb) + sizeof(struct icmphdr);
	struct icmphdr buf, *icmph;
	struct esp_nat_ep to;
	struct iphdr *iph;
	unsigned int len;

	icmph = skb_header_pointer(skb, ip_hdrlen(skb), sizeof(buf), &buf);
	if (!icmph || !esp_nat_icmp_is_error(icmph->type) ||
	    !pskb_may_pull(skb, quoted + sizeof(*iph)))
		return;
	iph = (void *)skb->data + quoted;
	len = quoted + iph->ihl * 4 + sizeof(struct udphdr);
	if (iph->ihl < 5 || (iph->frag_off & htons(IP_OFFSET)) ||
	    !pskb_may_pull(skb, len) ||
	    nf_checksum(skb, NF_INET_LOCAL_IN, ip_hdrlen(skb), IPPROTO_ICMP,
			AF_INET))
		return;
	iph = (void *)skb->data + quoted;
	if (!esp_nat_icmp_quoted(en, iph, &to))
		return;
	esp_nat_icmp_present(en, skb, quoted, &to);
	esp_nat_icmp_own(en, skb, quoted);
}

/* ---- IPv6 ---- */

/* the ends of a UDP datagram that was sent, and is quoted so far on */
static bool esp_nat_icmp_quoted6(const struct sk_buff *skb, unsigned int quoted,
				 struct esp_nat_ep *local,
				 struct esp_nat_ep *remote)
{
	struct ipv6hdr ipbuf, *iph;
	struct udphdr buf, *uh;
	__be16 fragment;
	u8 nexthdr;
	int offset;

	iph = skb_header_pointer(skb, quoted, sizeof(ipbuf), &ipbuf);
	if (!iph)
		return false;
	nexthdr = iph->nexthdr;
	offset = ipv6_skip_exthdr(skb, quoted + sizeof(*iph), &nexthdr,
				  &fragment);
	if (offset < 0 || nexthdr != IPPROTO_UDP ||
	    (fragment & htons(IP6_OFFSET)))
		return false;
	uh = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	if (!uh)
		return false;
	*local = esp_nat_ep6(&iph->saddr, uh->source);
	*remote = esp_nat_ep6(&iph->daddr, uh->dest);
	return true;
}

/**
 * esp_nat_icmp_error6() - an ICMPv6 error that is about what nat_port has sent
 * @en: the namespace, with an own socket
 * @skb: IPv6 packet at its network header, whole; stays the caller's
 *
 * The own socket is not bound: the kernel finds nobody to tell that what left
 * from nat_port has to be smaller.
 *
 * Context: softirq, RCU read side. Pointers into @skb's headers go stale.
 */
void esp_nat_icmp_error6(struct esp_nat_net *en, struct sk_buff *skb)
{
	u8 nexthdr = ipv6_hdr(skb)->nexthdr;
	struct esp_nat_ep local, remote;
	struct icmp6hdr buf, *icmp6h;
	unsigned int quoted;
	__be16 fragment;
	__be32 mtu;
	int offset;

	offset = ipv6_skip_exthdr(skb, sizeof(struct ipv6hdr), &nexthdr,
				  &fragment);
	if (offset < 0 || nexthdr != IPPROTO_ICMPV6 || fragment)
		return;
	icmp6h = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	quoted = offset + sizeof(*icmp6h);
	if (!icmp6h || icmp6h->icmp6_type != ICMPV6_PKT_TOOBIG ||
	    !esp_nat_icmp_quoted6(skb, quoted, &local, &remote) ||
	    local.port != htons(READ_ONCE(en->cfg.nat_port)) ||
	    !esp_nat_socket_own(en, &local, &remote,
				esp_nat_udp_came_by(skb, AF_INET6)))
		return;
	mtu = icmp6h->icmp6_mtu;
	if (!pskb_may_pull(skb, quoted + sizeof(struct ipv6hdr)) ||
	    nf_checksum(skb, NF_INET_LOCAL_IN, offset, IPPROTO_ICMPV6,
			AF_INET6))
		return;
	__skb_pull(skb, quoted);
	/* where it is a module, there is no own socket of it either */
	if (IS_BUILTIN(CONFIG_IPV6))
		ip6_update_pmtu(skb, en->net, mtu,
				l3mdev_master_ifindex(skb->dev), 0,
				make_kuid(en->net->user_ns, 0));
	__skb_push(skb, quoted);
}
