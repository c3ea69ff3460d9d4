// SPDX-License-Identifier: GPL-2.0
/* UDP datagrams in packets of either family. */
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "udp.h"

static bool esp_nat_udp_ports(const struct sk_buff *skb,
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
	const struct iphdr *iph = ip_hdr(skb);

	if (iph->protocol != IPPROTO_UDP)
		return false;
	udp->src = esp_nat_ep4(iph->saddr, 0);
	udp->dst = esp_nat_ep4(iph->daddr, 0);
	udp->offset = ip_hdrlen(skb);
	return esp_nat_udp_ports(skb, udp);
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
	const struct ipv6hdr *iph = ipv6_hdr(skb);
	u8 nexthdr = iph->nexthdr;
	__be16 fragment;
	int offset;

	offset = ipv6_skip_exthdr(skb, sizeof(*iph), &nexthdr, &fragment);
	if (offset < 0 || nexthdr != IPPROTO_UDP || fragment)
		return false;
	udp->src = esp_nat_ep6(&iph->saddr, 0);
	udp->dst = esp_nat_ep6(&iph->daddr, 0);
	udp->offset = offset;
	return esp_nat_udp_ports(skb, udp);
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
