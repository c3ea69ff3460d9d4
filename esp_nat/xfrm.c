// SPDX-License-Identifier: GPL-2.0
/*
 * Where xfrm calls us: ESP comes in, and SAs come and go. SAs themselves are
 * known to sa.c, secpaths to secpath.c.
 */
#include <net/protocol.h>
#include <net/xfrm.h>

#include "drop.h"
#include "esp.h"
#include "sa_watch.h"
#include "xfrm.h"

/*
 * Below ip_vti (100), whose input checks policy before xfrm_input and needs a
 * secpath; above xfrm_interface (10).
 */
#define ESP_NAT_XFRM_PRIORITY	50

/*
 * ---- ESP comes in ----
 * -EINVAL: xfrm goes on with the next handler; 0: the packet is no longer its.
 */

/* In the other form it is xfrm_input's at once: no handler knows of that. */
static int esp_nat_xfrm_take(struct sk_buff *skb, bool encap)
{
	struct esp_nat_net *en = esp_nat_net(dev_net(skb->dev));
	int verdict = esp_nat_esp_in(en, skb, &encap);

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
	/* or in TCP (RFC 8229) */
	return encap_type == UDP_ENCAP_ESPINUDP ?
	       esp_nat_xfrm_take(skb, true) : -EINVAL;
}

static int esp_nat_xfrm_rcv(struct sk_buff *skb)
{
	return esp_nat_xfrm_take(skb, false);
}

/*
 * xfrm has had a packet that no handler of ours has seen: GRO took it as plain ESP, or
 * it came in one of ESP after another (IP-TFS), which told where from. What the
 * rule refuses is refused here if anywhere.
 */
static int esp_nat_xfrm_unseen(struct sk_buff *skb, int err)
{
	struct esp_nat_net *en;
	struct xfrm_state *x;
	struct esp_nat_sa sa;
	int reason;

	if (err || !skb_sec_path(skb)->len)
		return 1;
	x = xfrm_input_state(skb);
	en = esp_nat_net(xs_net(x));
	sa = esp_nat_sa_of(x);
	reason = esp_nat_esp_refuse(en, &sa);
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
	struct esp_nat_origin origin;

	if (!secpath_exists(skb))
		return 1;
	if (!esp_nat_secpath_take(skb, &origin))
		return esp_nat_xfrm_unseen(skb, err);
	if (!err && origin.x)
		esp_nat_esp_accepted(skb, &origin);
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

static void esp_nat_xfrm_sa_new(struct xfrm_state *event)
{
	struct xfrm_state *x = esp_nat_xfrm_installed(event);
	struct esp_nat_sa sa;

	if (!x)
		return;
	sa = esp_nat_sa_of(x);
	esp_nat_sa_watch_new(esp_nat_net(xs_net(x)), &sa);
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
		esp_nat_xfrm_sa_new(x);
		break;
	case XFRM_MSG_EXPIRE:
		if (!c->data.hard)
			break;
		fallthrough;
	case XFRM_MSG_DELSA:
		sa = esp_nat_sa_of(x);
		esp_nat_sa_watch_gone(esp_nat_net(xs_net(x)), &sa);
		break;
	case XFRM_MSG_FLUSHSA:
		if (!xfrm_id_proto_match(IPPROTO_ESP, c->data.proto))
			break;
		esp_nat_sa_watch_gone(esp_nat_net(c->net), NULL);
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
 * esp_nat_xfrm_register() - see ESP, and hear of SAs, from now on
 *
 * Context: process.
 * Return: 0 or what xfrm4_protocol_register() says.
 */
int esp_nat_xfrm_register(void)
{
	int err;

	err = xfrm4_protocol_register(&esp_nat_xfrm4_protocol, IPPROTO_ESP);
	if (!err)
		xfrm_register_km(&esp_nat_xfrm_mgr);
	return err;
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
