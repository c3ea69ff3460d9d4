// SPDX-License-Identifier: GPL-2.0
/* SAs: what they are known by, and which there are. */
#include <net/xfrm.h>

#include "sa.h"

/* SAs that one hold of xfrm_state_lock visits */
#define ESP_NAT_SA_CHUNK	256

/* ESP packets that one of 9,000 bytes comes in, of 1,500 each, and one more */
#define ESP_NAT_SA_PIECES	8

static struct esp_nat_addr esp_nat_sa_addr(const xfrm_address_t *a,
					   unsigned short family)
{
	struct esp_nat_addr addr = { .family = family };

	if (family == AF_INET6)
		addr.ip.in6 = a->in6;
	else
		addr.ip.ip = a->a4;
	return addr;
}

/**
 * esp_nat_sa_integrity() - does an SA tell forged packets?
 * @x: the SA
 *
 * Context: any.
 * Return: false if anybody could have made its packets.
 */
bool esp_nat_sa_integrity(const struct xfrm_state *x)
{
	return x->aead ||
	       (x->aalg && strcmp(x->aalg->alg_name, "digest_null"));
}

/* Without a replay window a packet may be an old one. */
static bool esp_nat_sa_provable(const struct xfrm_state *x)
{
	if (!esp_nat_sa_integrity(x))
		return false;
	return x->replay_esn ? x->replay_esn->replay_window :
			       x->props.replay_window;
}

/**
 * esp_nat_sa_of() - what we know an SA by
 * @x: the SA
 *
 * Context: any.
 * Return: its ends, its SPI, and what it can.
 */
struct esp_nat_sa esp_nat_sa_of(const struct xfrm_state *x)
{
	const struct xfrm_encap_tmpl *encap = x->encap;
	struct esp_nat_sa sa = {
		.src.addr = esp_nat_sa_addr(&x->props.saddr, x->props.family),
		.dst.addr = esp_nat_sa_addr(&x->id.daddr, x->props.family),
		.spi = x->id.spi,
		.encap = encap,
		.provable = esp_nat_sa_provable(x),
	};

	if (encap) {
		sa.src.port = encap->encap_sport;
		sa.dst.port = encap->encap_dport;
	}
	return sa;
}

/*
 * How far the newest packet may be ahead of one that was accepted just now: IP-TFS
 * accepts one when the last of its pieces is there (RFC 9347, section 2.2.3).
 */
static u32 esp_nat_sa_ahead(const struct xfrm_state *x)
{
#ifdef XFRM_MODE_IPTFS
	if (x->props.mode == XFRM_MODE_IPTFS)
		return ESP_NAT_SA_PIECES;
#endif
	return 0;
}

/**
 * esp_nat_sa_newest() - is a packet that was accepted the newest of its SA?
 * @x: the SA
 * @seq: the packet's sequence number, its low half, network byte order
 *
 * Only such a packet tells where its peer is now.
 *
 * Context: softirq, x->lock not held.
 * Return: true if it is, and the SA has integrity and a replay window.
 */
bool esp_nat_sa_newest(struct xfrm_state *x, __be32 seq)
{
	u32 newest;

	if (!esp_nat_sa_provable(x))
		return false;
	spin_lock_bh(&x->lock);
	newest = x->replay_esn ? x->replay_esn->seq : x->replay.seq;
	spin_unlock_bh(&x->lock);
	return newest - ntohl(seq) <= esp_nat_sa_ahead(x);
}

/**
 * esp_nat_sa_find() - the SA of an ESP packet that comes in
 * @net: the namespace
 * @skb: the packet, its IPv4 header at the network header; stays the caller's
 * @spi: its SPI, network byte order
 * @sa: receives what the SA is known by
 *
 * Context: softirq.
 * Return: false if there is none.
 */
bool esp_nat_sa_find(struct net *net, const struct sk_buff *skb, __be32 spi,
		     struct esp_nat_sa *sa)
{
	struct xfrm_state *x;

	x = xfrm_state_lookup(net, skb->mark,
			      (const xfrm_address_t *)&ip_hdr(skb)->daddr, spi,
			      IPPROTO_ESP, AF_INET);
	if (!x)
		return false;
	*sa = esp_nat_sa_of(x);
	xfrm_state_put(x);
	return true;
}

/**
 * struct esp_nat_sa_visit - a walk over the SAs
 * @visit: called for each ESP SA
 * @arg: for @visit
 * @chunk: SAs left of this hold of xfrm_state_lock
 */
struct esp_nat_sa_visit {
	esp_nat_sa_visitor	*visit;
	void			*arg;
	int			chunk;
};

static int esp_nat_sa_visit(struct xfrm_state *x, int seq, void *data)
{
	struct esp_nat_sa_visit *v = data;
	struct esp_nat_sa sa;

	if (!v->chunk--)
		return -EAGAIN;
	if (READ_ONCE(x->km.state) != XFRM_STATE_VALID)
		return 0;
	sa = esp_nat_sa_of(x);
	v->visit(&sa, v->arg);
	return 0;
}

/**
 * esp_nat_sa_walk() - visit all ESP SAs of a namespace
 * @net: the namespace
 * @visit: called for each under xfrm_state_lock, softirqs off
 * @arg: for @visit
 *
 * Context: process. The lock is given up now and then.
 */
void esp_nat_sa_walk(struct net *net, esp_nat_sa_visitor *visit, void *arg)
{
	struct esp_nat_sa_visit v = { .visit = visit, .arg = arg };
	struct xfrm_state_walk walk;
	int err;

	xfrm_state_walk_init(&walk, IPPROTO_ESP, NULL);
	do {
		v.chunk = ESP_NAT_SA_CHUNK;
		err = xfrm_state_walk(net, &walk, esp_nat_sa_visit, &v);
		cond_resched();
	} while (err == -EAGAIN);
	xfrm_state_walk_done(&walk, net);
}

/**
 * struct esp_nat_sa_wanted - an SA that is looked for by its SPI
 * @spi: the SPI, network byte order
 * @sa: receives it
 * @found: it was
 * @chunk: SAs left of this hold of xfrm_state_lock
 */
struct esp_nat_sa_wanted {
	__be32			spi;
	struct esp_nat_sa	*sa;
	bool			found;
	int			chunk;
};

static int esp_nat_sa_match(struct xfrm_state *x, int seq, void *data)
{
	struct esp_nat_sa_wanted *w = data;

	if (w->found || !w->chunk--)
		return -EAGAIN;
	if (x->id.spi != w->spi || READ_ONCE(x->km.state) != XFRM_STATE_VALID)
		return 0;
	*w->sa = esp_nat_sa_of(x);
	w->found = true;
	return 0;
}

/**
 * esp_nat_sa_by_spi() - find an SA by its SPI alone
 * @net: the namespace
 * @spi: the SPI, network byte order
 * @sa: receives the first one that has it, in either direction
 *
 * Context: process. xfrm_state_lock is given up now and then.
 * Return: false if there is none.
 */
bool esp_nat_sa_by_spi(struct net *net, __be32 spi, struct esp_nat_sa *sa)
{
	struct esp_nat_sa_wanted w = { .spi = spi, .sa = sa };
	struct xfrm_state_walk walk;
	int err;

	xfrm_state_walk_init(&walk, IPPROTO_ESP, NULL);
	do {
		w.chunk = ESP_NAT_SA_CHUNK;
		err = xfrm_state_walk(net, &walk, esp_nat_sa_match, &w);
		cond_resched();
	} while (err == -EAGAIN && !w.found);
	xfrm_state_walk_done(&walk, net);
	return w.found;
}
