// SPDX-License-Identifier: GPL-2.0
/* SAs: what there are, and how they come and go. */
#include <net/xfrm.h>

#include "sa.h"
#include "secpath.h"
#include "up.h"

/* SAs that one hold of xfrm_state_lock visits */
#define ESP_NAT_SA_CHUNK	256

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
 * esp_nat_sa_provable() - may a packet of an SA prove where its peer is?
 * @x: the SA
 *
 * Without a replay window it may be an old one.
 *
 * Context: any.
 * Return: true if it has that, and integrity.
 */
bool esp_nat_sa_provable(const struct xfrm_state *x)
{
	if (!esp_nat_secpath_integrity(x))
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

/* ---- SAs come and go ---- */

/*
 * The SA that an event is about: x itself, or, if x is a template that has
 * just updated another, that one. Held either way.
 */
static struct xfrm_state *esp_nat_sa_installed(struct xfrm_state *x)
{
	if (READ_ONCE(x->km.state) == XFRM_STATE_VALID) {
		xfrm_state_hold(x);
		return x;
	}
	return xfrm_state_lookup(xs_net(x), x->mark.v & x->mark.m, &x->id.daddr,
				 x->id.spi, x->id.proto, x->props.family);
}

static void esp_nat_sa_new(struct xfrm_state *event)
{
	struct xfrm_state *x = esp_nat_sa_installed(event);
	struct esp_nat_sa sa;

	if (!x)
		return;
	sa = esp_nat_sa_of(x);
	esp_nat_up->sa_new(esp_nat_net(xs_net(x)), &sa);
	xfrm_state_put(x);
}

static int esp_nat_sa_notify(struct xfrm_state *x, const struct km_event *c)
{
	struct esp_nat_sa sa;

	if (x && x->id.proto != IPPROTO_ESP)
		return 0;

	switch (c->event) {
	case XFRM_MSG_NEWSA:
	case XFRM_MSG_UPDSA:
		esp_nat_sa_new(x);
		break;
	case XFRM_MSG_EXPIRE:
		if (!c->data.hard)
			break;
		fallthrough;
	case XFRM_MSG_DELSA:
		sa = esp_nat_sa_of(x);
		esp_nat_up->sa_gone(esp_nat_net(xs_net(x)), &sa);
		break;
	case XFRM_MSG_FLUSHSA:
		esp_nat_up->sa_gone(esp_nat_net(c->net), NULL);
		break;
	}
	return 0;
}

/* The kernel asks every manager; this one brings up no SA ... */
static int esp_nat_sa_acquire(struct xfrm_state *x, struct xfrm_tmpl *tmpl,
			      struct xfrm_policy *pol)
{
	return -EINVAL;
}

/* ... and no policy. */
static struct xfrm_policy *esp_nat_sa_compile_policy(struct sock *sk, int opt,
						     u8 *data, int len,
						     int *dir)
{
	*dir = -EINVAL;
	return NULL;
}

static struct xfrm_mgr esp_nat_sa_mgr = {
	.notify		= esp_nat_sa_notify,
	.acquire	= esp_nat_sa_acquire,
	.compile_policy	= esp_nat_sa_compile_policy,
};

/**
 * struct esp_nat_sa_visit - a walk over the SAs
 * @en: the namespace
 * @visit: called for each ESP SA
 * @chunk: SAs left of this hold of xfrm_state_lock
 */
struct esp_nat_sa_visit {
	struct esp_nat_net	*en;
	void			(*visit)(struct esp_nat_net *en,
					 const struct esp_nat_sa *sa);
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
	v->visit(v->en, &sa);
	return 0;
}

/**
 * esp_nat_sa_walk() - visit all ESP SAs of a namespace
 * @en: the namespace
 * @visit: called for each under xfrm_state_lock, softirqs off
 *
 * Context: process. The lock is given up now and then.
 */
void esp_nat_sa_walk(struct esp_nat_net *en,
		     void (*visit)(struct esp_nat_net *en,
				   const struct esp_nat_sa *sa))
{
	struct esp_nat_sa_visit v = { .en = en, .visit = visit };
	struct xfrm_state_walk walk;
	int err;

	xfrm_state_walk_init(&walk, IPPROTO_ESP, NULL);
	do {
		v.chunk = ESP_NAT_SA_CHUNK;
		err = xfrm_state_walk(en->net, &walk, esp_nat_sa_visit, &v);
		cond_resched();
	} while (err == -EAGAIN);
	xfrm_state_walk_done(&walk, en->net);
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
 * @en: the namespace
 * @spi: the SPI, network byte order
 * @sa: receives the first one that has it, in either direction
 *
 * Context: process. xfrm_state_lock is given up now and then.
 * Return: false if there is none.
 */
bool esp_nat_sa_by_spi(struct esp_nat_net *en, __be32 spi,
		       struct esp_nat_sa *sa)
{
	struct esp_nat_sa_wanted w = { .spi = spi, .sa = sa };
	struct xfrm_state_walk walk;
	int err;

	xfrm_state_walk_init(&walk, IPPROTO_ESP, NULL);
	do {
		w.chunk = ESP_NAT_SA_CHUNK;
		err = xfrm_state_walk(en->net, &walk, esp_nat_sa_match, &w);
		cond_resched();
	} while (err == -EAGAIN && !w.found);
	xfrm_state_walk_done(&walk, en->net);
	return w.found;
}

/**
 * esp_nat_sa_register() - hear of SAs from now on
 *
 * Context: process.
 */
void esp_nat_sa_register(void)
{
	xfrm_register_km(&esp_nat_sa_mgr);
}

/**
 * esp_nat_sa_unregister() - the reverse of esp_nat_sa_register()
 *
 * Context: process. Nobody is told anything any more when it returns.
 */
void esp_nat_sa_unregister(void)
{
	xfrm_unregister_km(&esp_nat_sa_mgr);
}
