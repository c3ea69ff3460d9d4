// SPDX-License-Identifier: GPL-2.0
/* UDP datagrams in packets of either family. */
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "udp.h"

/* Addresses, and where the UDP header is, or would be. */
static bool esp_nat_udp_find(const struct sk_buff *skb, struct esp_nat_udp *udp)
{
	const struct iphdr *iph = ip_hdr(skb);

	if (iph->protocol != IPPROTO_UDP)
		return false;
	udp->src = esp_nat_ep4(iph->saddr, 0);
	udp->dst = esp_nat_ep4(iph->daddr, 0);
	udp->offset = ip_hdrlen(skb);
	return true;
}

/* Behind the first fragment there is none; @fragment: this is the first. */
static bool esp_nat_udp_find6(const struct sk_buff *skb,
			      struct esp_nat_udp *udp, __be16 *fragment)
{
	const struct ipv6hdr *iph = ipv6_hdr(skb);
	u8 nexthdr = iph->nexthdr;
	int offset;

	offset = ipv6_skip_exthdr(skb, sizeof(*iph), &nexthdr, fragment);
	if (offset < 0 || nexthdr != IPPROTO_UDP)
		return false;
	udp->src = esp_nat_ep6(&iph->saddr, 0);
	udp->dst = esp_nat_ep6(&iph->daddr, 0);
	udp->offset = offset;
	return true;
}

static bool esp_nat_udp_header(const struct sk_buff *skb,
			       struct esp_nat_udp *udp)
{
	struct udphdr buf, *uh;

	uh = skb_header_pointer(skb, udp->offset, sizeof(buf), &buf);
	if (!uh)
		return false;
	udp->src.port = uh->source;
	udp->dst.port = uh->dest;
	udp->len = ntohs(uh->len);
	udp->summed = uh->check;
	return true;
}

/**
 * esp_nat_udp_get() - the UDP datagram of an IPv4 packet
 * @skb: the packet at its network header
 * @udp: receives what there is of it
 *
 * Context: any.
 * Return: false if it is of another protocol, or too short.
 */
bool esp_nat_udp_get(const struct sk_buff *skb, struct esp_nat_udp *udp)
{
	return esp_nat_udp_find(skb, udp) && esp_nat_udp_header(skb, udp);
}

/**
 * esp_nat_udp_get6() - the UDP datagram of an IPv6 packet
 * @skb: the packet at its network header
 * @udp: receives what there is of it
 *
 * Context: any.
 * Return: false if it is of another protocol, too short, or a fragment.
 */
bool esp_nat_udp_get6(const struct sk_buff *skb, struct esp_nat_udp *udp)
{
	__be16 fragment;

	return esp_nat_udp_find6(skb, udp, &fragment) && !fragment &&
	       esp_nat_udp_header(skb, udp);
}

/**
 * esp_nat_udp_ends() - between whom UDP goes, be it cut off behind the ports
 * @skb: the packet at its network header
 * @family: AF_INET or AF_INET6
 * @udp: receives @src, @dst and @offset
 *
 * Context: any.
 * Return: false if it is of another protocol, or has no ports, as a fragment
 * behind the first.
 */
bool esp_nat_udp_ends(const struct sk_buff *skb, unsigned int family,
		      struct esp_nat_udp *udp)
{
	__be16 fragment, buf[2], *ports;

	if (family == AF_INET6 ? !esp_nat_udp_find6(skb, udp, &fragment) :
				 !esp_nat_udp_find(skb, udp) ||
				 ip_hdr(skb)->frag_off & htons(IP_OFFSET))
		return false;
	ports = skb_header_pointer(skb, udp->offset, sizeof(buf), buf);
	if (!ports)
		return false;
	udp->src.port = ports[0];
	udp->dst.port = ports[1];
	return true;
}

/**
 * esp_nat_udp_dif() - by which device has a datagram come?
 * @skb: its packet, in LOCAL_IN
 * @udp: the datagram
 *
 * Context: softirq.
 * Return: the index of the device, or of its L3 master.
 */
int esp_nat_udp_dif(const struct sk_buff *skb, const struct esp_nat_udp *udp)
{
	return udp->src.addr.family == AF_INET6 ? inet6_iif(skb) :
						  inet_iif(skb);
}
