// SPDX-License-Identifier: GPL-2.0
/* With secpath.c the only user of <net/xfrm.h>: ESP comes in; what SAs there are. */
#include <net/protocol.h>
#include <net/xfrm.h>

#include "drop.h"
#include "proto.h"
#include "secpath.h"
#include "xfrm.h"

/* SAs that one hold of xfrm_state_lock visits */
#define ESP_NAT_XFRM_CHUNK	256

/*
 * Below ip_vti (100), whose input checks policy before xfrm_input and needs a
 * secpath; above xfrm_interface (10).
 */
#define ESP_NAT_XFRM_PRIORITY	50

static const struct esp_nat_xfrm_ops *esp_nat_xfrm_ops __read_mostly;

static struct esp_nat_addr esp_nat_xfrm_addr(const xfrm_address_t *a,
					     unsigned short family)
{
	struct esp_nat_addr addr = { .family = family };

	if (family == AF_INET6)
		addr.ip.in6 = a->in6;
	else
		addr.ip.ip = a->a4;
	return addr;
}

/* Without a replay window a packet may be an old one. */
static bool esp_nat_xfrm_provable(const struct xfrm_state *x)
{
	if (!esp_nat_secpath_integrity(x))
		return false;
	return x->replay_esn ? x->replay_esn->replay_window :
			       x->props.replay_window;
}

static struct esp_nat_sa esp_nat_xfrm_sa(const struct xfrm_state *x)
{
	const struct xfrm_encap_tmpl *encap = x->encap;
	struct esp_nat_sa sa = {
		.src.addr = esp_nat_xfrm_addr(&x->props.saddr, x->props.family),
		.dst.addr = esp_nat_xfrm_addr(&x->id.daddr, x->props.family),
		.encap = encap,
		.provable = esp_nat_xfrm_provable(x),
	};

	if (encap) {
		sa.src.port = encap->encap_sport;
		sa.dst.port = encap->encap_dport;
	}
	return sa;
}

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
	*sa = esp_nat_xfrm_sa(x);
	xfrm_state_put(x);
	return true;
}

/* ---- where a packet came from, until xfrm has accepted it ---- */

/**
 * struct esp_nat_xfrm_origin - travels in the unused tail of sp->xvec
 * @ip: address of the actual endpoint
 * @spi: the SPI, network byte order
 * @seq: the low half of the sequence number, network byte order
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

	if (!esp_nat_xfrm_provable(x))
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
	if (!esp_nat_xfrm_proves(x, origin.seq))
		return;
	sa = esp_nat_xfrm_sa(x);
	esp_nat_xfrm_ops->believe(esp_nat_net(xs_net(x)), &sa, &from);
}

/*
 * ---- ESP comes in ----
 * -EINVAL: xfrm goes on with the next handler; 0: the packet is no longer its.
 */

/* In the other form it is xfrm_input's at once: no handler knows of that. */
static int esp_nat_xfrm_take(struct sk_buff *skb, bool encap)
{
	struct esp_nat_net *en = esp_nat_net(dev_net(skb->dev));
	int verdict = esp_nat_xfrm_ops->esp(en, skb, &encap);

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
		esp_nat_xfrm_ops->unseen(esp_nat_net(dev_net(skb->dev)));
}

/* What GRO took unseen is refused here if anywhere. */
static int esp_nat_xfrm_refuse(struct sk_buff *skb)
{
	struct esp_nat_net *en = esp_nat_net(dev_net(skb->dev));
	struct esp_nat_sa sa = esp_nat_xfrm_sa(xfrm_input_state(skb));
	int reason = esp_nat_xfrm_ops->refuse(en, &sa);

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

/* ---- SAs come and go ---- */

/*
 * The SA that an event is about: x itself, or, if x is a template that has
 * just updated another, that one. Held either way.
 */
static struct xfrm_state *esp_nat_xfrm_installed(struct xfrm_state *x)
{
	if (READ_ONCE(x->km.state) == XFRM_STATE_VALID) {
		xfrm_state_hold(x);
		return x;
	}
	return xfrm_state_lookup(xs_net(x), x->mark.v & x->mark.m, &x->id.daddr,
				 x->id.spi, x->id.proto, x->props.family);
}

static void esp_nat_xfrm_new(struct xfrm_state *event)
{
	struct xfrm_state *x = esp_nat_xfrm_installed(event);
	struct esp_nat_sa sa;

	if (!x)
		return;
	sa = esp_nat_xfrm_sa(x);
	esp_nat_xfrm_ops->sa_new(esp_nat_net(xs_net(x)), &sa);
	xfrm_state_put(x);
}

static int esp_nat_xfrm_notify(struct xfrm_state *x, const struct km_event *c)
{
	struct esp_nat_sa sa;

	if (x && x->id.proto != IPPROTO_ESP)
		return 0;

	switch (c->event) {
	case XFRM_MSG_NEWSA:
	case XFRM_MSG_UPDSA:
		esp_nat_xfrm_new(x);
		break;
	case XFRM_MSG_EXPIRE:
		if (!c->data.hard)
			break;
		fallthrough;
	case XFRM_MSG_DELSA:
		sa = esp_nat_xfrm_sa(x);
		esp_nat_xfrm_ops->sa_gone(esp_nat_net(xs_net(x)), &sa);
		break;
	case XFRM_MSG_FLUSHSA:
		esp_nat_xfrm_ops->sa_gone(esp_nat_net(c->net), NULL);
		break;
	}
	return 0;
}

/* The kernel asks every manager; this one brings up no SA ... */
static int esp_nat_xfrm_acquire(struct xfrm_state *x, struct xfrm_tmpl *tmpl,
				struct xfrm_policy *pol)
{
	return -EINVAL;
}

/* ... and no policy. */
static struct xfrm_policy *esp_nat_xfrm_compile_policy(struct sock *sk, int opt,
						       u8 *data, int len,
						       int *dir)
{
	*dir = -EINVAL;
	return NULL;
}

static struct xfrm_mgr esp_nat_xfrm_mgr = {
	.notify		= esp_nat_xfrm_notify,
	.acquire	= esp_nat_xfrm_acquire,
	.compile_policy	= esp_nat_xfrm_compile_policy,
};

/**
 * struct esp_nat_xfrm_visit - a walk over the SAs
 * @en: the namespace
 * @visit: called for each ESP SA
 * @chunk: SAs left of this hold of xfrm_state_lock
 */
struct esp_nat_xfrm_visit {
	struct esp_nat_net	*en;
	void			(*visit)(struct esp_nat_net *en,
					 const struct esp_nat_sa *sa);
	int			chunk;
};

static int esp_nat_xfrm_visit(struct xfrm_state *x, int seq, void *data)
{
	struct esp_nat_xfrm_visit *v = data;
	struct esp_nat_sa sa;

	if (!v->chunk--)
		return -EAGAIN;
	if (READ_ONCE(x->km.state) != XFRM_STATE_VALID)
		return 0;
	sa = esp_nat_xfrm_sa(x);
	v->visit(v->en, &sa);
	return 0;
}

/**
 * esp_nat_xfrm_walk() - visit all ESP SAs of a namespace
 * @en: the namespace
 * @visit: called for each under xfrm_state_lock, softirqs off
 *
 * Context: process. The lock is given up now and then.
 */
void esp_nat_xfrm_walk(struct esp_nat_net *en,
		       void (*visit)(struct esp_nat_net *en,
				     const struct esp_nat_sa *sa))
{
	struct esp_nat_xfrm_visit v = { .en = en, .visit = visit };
	struct xfrm_state_walk walk;
	int err;

	xfrm_state_walk_init(&walk, IPPROTO_ESP, NULL);
	do {
		v.chunk = ESP_NAT_XFRM_CHUNK;
		err = xfrm_state_walk(en->net, &walk, esp_nat_xfrm_visit, &v);
		cond_resched();
	} while (err == -EAGAIN);
	xfrm_state_walk_done(&walk, en->net);
}

/**
 * esp_nat_xfrm_register() - see ESP and SAs from now on
 * @ops: whom to tell
 *
 * Context: process.
 * Return: 0 or what xfrm4_protocol_register() says.
 */
int esp_nat_xfrm_register(const struct esp_nat_xfrm_ops *ops)
{
	int err;

	esp_nat_xfrm_ops = ops;
	err = xfrm4_protocol_register(&esp_nat_xfrm4_protocol, IPPROTO_ESP);
	if (err)
		return err;
	xfrm_register_km(&esp_nat_xfrm_mgr);
	return 0;
}

/**
 * esp_nat_xfrm_unregister() - the reverse of esp_nat_xfrm_register()
 *
 * Context: process. Nobody is told anything any more when it returns.
 */
void esp_nat_xfrm_unregister(void)
{
	xfrm_unregister_km(&esp_nat_xfrm_mgr);
	xfrm4_protocol_deregister(&esp_nat_xfrm4_protocol, IPPROTO_ESP);
}
