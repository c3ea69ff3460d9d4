// SPDX-License-Identifier: GPL-2.0
/*
 * GRO of ESP. Where a daemon has set UDP_GRO, its socket hands UDP-encapsulated ESP
 * to what the table of IPv4's offloads has for ESP, esp4_offload, and no protocol
 * handler sees it before xfrm has. In that table we stand in front of esp4_offload.
 * Sockets are not touched: which function they have for GRO need not be asked, since
 * Linux 6.15 (udp_tunnel_gro_rcv).
 */
#include <linux/module.h>
#include <net/gro.h>
#include <net/ip.h>
#include <net/protocol.h>
#include <net/xfrm.h>

#include "esp.h"
#include "gro.h"
#include "proto.h"

/**
 * struct esp_nat_gro - our place in the table
 * @lock: guards all below; who looks at packets reads them under RCU
 * @ours: theirs, but for gro_receive
 * @theirs: esp4_offload's entry while ours is there instead; else NULL
 * @owner: its module; NULL if it is built in
 * @closed: ours does not come back
 * @nb: hears of modules
 */
static struct esp_nat_gro {
	struct mutex			lock; /* of all below, for who changes it */
	struct net_offload		ours;
	const struct net_offload	*theirs;
	struct module			*owner;
	bool				closed;
	struct notifier_block		nb;
} esp_nat_gro = { .lock = __MUTEX_INITIALIZER(esp_nat_gro.lock) };

/* GRO promises neither a linear header nor one that is ours to write. */
static bool esp_nat_gro_writable(struct sk_buff *skb)
{
	unsigned int len = skb_gro_offset(skb) + ESP_NAT_ESP_HDR_LEN;

	if (!pskb_may_pull(skb, len) || skb_cow_head(skb, 0))
		return false;
	NAPI_GRO_CB(skb)->frag0 = NULL;
	NAPI_GRO_CB(skb)->frag0_len = 0;
	return true;
}

/* A socket says so. What is without UDP header, and not ours, passes. */
static bool esp_nat_gro_is_ours(const struct sk_buff *skb)
{
	unsigned int off = skb_gro_offset(skb);
	__be32 buf, *spi;

	if (NAPI_GRO_CB(skb)->proto != IPPROTO_UDP)
		return false;
	spi = skb_header_pointer(skb, off, sizeof(buf), &buf);
	return spi && *spi && skb->len - off > ESP_NAT_ESP_HDR_LEN;
}

/* The protocol handler is to have it: no GRO. */
static struct sk_buff *esp_nat_gro_leave(struct sk_buff *skb)
{
	NAPI_GRO_CB(skb)->same_flow = 0;
	NAPI_GRO_CB(skb)->flush = 1;
	return NULL;
}

static struct sk_buff *esp_nat_gro_receive(struct list_head *head,
					   struct sk_buff *skb)
{
	const struct net_offload *theirs = READ_ONCE(esp_nat_gro.theirs);
	struct esp_nat_net *en = esp_nat_net(dev_net(skb->dev));
	struct esp_nat_ep was;
	struct sk_buff *pp;

	if (!esp_nat_gro_is_ours(skb))
		return theirs->callbacks.gro_receive(head, skb);
	if (!esp_nat_gro_writable(skb))
		return esp_nat_gro_leave(skb);
	if (esp_nat_esp_gro(en, skb, &was))
		pp = theirs->callbacks.gro_receive(head, skb);
	else
		pp = esp_nat_gro_leave(skb);
	if (IS_ERR(pp) && PTR_ERR(pp) == -EINPROGRESS)
		/* @skb is xfrm's now, or gone */
		esp_nat_inc(en, in_esp_gro);
	else
		esp_nat_esp_gro_undo(skb, &was);
	return pp;
}

/* In the table, @now instead of @was. Context: process. */
static bool esp_nat_gro_swap(const struct net_offload *was,
			     const struct net_offload *now)
{
	const struct net_offload **slot = (__force const struct net_offload **)
					  &inet_offloads[IPPROTO_ESP];

	return cmpxchg(slot, was, now) == was;
}

/*
 * The module of what is in the table, with a reference: it neither goes nor has begun
 * to. false: there is none such. Its entry in xfrm is there before that in the table,
 * and goes before it.
 */
static bool esp_nat_gro_get_owner(struct module **owner)
{
	const struct xfrm_state_afinfo *afinfo;
	const struct xfrm_type_offload *type;
	bool is_there = false;

	rcu_read_lock();
	afinfo = xfrm_state_afinfo_get_rcu(AF_INET);
	type = afinfo ? READ_ONCE(afinfo->type_offload_esp) : NULL;
	if (type && try_module_get(type->owner)) {
		*owner = type->owner;
		is_there = true;
	}
	rcu_read_unlock();
	return is_there;
}

/* Stand in front of esp4_offload, if it is there. */
static void esp_nat_gro_take(struct esp_nat_gro *gro)
{
	const struct net_offload *theirs;
	struct module *owner;

	lockdep_assert_held(&gro->lock);
	if (gro->theirs || gro->closed || !esp_nat_gro_get_owner(&owner))
		return;
	theirs = rcu_access_pointer(inet_offloads[IPPROTO_ESP]);
	if (theirs && theirs->callbacks.gro_receive) {
		gro->ours = *theirs;
		gro->ours.callbacks.gro_receive = esp_nat_gro_receive;
		gro->owner = owner;
		WRITE_ONCE(gro->theirs, theirs);
		if (!esp_nat_gro_swap(theirs, &gro->ours))
			gro->theirs = NULL;
	}
	module_put(owner);
}

/* Leave the table, to @next. Nobody runs in ours after that. */
static void esp_nat_gro_drop(struct esp_nat_gro *gro,
			     const struct net_offload *next)
{
	lockdep_assert_held(&gro->lock);
	esp_nat_gro_swap(&gro->ours, next);
	synchronize_net();
	gro->theirs = NULL;
}

/* esp4_offload has come; or gone, and has not found itself in the table. */
static int esp_nat_gro_module(struct notifier_block *nb, unsigned long event,
			      void *module)
{
	struct esp_nat_gro *gro = container_of(nb, struct esp_nat_gro, nb);

	mutex_lock(&gro->lock);
	if (event == MODULE_STATE_LIVE)
		esp_nat_gro_take(gro);
	else if (event == MODULE_STATE_GOING && gro->theirs &&
		 gro->owner == module)
		esp_nat_gro_drop(gro, NULL);
	mutex_unlock(&gro->lock);
	return NOTIFY_DONE;
}

/**
 * esp_nat_gro_register() - see the ESP that GRO takes
 *
 * Now, and whenever esp4_offload is loaded.
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int esp_nat_gro_register(void)
{
	int err;

	esp_nat_gro.nb.notifier_call = esp_nat_gro_module;
	err = register_module_notifier(&esp_nat_gro.nb);
	if (err)
		return err;
	mutex_lock(&esp_nat_gro.lock);
	esp_nat_gro_take(&esp_nat_gro);
	mutex_unlock(&esp_nat_gro.lock);
	return 0;
}

/**
 * esp_nat_gro_unregister() - give the place in the table back
 *
 * Unless esp4_offload is just going: then nobody's is there.
 *
 * Context: process.
 */
void esp_nat_gro_unregister(void)
{
	struct esp_nat_gro *gro = &esp_nat_gro;
	struct module *owner;

	mutex_lock(&gro->lock);
	gro->closed = true;
	if (gro->theirs) {
		if (esp_nat_gro_get_owner(&owner)) {
			esp_nat_gro_drop(gro, gro->theirs);
			module_put(owner);
		} else {
			esp_nat_gro_drop(gro, NULL);
		}
	}
	mutex_unlock(&gro->lock);
	unregister_module_notifier(&gro->nb);
}
