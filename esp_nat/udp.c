// SPDX-License-Identifier: GPL-2.0
/* UDP datagrams in packets of either family. */
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>

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

static const void *esp_nat_udp_read(const struct esp_nat_ike_msg *msg,
				    unsigned int offset, unsigned int len,
				    void *buf)
{
	return skb_header_pointer(msg->data, msg->start + offset, len, buf);
}

/**
 * esp_nat_udp_ike() - how an IKE message in a datagram is read
 * @skb: the packet; stays the caller's, and unchanged as long as it is read
 * @udp: its datagram
 * @marker: a non-ESP marker is before the message (RFC 3948 2.2)
 *
 * Context: any.
 * Return: the message.
 */
struct esp_nat_ike_msg esp_nat_udp_ike(const struct sk_buff *skb,
				       const struct esp_nat_udp *udp,
				       bool marker)
{
	return (struct esp_nat_ike_msg) {
		.read	= esp_nat_udp_read,
		.data	= skb,
		.start	= udp->offset + sizeof(struct udphdr) +
			  (marker ? ESP_NAT_MARKER_LEN : 0),
	};
}

/**
 * esp_nat_udp_came_by() - by which device has a packet come?
 * @skb: the packet, in LOCAL_IN
 * @family: AF_INET or AF_INET6
 *
 * Context: softirq.
 * Return: the device.
 */
struct esp_nat_udp_dev esp_nat_udp_came_by(const struct sk_buff *skb,
					   unsigned int family)
{
	if (family == AF_INET6)
		return (struct esp_nat_udp_dev) {
			.dif = inet6_iif(skb), .sdif = inet6_sdif(skb)
		};
	return (struct esp_nat_udp_dev) {
		.dif = inet_iif(skb), .sdif = inet_sdif(skb)
	};
}

/**
 * esp_nat_udp_leaves_by() - by which device would an answer come?
 * @dev: the device that a packet leaves by
 *
 * Context: RCU read side.
 * Return: the device.
 */
struct esp_nat_udp_dev esp_nat_udp_leaves_by(const struct net_device *dev)
{
	int master = l3mdev_master_ifindex_rcu(dev);

	return (struct esp_nat_udp_dev) {
		.dif = master ?: dev->ifindex,
		.sdif = master ? dev->ifindex : 0,
	};
}
