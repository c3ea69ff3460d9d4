// SPDX-License-Identifier: GPL-2.0
/*
 * The SAs that a packet came in by, or is to leave by, and what else hangs on
 * its secpath.
 */
#include <net/ip.h>
#include <net/rtnetlink.h>
#include <net/xfrm.h>

#include "sa.h"
#include "secpath.h"

/**
 * enum esp_nat_secpath_mark - what we note in sp->ovec[0].seq.low
 * @ESP_NAT_SECPATH_TAGGED: the tail of sp->xvec tells where the packet came
 *	from; until xfrm has accepted or refused it
 * @ESP_NAT_SECPATH_VOUCHED: see esp_nat_secpath_vouch(); after that
 *
 * secpath_set() clears the field, and nobody else uses it on receive.
 */
enum esp_nat_secpath_mark {
	ESP_NAT_SECPATH_TAGGED	= 0x65737000,	/* "esp" */
	ESP_NAT_SECPATH_VOUCHED,
};

/* ---- where a packet came from, until xfrm has accepted it ---- */

/**
 * struct esp_nat_secpath_tail - travels in the unused tail of sp->xvec
 * @ip: address of the actual endpoint, of IPv4, network byte order
 * @spi: the SPI, network byte order
 * @bytes: length of the packet, with its IP header
 * @port: port of the actual endpoint, network byte order
 * @index: the SA's place in sp->xvec
 *
 * Of xvec only [0..len-1] is ever held or copied with care, but all of it is
 * copied; so it survives asynchronous crypto and GRO. secpath_set() does not
 * clear xvec: the tail is valid only if the packet is tagged. Of 32 bits, four
 * pointers are no more than this: the low half of the sequence number, in network
 * byte order, is in sp->ovec[0].seq.hi, which is only for packets that go out.
 */
struct esp_nat_secpath_tail {
	__be32	ip;
	__be32	spi;
	u32	bytes;
	__be16	port;
	u8	index;
};

/* So many SAs, and the tail. */
#define ESP_NAT_SECPATH_ROOM	(XFRM_MAX_DEPTH - 4)

static struct esp_nat_secpath_tail *esp_nat_secpath_tail(struct sec_path *sp)
{
	BUILD_BUG_ON(sizeof(struct esp_nat_secpath_tail) >
		     sizeof(sp->xvec) - ESP_NAT_SECPATH_ROOM * sizeof(sp->xvec[0]));
	return (void *)&sp->xvec[ESP_NAT_SECPATH_ROOM];
}

/* Where is the SA of a packet that xfrm_input is to see? A device may have put it. */
static u8 esp_nat_secpath_index(struct sk_buff *skb)
{
	const struct xfrm_offload *xo = xfrm_offload(skb);
	const struct sec_path *sp = skb_sec_path(skb);

	return xo && xo->flags & CRYPTO_DONE ? sp->len - 1 : sp->len;
}

/**
 * esp_nat_secpath_tag() - note where an ESP packet comes from
 * @skb: the packet, on its way to xfrm_input; stays the caller's
 * @from: the actual endpoint, of IPv4
 * @spi: its SPI, network byte order
 * @seq: its sequence number, network byte order
 *
 * Without memory it is not noted, and the packet proves nothing.
 *
 * Context: softirq.
 */
void esp_nat_secpath_tag(struct sk_buff *skb, const struct esp_nat_ep *from,
			 __be32 spi, __be32 seq)
{
	struct sec_path *sp = secpath_set(skb);

	if (!sp || sp->len >= ESP_NAT_SECPATH_ROOM)
		return;
	*esp_nat_secpath_tail(sp) = (struct esp_nat_secpath_tail) {
		.ip = from->addr.ip.ip, .port = from->port,
		.spi = spi, .index = esp_nat_secpath_index(skb),
		.bytes = skb->len - skb_network_offset(skb),
	};
	sp->ovec[0].seq.hi = (__force u32)seq;
	sp->ovec[0].seq.low = ESP_NAT_SECPATH_TAGGED;
}

/**
 * esp_nat_secpath_untag() - the packet does not go to xfrm_input after all
 * @skb: the packet, tagged a moment ago if there was memory for it
 *
 * It keeps the SAs that it came in by, if it came in ESP.
 *
 * Context: softirq.
 */
void esp_nat_secpath_untag(struct sk_buff *skb)
{
	struct sec_path *sp = skb_sec_path(skb);

	if (!sp || sp->ovec[0].seq.low != ESP_NAT_SECPATH_TAGGED)
		return;
	sp->ovec[0].seq.low = 0;
	if (!sp->len)
		secpath_reset(skb);
}

static void esp_nat_secpath_origin(struct sec_path *sp,
				   struct esp_nat_origin *origin)
{
	const struct esp_nat_secpath_tail *tail = esp_nat_secpath_tail(sp);
	struct xfrm_state *x;

	if (sp->len > ESP_NAT_SECPATH_ROOM || tail->index >= sp->len)
		return;
	x = sp->xvec[tail->index];
	if (x->id.spi != tail->spi || x->id.proto != IPPROTO_ESP)
		return;
	*origin = (struct esp_nat_origin) {
		.from = esp_nat_ep4(tail->ip, tail->port), .x = x,
		.seq = (__force __be32)sp->ovec[0].seq.hi, .bytes = tail->bytes,
		.last = tail->index == sp->len - 1,
	};
}

/**
 * esp_nat_secpath_take() - take the note of where a packet came from
 * @skb: the packet, after xfrm has accepted or refused it
 * @origin: receives it; @origin->x is NULL if it does not fit the packet's SAs
 *
 * What came in one packet of ESP (IP-TFS) has one secpath, and the first of it takes
 * the note.
 *
 * Context: softirq, the secpath is that packet's own.
 * Return: false if the packet was not tagged.
 */
bool esp_nat_secpath_take(struct sk_buff *skb, struct esp_nat_origin *origin)
{
	struct sec_path *sp = skb_sec_path(skb);

	if (!sp || sp->ovec[0].seq.low != ESP_NAT_SECPATH_TAGGED)
		return false;
	sp->ovec[0].seq.low = 0;
	*origin = (struct esp_nat_origin) { };
	esp_nat_secpath_origin(sp, origin);
	return true;
}

/* ---- which SAs ---- */

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
			return esp_nat_sa_integrity(x);
	}
	return false;
}
