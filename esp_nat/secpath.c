// SPDX-License-Identifier: GPL-2.0
/* The SAs that a packet came in by, or is to leave by. */
#include <net/ip.h>
#include <net/rtnetlink.h>
#include <net/xfrm.h>

#include "secpath.h"

/* in sp->ovec[0].seq.low, see esp_nat_secpath_vouch() */
#define ESP_NAT_SECPATH_VOUCHED	0x65737001

/**
 * esp_nat_secpath_integrity() - does an SA tell forged packets?
 * @x: the SA
 *
 * Context: any.
 * Return: false if anybody could have made its packets.
 */
bool esp_nat_secpath_integrity(const struct xfrm_state *x)
{
	return x->aead ||
	       (x->aalg && strcmp(x->aalg->alg_name, "digest_null"));
}

/**
 * esp_nat_secpath_device() - does a device send by an SA, or not at all?
 * @dev: the device
 *
 * What comes in by it was under an SA, whether or not that left a secpath.
 *
 * Context: any.
 * Return: true for an xfrm or a vti interface.
 */
bool esp_nat_secpath_device(const struct net_device *dev)
{
	const struct rtnl_link_ops *ops = dev->rtnl_link_ops;

	return ops && (!strcmp(ops->kind, "xfrm") ||
		       !strcmp(ops->kind, "vti") || !strcmp(ops->kind, "vti6"));
}

/**
 * esp_nat_secpath_decrypted() - did a packet come in under an SA?
 * @skb: the packet
 *
 * Context: any.
 * Return: true if it did.
 */
bool esp_nat_secpath_decrypted(const struct sk_buff *skb)
{
	return secpath_exists(skb);
}

/**
 * esp_nat_secpath_pending() - is a packet yet to be transformed?
 * @skb: a packet with a route, on its way out
 *
 * Context: any.
 * Return: true if it leaves by an SA, or is one transform from it.
 */
bool esp_nat_secpath_pending(const struct sk_buff *skb)
{
	return skb_dst(skb) && skb_dst(skb)->xfrm;
}

/**
 * esp_nat_secpath_unfinished() - is ESP that goes out yet to be encrypted?
 * @skb: a packet that xfrm has transformed
 *
 * Where esp4_offload is loaded, the device does so, or what stands for it.
 *
 * Context: any.
 * Return: true if it is.
 */
bool esp_nat_secpath_unfinished(const struct sk_buff *skb)
{
	return skb_is_gso(skb) || xfrm_offload((struct sk_buff *)skb);
}

/**
 * esp_nat_secpath_esp_in() - did a packet come in under an ESP SA?
 * @skb: the packet
 *
 * IPComp and AH hide nothing.
 *
 * Context: any.
 * Return: true if one of its SAs was of ESP.
 */
bool esp_nat_secpath_esp_in(const struct sk_buff *skb)
{
	const struct sec_path *sp = skb_sec_path(skb);
	int i;

	for (i = 0; sp && i < sp->len; i++)
		if (sp->xvec[i]->id.proto == IPPROTO_ESP)
			return true;
	return false;
}

/**
 * esp_nat_secpath_esp_out() - does a packet leave under an ESP SA?
 * @skb: packet with a route, on its way out
 * @family: AF_INET or AF_INET6
 *
 * It does if one is to transform it yet, or xfrm has already had it: then it
 * is what carries ESP, or a device transforms it.
 *
 * Context: any.
 * Return: true if it does.
 */
bool esp_nat_secpath_esp_out(const struct sk_buff *skb, unsigned int family)
{
	const struct dst_entry *dst = skb_dst(skb);

	if (family == AF_INET6 ? IP6CB(skb)->flags & IP6SKB_XFRM_TRANSFORMED :
				 IPCB(skb)->flags & IPSKB_XFRM_TRANSFORMED)
		return true;
	for (; dst && dst->xfrm; dst = xfrm_dst_child(dst))
		if (dst->xfrm->id.proto == IPPROTO_ESP)
			return true;
	return false;
}

/**
 * esp_nat_secpath_vouch() - ESP without encapsulation came in UDP, and vouches
 * @skb: the packet, under an SA in transport mode with integrity
 *
 * Noted where nobody else keeps anything on receive; cleared when a secpath is
 * made.
 *
 * Context: softirq, the secpath is the packet's own.
 */
void esp_nat_secpath_vouch(struct sk_buff *skb)
{
	skb_sec_path(skb)->ovec[0].seq.low = ESP_NAT_SECPATH_VOUCHED;
}

/**
 * esp_nat_secpath_vouched() - has ESP vouched for a checksum that is wrong?
 * @skb: the packet, as xfrm gave it back
 *
 * So it is in transport mode, and came in UDP: the peer made it over the
 * addresses that it knows. Without integrity ESP vouches for nothing; what was
 * in a tunnel has a checksum of its own.
 *
 * Context: any.
 * Return: true if it may be.
 */
bool esp_nat_secpath_vouched(const struct sk_buff *skb)
{
	const struct sec_path *sp = skb_sec_path(skb);
	const struct xfrm_state *x;
	int i;

	for (i = sp ? sp->len : 0; i-- > 0; ) {
		x = sp->xvec[i];
		if (x->props.mode != XFRM_MODE_TRANSPORT)
			return false;
		if (x->encap ||
		    sp->ovec[0].seq.low == ESP_NAT_SECPATH_VOUCHED)
			return esp_nat_secpath_integrity(x);
	}
	return false;
}
