// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses and ports in IPv4 and UDP headers, with their checksums; where both
 * families come by, offset is that of the UDP header from the packet's data.
 */
#include <linux/ip.h>
#include <linux/icmp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "proto.h"
#include "rewrite.h"

/* whole datagrams and first fragments have a UDP header */
static bool esp_nat_rewrite_has_udp(const struct iphdr *iph)
{
	return iph->protocol == IPPROTO_UDP &&
	       !(iph->frag_off & htons(IP_OFFSET));
}

static int esp_nat_rewrite_prepare(struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	unsigned int len = ip_hdrlen(skb);

	if (esp_nat_rewrite_has_udp(iph))
		len += sizeof(struct udphdr);
	return skb_ensure_writable(skb, skb_network_offset(skb) + len);
}

/*
 * The UDP checksum covers both; zero means that there is none (RFC 768), and
 * a wrong one stays wrong.
 */
static void esp_nat_rewrite_udp(struct sk_buff *skb, struct udphdr *uh,
				__be32 old_ip, __be16 old_port,
				const struct esp_nat_ep *to)
{
	if (!uh->check && skb->ip_summed != CHECKSUM_PARTIAL)
		return;
	inet_proto_csum_replace4(&uh->check, skb, old_ip, to->addr.ip.ip, true);
	inet_proto_csum_replace2(&uh->check, skb, old_port, to->port, false);
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;
}

static int esp_nat_rewrite_end(struct sk_buff *skb, const struct esp_nat_ep *to,
			       bool source)
{
	struct iphdr *iph;
	struct udphdr *uh;
	__be32 *ip;
	__be16 *port;
	int err;

	err = esp_nat_rewrite_prepare(skb);
	if (err)
		return err;

	iph = ip_hdr(skb);
	ip = source ? &iph->saddr : &iph->daddr;
	if (esp_nat_rewrite_has_udp(iph)) {
		uh = (void *)iph + iph->ihl * 4;
		port = source ? &uh->source : &uh->dest;
		esp_nat_rewrite_udp(skb, uh, *ip, *port, to);
		*port = to->port;
	}
	csum_replace4(&iph->check, *ip, to->addr.ip.ip);
	*ip = to->addr.ip.ip;
	return 0;
}

/**
 * esp_nat_rewrite_source() - let a packet come from another endpoint
 * @skb: IPv4 packet at its network header; stays the caller's
 * @to: the new source; without UDP header its port is not used
 *
 * Context: any. Pointers into @skb's headers go stale.
 * Return: 0 or -ENOMEM, then @skb is as it was.
 */
int esp_nat_rewrite_source(struct sk_buff *skb, const struct esp_nat_ep *to)
{
	return esp_nat_rewrite_end(skb, to, true);
}

/**
 * esp_nat_rewrite_dest() - let a packet go to another endpoint
 * @skb: IPv4 packet at its network header; stays the caller's
 * @to: the new destination; without UDP header its port is not used
 *
 * Context: any. Pointers into @skb's headers go stale.
 * Return: 0 or -ENOMEM, then @skb is as it was.
 */
int esp_nat_rewrite_dest(struct sk_buff *skb, const struct esp_nat_ep *to)
{
	return esp_nat_rewrite_end(skb, to, false);
}

/**
 * esp_nat_rewrite_esp_source() - let ESP come from another endpoint
 * @iph: its IPv4 header, writable
 * @uh: its UDP header, or NULL
 * @to: the new source
 *
 * For xfrm's input, which has validated the UDP checksum and makes the one of
 * IP anew.
 *
 * Context: any.
 */
void esp_nat_rewrite_esp_source(struct iphdr *iph, struct udphdr *uh,
				const struct esp_nat_ep *to)
{
	iph->saddr = to->addr.ip.ip;
	if (uh)
		uh->source = to->port;
}

/* All before the ESP header, the link layer's included, moves: back is < 0. */
static void esp_nat_rewrite_shift(struct sk_buff *skb, int by)
{
	u8 *from = skb_mac_header_was_set(skb) ? skb_mac_header(skb) :
						 skb_network_header(skb);

	memmove(from + by, from, skb->data - from - (by > 0 ? by : 0));
	if (skb_mac_header_was_set(skb))
		skb->mac_header += by;
	skb->network_header += by;
}

/**
 * esp_nat_rewrite_add_udp() - put a UDP header before plain ESP
 * @skb: IPv4 packet at its ESP header, writable; stays the caller's
 * @src: its source from now on, and the port of that
 * @dport: its destination port, network byte order
 *
 * For xfrm's input: the length of the IPv4 header stays without UDP, and there
 * are no checksums.
 *
 * Context: softirq. Pointers into @skb's headers go stale.
 * Return: 0 or -ENOMEM, then @skb is as it was.
 */
int esp_nat_rewrite_add_udp(struct sk_buff *skb, const struct esp_nat_ep *src,
			    __be16 dport)
{
	struct udphdr *uh;
	u8 *start;

	start = skb_mac_header_was_set(skb) ? skb_mac_header(skb) :
					      skb_network_header(skb);
	if (skb_cow_head(skb, skb->data - start + sizeof(*uh)))
		return -ENOMEM;
	esp_nat_rewrite_shift(skb, -(int)sizeof(*uh));
	uh = (struct udphdr *)skb->data - 1;
	uh->dest = dport;
	uh->len = htons(skb->len + sizeof(*uh));
	uh->check = 0;
	ip_hdr(skb)->protocol = IPPROTO_UDP;
	esp_nat_rewrite_esp_source(ip_hdr(skb), uh, src);
	return 0;
}

/**
 * esp_nat_rewrite_del_udp() - take the UDP header before ESP away
 * @skb: IPv4 packet at its ESP header, writable; stays the caller's
 *
 * For xfrm's input: the length of the IPv4 header is without UDP already.
 *
 * Context: softirq. Pointers into @skb's headers go stale.
 */
void esp_nat_rewrite_del_udp(struct sk_buff *skb)
{
	esp_nat_rewrite_shift(skb, sizeof(struct udphdr));
	ip_hdr(skb)->protocol = IPPROTO_ESP;
}

/**
 * esp_nat_rewrite_encap() - put a UDP header before ESP that goes out
 * @skb: IPv4 packet at its network header, to be sent; stays the caller's
 * @sport: source port, network byte order
 * @dport: destination port, network byte order
 *
 * RFC 3948, section 2.1: the UDP checksum is zero. The caller makes the one of
 * IP.
 *
 * Context: any. Pointers into @skb's headers go stale.
 * Return: 0, -EMSGSIZE or -ENOMEM, then @skb is as it was.
 */
int esp_nat_rewrite_encap(struct sk_buff *skb, __be16 sport, __be16 dport)
{
	unsigned int len = ip_hdrlen(skb);
	struct udphdr *uh;

	if (skb->len + sizeof(*uh) > IP_MAX_MTU)
		return -EMSGSIZE;
	if (skb_cow_head(skb, sizeof(*uh)))
		return -ENOMEM;
	skb_push(skb, sizeof(*uh));
	memmove(skb->data, skb->data + sizeof(*uh), len);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, len);

	uh = udp_hdr(skb);
	uh->source = sport;
	uh->dest = dport;
	uh->len = htons(skb->len - len);
	uh->check = 0;
	ip_hdr(skb)->protocol = IPPROTO_UDP;
	ip_hdr(skb)->tot_len = htons(skb->len);
	return 0;
}

/**
 * esp_nat_rewrite_port() - let a datagram come from or go to another port
 * @skb: packet at its network header, with a UDP datagram; stays the caller's
 * @offset: of the UDP header
 * @source: its source port, else its destination port
 * @to: the new port, network byte order
 *
 * Context: any. Pointers into @skb's headers go stale.
 * Return: 0 or -ENOMEM, then @skb is as it was.
 */
int esp_nat_rewrite_port(struct sk_buff *skb, unsigned int offset, bool source,
			 __be16 to)
{
	struct udphdr *uh;
	__be16 *port;
	int err;

	err = skb_ensure_writable(skb, offset + sizeof(*uh));
	if (err)
		return err;
	uh = (void *)skb->data + offset;
	port = source ? &uh->source : &uh->dest;
	if (uh->check || skb->ip_summed == CHECKSUM_PARTIAL) {
		inet_proto_csum_replace2(&uh->check, skb, *port, to, false);
		if (!uh->check)
			uh->check = CSUM_MANGLED_0;
	}
	*port = to;
	return 0;
}

/*
 * An IP header tells the length of its packet. IPv6's has no checksum that would
 * make up for that in a sum over all.
 */
static void esp_nat_rewrite_ip_len(struct sk_buff *skb)
{
	__be16 len = htons(skb->len);
	struct ipv6hdr *ip6h;
	struct iphdr *iph;

	if (ip_hdr(skb)->version == 4) {
		iph = ip_hdr(skb);
		csum_replace2(&iph->check, iph->tot_len, len);
		iph->tot_len = len;
		return;
	}
	ip6h = ipv6_hdr(skb);
	len = htons(skb->len - sizeof(*ip6h));
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_add(csum_sub(skb->csum,
					      (__force __wsum)ip6h->payload_len),
				     (__force __wsum)len);
	ip6h->payload_len = len;
}

/*
 * A UDP datagram, and the whole packet, has got so many zero bytes more; all
 * before them has moved ahead.
 */
static void esp_nat_rewrite_grown(struct sk_buff *skb, unsigned int offset,
				  int by)
{
	struct udphdr *uh;
	__be16 len;

	skb_reset_network_header(skb);
	skb->transport_header -= by;
	esp_nat_rewrite_ip_len(skb);
	uh = (void *)skb->data + offset;
	len = htons(ntohs(uh->len) + by);
	if (uh->check || skb->ip_summed == CHECKSUM_PARTIAL) {
		/* in the header, and in the pseudo header */
		inet_proto_csum_replace2(&uh->check, skb, uh->len, len, false);
		inet_proto_csum_replace2(&uh->check, skb, uh->len, len, true);
		if (!uh->check)
			uh->check = CSUM_MANGLED_0;
	}
	uh->len = len;
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		skb->csum_start -= by;
}

/**
 * esp_nat_rewrite_del_marker() - take the non-ESP marker away
 * @skb: packet at its network header, whole, a UDP datagram that begins with
 *	one (RFC 3948, section 2.2), its checksum looked at; stays the caller's
 * @offset: of the UDP header
 *
 * Context: any. Pointers into @skb's headers go stale.
 * Return: 0 or -ENOMEM, then @skb is as it was.
 */
int esp_nat_rewrite_del_marker(struct sk_buff *skb, unsigned int offset)
{
	unsigned int len = offset + sizeof(struct udphdr);
	int err;

	err = skb_ensure_writable(skb, len + ESP_NAT_MARKER_LEN);
	if (err)
		return err;
	memmove(skb->data + ESP_NAT_MARKER_LEN, skb->data, len);
	__skb_pull(skb, ESP_NAT_MARKER_LEN);
	esp_nat_rewrite_grown(skb, offset, -ESP_NAT_MARKER_LEN);
	return 0;
}

/**
 * esp_nat_rewrite_add_marker() - put the non-ESP marker before IKE
 * @skb: packet at its network header, whole, a UDP datagram; stays the
 *	caller's
 * @offset: of the UDP header
 *
 * Context: any. Pointers into @skb's headers go stale.
 * Return: 0, -EMSGSIZE or -ENOMEM, then @skb is as it was.
 */
int esp_nat_rewrite_add_marker(struct sk_buff *skb, unsigned int offset)
{
	unsigned int len = offset + sizeof(struct udphdr);

	if (skb->len + ESP_NAT_MARKER_LEN > IP_MAX_MTU || skb_is_gso(skb))
		return -EMSGSIZE;
	if (!pskb_may_pull(skb, len) || skb_cow_head(skb, ESP_NAT_MARKER_LEN))
		return -ENOMEM;
	skb_push(skb, ESP_NAT_MARKER_LEN);
	memmove(skb->data, skb->data + ESP_NAT_MARKER_LEN, len);
	memset(skb->data + len, 0, ESP_NAT_MARKER_LEN);
	esp_nat_rewrite_grown(skb, offset, ESP_NAT_MARKER_LEN);
	return 0;
}

/**
 * esp_nat_rewrite_mtu() - let an ICMP error tell of a smaller MTU
 * @skb: ICMPv4 packet at its network header, whole header there; stays the
 *	caller's
 * @less: by so many bytes
 *
 * Context: any. Pointers into @skb's headers go stale.
 * Return: 0, or -ENOMEM, then @skb is as it was.
 */
int esp_nat_rewrite_mtu(struct sk_buff *skb, unsigned int less)
{
	struct icmphdr *icmph;
	__be16 mtu;
	int err;

	err = skb_ensure_writable(skb, ip_hdrlen(skb) + sizeof(*icmph));
	if (err)
		return err;
	icmph = (void *)ip_hdr(skb) + ip_hdrlen(skb);
	mtu = htons(ntohs(icmph->un.frag.mtu) - less);
	csum_replace2(&icmph->checksum, icmph->un.frag.mtu, mtu);
	icmph->un.frag.mtu = mtu;
	return 0;
}

/**
 * esp_nat_rewrite_quoted() - let an ICMP error be about another endpoint
 * @skb: ICMPv4 packet at its network header; stays the caller's
 * @offset: of the quoted IPv4 header from @skb->data, in bytes
 * @to: the new destination of the quoted packet
 *
 * The quoted IP checksum makes up for the address, so that the sum over the
 * ICMP message stays what it is; the port changes the latter. The quoted UDP
 * checksum is nobody's business.
 *
 * Context: any. Pointers into @skb's headers go stale.
 * Return: 0 or -ENOMEM, then @skb is as it was.
 */
int esp_nat_rewrite_quoted(struct sk_buff *skb, unsigned int offset,
			   const struct esp_nat_ep *to)
{
	struct icmphdr *icmph;
	struct iphdr *iph;
	struct udphdr *uh;
	unsigned int len;
	int err;

	iph = (void *)skb->data + offset;
	len = offset + iph->ihl * 4;
	if (iph->protocol == IPPROTO_UDP)
		len += sizeof(*uh);
	err = skb_ensure_writable(skb, len);
	if (err)
		return err;

	iph = (void *)skb->data + offset;
	csum_replace4(&iph->check, iph->daddr, to->addr.ip.ip);
	iph->daddr = to->addr.ip.ip;
	if (iph->protocol == IPPROTO_UDP) {
		icmph = (void *)ip_hdr(skb) + ip_hdrlen(skb);
		uh = (void *)iph + iph->ihl * 4;
		csum_replace2(&icmph->checksum, uh->dest, to->port);
		uh->dest = to->port;
	}
	return 0;
}
