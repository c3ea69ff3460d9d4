// SPDX-License-Identifier: GPL-2.0
/*
 * Checksums of what comes out of transport mode through a NAT (RFC 3948,
 * section 3.1.2). The peer has made them over its own addresses. Delivered
 * here, the packet is accepted as it is: xfrm tells the sockets that ESP has
 * vouched for it. Forwarded, somebody else will look.
 */
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip.h>

#include "csum.h"
#include "secpath.h"

static __sum16 esp_nat_csum_make(const struct sk_buff *skb, unsigned int off,
				 unsigned int len, u8 proto)
{
	const struct iphdr *iph = ip_hdr(skb);

	return csum_tcpudp_magic(iph->saddr, iph->daddr, len, proto,
				 skb_checksum(skb, off, len, 0));
}

static int esp_nat_csum_tcp(struct sk_buff *skb, unsigned int off)
{
	struct tcphdr *th;

	if (skb_ensure_writable(skb, off + sizeof(*th)))
		return -ENOMEM;
	th = (void *)skb->data + off;
	th->check = 0;
	th->check = esp_nat_csum_make(skb, off, skb->len - off, IPPROTO_TCP);
	return 0;
}

/* Zero means that there is none (RFC 768), and is right. */
static int esp_nat_csum_udp(struct sk_buff *skb, unsigned int off)
{
	struct udphdr *uh;
	unsigned int len;

	if (skb_ensure_writable(skb, off + sizeof(*uh)))
		return -ENOMEM;
	uh = (void *)skb->data + off;
	len = ntohs(uh->len);
	if (len < sizeof(*uh) || off + len > skb->len)
		return -EINVAL;
	if (!uh->check)
		return 0;
	uh->check = 0;
	uh->check = esp_nat_csum_make(skb, off, len, IPPROTO_UDP) ?:
		    CSUM_MANGLED_0;
	return 0;
}

/**
 * esp_nat_csum_forward() - make the checksum of a forwarded packet right
 * @en: the namespace
 * @skb: IPv4 packet at its network header, after DNAT; stays the caller's
 *
 * What was in a tunnel of another kind, L2TP's ppp for one, comes here without
 * its SAs, and is left. What a NAT changes later, it changes in the checksum
 * too. A packet that GRO has put together (CHECKSUM_PARTIAL) gets a new checksum
 * when it leaves. What is in the other pieces of a fragmented packet is not
 * known here: it is left.
 *
 * Context: softirq. Pointers into @skb's headers go stale.
 */
void esp_nat_csum_forward(struct esp_nat_net *en, struct sk_buff *skb)
{
	unsigned int off = ip_hdrlen(skb);
	u8 proto = ip_hdr(skb)->protocol;
	int err = -EINVAL;

	if (likely(!esp_nat_secpath_vouched(skb)) ||
	    skb->ip_summed == CHECKSUM_PARTIAL ||
	    (proto != IPPROTO_TCP && proto != IPPROTO_UDP))
		return;
	if (!ip_is_fragment(ip_hdr(skb)) && !skb_is_gso(skb))
		err = proto == IPPROTO_TCP ? esp_nat_csum_tcp(skb, off) :
					     esp_nat_csum_udp(skb, off);
	if (err)
		esp_nat_inc(en, fwd_csum_left);
	else
		esp_nat_inc(en, fwd_csum);
}
