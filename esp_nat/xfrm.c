// SPDX-License-Identifier: GPL-2.0
/* With sa.c and secpath.c the only user of <net/xfrm.h>: ESP comes in. */
#include <net/protocol.h>
#include <net/xfrm.h>

#include "drop.h"
#include "proto.h"
#include "sa.h"
#include "secpath.h"
#include "up.h"
#include "xfrm.h"

/*
 * Below ip_vti (100), whose input checks policy before xfrm_input and needs a
 * secpath; above xfrm_interface (10).
 */
#define ESP_NAT_XFRM_PRIORITY	50

/**
 * esp_nat_xfrm_find() - the SA of an ESP packet that comes in
 * @en: the namespace
 * @skb: the packet, its IPv4 header at the network header; stays the caller's
 * @spi: its SPI, network byte order
 * @sa: receives what the SA knows of its peer
 *
 * Context: softirq.
 * Return: false if there is none.
 */
bool esp_nat_xfrm_find(struct esp_nat_net *en, struct sk_buff *skb, __be32 spi,
		       struct esp_nat_sa *sa)
{
	struct xfrm_state *x;

	x = xfrm_state_lookup(en->net, skb->mark,
			      (xfrm_address_t *)&ip_hdr(skb)->daddr, spi,
			      IPPROTO_ESP, AF_INET);
	if (!x)
		return false;
	*sa = esp_nat_sa_of(x);
	xfrm_state_put(x);
	return true;
}

/* ---- where a packet came from, until xfrm has accepted it ---- */

/**
 * struct esp_nat_xfrm_origin - travels in the unused tail of sp->xvec
 * @ip: address of the actual endpoint
 * @spi: the SPI, network byte order
 * @seq: the low half of the sequence number, network byte order
 * @bytes: length of the packet, with its IP header
 * @port: port of the actual endpoint, network byte order
 * @family: AF_INET or AF_INET6
 * @index: the SA's place in sp->xvec
 *
 * Only xvec[0..len-1] is ever held or copied with care, but all of it is
 * copied; it survives asynchronous crypto and GRO. secpath_set() does not
 * clear xvec: the tail is valid only if ovec[0].seq, which it does clear and
 * nobody uses on receive, holds our mark.
 */
struct esp_nat_xfrm_origin {
	union nf_inet_addr	ip;
	__be32			spi;
	__be32			seq;
	u32			bytes;
	__be16			port;
	u8			family;
	u8			index;
};

#define ESP_NAT_XFRM_MARK	0x65737000	/* "esp" */
#define ESP_NAT_XFRM_TAIL	\
	DIV_ROUND_UP(sizeof(struct esp_nat_xfrm_origin), sizeof(void *))
#define ESP_NAT_XFRM_ROOM	(XFRM_MAX_DEPTH - ESP_NAT_XFRM_TAIL)

static struct esp_nat_xfrm_origin *esp_nat_xfrm_tail(struct sec_path *sp)
{
	BUILD_BUG_ON(ESP_NAT_XFRM_TAIL >= XFRM_MAX_DEPTH);
	return (void *)&sp->xvec[ESP_NAT_XFRM_ROOM];
}

/**
 * esp_nat_xfrm_tag() - note where an ESP packet comes from
 * @skb: the packet, on its way to xfrm_input; stays the caller's
 * @from: the actual endpoint
 * @spi: its SPI, network byte order
 * @seq: its sequence number, network byte order
 *
 * Without memory it is not noted, and the packet proves nothing.
 *
 * Context: softirq.
 */
void esp_nat_xfrm_tag(struct sk_buff *skb, const struct esp_nat_ep *from,
		      __be32 spi, __be32 seq)
{
	struct sec_path *sp = secpath_set(skb);

	if (!sp || sp->len >= ESP_NAT_XFRM_ROOM)
		return;
	*esp_nat_xfrm_tail(sp) = (struct esp_nat_xfrm_origin) {
		.ip = from->addr.ip, .port = from->port,
		.family = from->addr.family,
		.spi = spi, .seq = seq, .index = sp->len,
		.bytes = skb->len - skb_network_offset(skb),
	};
	sp->ovec[0].seq.low = ESP_NAT_XFRM_MARK;
}

/**
 * esp_nat_xfrm_untag() - the packet does not go to xfrm_input after all
 * @skb: the packet, tagged a moment ago, of the wire otherwise
 *
 * Context: softirq.
 */
void esp_nat_xfrm_untag(struct sk_buff *skb)
{
	secpath_reset(skb);
}

/* A packet proves something only if none that is newer did before it. */
static bool esp_nat_xfrm_proves(struct xfrm_state *x, __be32 seq)
{
	u32 newest;

	if (!esp_nat_sa_provable(x))
		return false;
	spin_lock_bh(&x->lock);
	newest = x->replay_esn ? x->replay_esn->seq : x->replay.seq;
	spin_unlock_bh(&x->lock);
	return newest == ntohl(seq);
}

/*
 * RFC 3948, section 3.1.2: behind a NAT the transport checksum was made over
 * other addresses. Of an SA with encapsulation, xfrm takes it to be right.
 */
static void esp_nat_xfrm_trust(struct sk_buff *skb, const struct xfrm_state *x)
{
	if (x->encap || x->props.mode != XFRM_MODE_TRANSPORT ||
	    !esp_nat_secpath_integrity(x))
		return;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	esp_nat_secpath_vouch(skb);
}

static void esp_nat_xfrm_accepted(struct sk_buff *skb, struct sec_path *sp)
{
	struct esp_nat_xfrm_origin origin = *esp_nat_xfrm_tail(sp);
	struct esp_nat_ep from = {
		.addr = { .ip = origin.ip, .family = origin.family },
		.port = origin.port,
	};
	struct xfrm_state *x;
	struct esp_nat_sa sa;

	if (sp->len > ESP_NAT_XFRM_ROOM || origin.index >= sp->len)
		return;
	x = sp->xvec[origin.index];
	if (x->id.spi != origin.spi || x->id.proto != IPPROTO_ESP)
		return;
	if (origin.port && origin.index == sp->len - 1)
		esp_nat_xfrm_trust(skb, x);
	sa = esp_nat_sa_of(x);
	esp_nat_up->accept(esp_nat_net(xs_net(x)), &sa, &from, origin.bytes,
			   esp_nat_xfrm_proves(x, origin.seq));
}

/*
 * ---- ESP comes in ----
 * -EINVAL: xfrm goes on with the next handler; 0: the packet is no longer its.
 */

/* In the other form it is xfrm_input's at once: no handler knows of that. */
static int esp_nat_xfrm_take(struct sk_buff *skb, bool encap)
{
	struct esp_nat_net *en = esp_nat_net(dev_net(skb->dev));
	int verdict = esp_nat_up->esp(en, skb, &encap);

	if (!verdict)
		return -EINVAL;
	if (verdict < 0) {
		esp_nat_drop_note(en, skb, -verdict);
		kfree_skb(skb);
		return 0;
	}

	XFRM_TUNNEL_SKB_CB(skb)->tunnel.ip4 = NULL;
	XFRM_SPI_SKB_CB(skb)->family = AF_INET;
	XFRM_SPI_SKB_CB(skb)->daddroff = offsetof(struct iphdr, daddr);
	return xfrm_input(skb, IPPROTO_ESP, 0,
			  encap ? UDP_ENCAP_ESPINUDP : 0);
}

static int esp_nat_xfrm_input(struct sk_buff *skb, int nexthdr, __be32 spi,
			      int encap_type)
{
	return esp_nat_xfrm_take(skb, true);
}

static int esp_nat_xfrm_rcv(struct sk_buff *skb)
{
	return esp_nat_xfrm_take(skb, false);
}

/* Taken in GRO by a socket that is not hooked: that is younger than our look. */
static void esp_nat_xfrm_unseen(struct sk_buff *skb)
{
	const struct xfrm_offload *xo = xfrm_offload(skb);

	if (xo && (xo->flags & XFRM_GRO) && xfrm_input_state(skb)->encap)
		esp_nat_up->unseen(esp_nat_net(dev_net(skb->dev)));
}

/* What GRO took unseen is refused here if anywhere. */
static int esp_nat_xfrm_refuse(struct sk_buff *skb)
{
	struct esp_nat_net *en = esp_nat_net(dev_net(skb->dev));
	struct esp_nat_sa sa = esp_nat_sa_of(xfrm_input_state(skb));
	int reason = esp_nat_up->refuse(en, &sa);

	if (!reason)
		return 1;
	esp_nat_drop_note(en, skb, reason);
	return -EPERM;
}

/*
 * After decryption and replay check; 1: the next handler has its say; < 0: xfrm
 * drops the packet, and tells of that with an @err.
 */
static int esp_nat_xfrm_rcv_cb(struct sk_buff *skb, int err)
{
	struct sec_path *sp = skb_sec_path(skb);

	if (!sp)
		return 1;
	if (sp->ovec[0].seq.low != ESP_NAT_XFRM_MARK) {
		esp_nat_xfrm_unseen(skb);
		return err || !sp->len ? 1 : esp_nat_xfrm_refuse(skb);
	}
	sp->ovec[0].seq.low = 0;
	if (!err)
		esp_nat_xfrm_accepted(skb, sp);
	return 1;
}

static int esp_nat_xfrm_err(struct sk_buff *skb, u32 info)
{
	return -ENOENT;
}

static struct xfrm4_protocol esp_nat_xfrm4_protocol __read_mostly = {
	.handler	= esp_nat_xfrm_rcv,
	.input_handler	= esp_nat_xfrm_input,
	.cb_handler	= esp_nat_xfrm_rcv_cb,
	.err_handler	= esp_nat_xfrm_err,
	.priority	= ESP_NAT_XFRM_PRIORITY,
};

/**
 * esp_nat_xfrm_register() - see ESP from now on
 *
 * Context: process.
 * Return: 0 or what xfrm4_protocol_register() says.
 */
int esp_nat_xfrm_register(void)
{
	return xfrm4_protocol_register(&esp_nat_xfrm4_protocol, IPPROTO_ESP);
}

/**
 * esp_nat_xfrm_unregister() - the reverse of esp_nat_xfrm_register()
 *
 * Context: process. Nobody is told anything any more when it returns.
 */
void esp_nat_xfrm_unregister(void)
{
	xfrm4_protocol_deregister(&esp_nat_xfrm4_protocol, IPPROTO_ESP);
}
