// SPDX-License-Identifier: GPL-2.0
/* Where netfilter calls us: packets meet rx.c and tx.c. */
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/l3mdev.h>

#include "block.h"
#include "csum.h"
#include "drop.h"
#include "hook.h"
#include "rx.h"
#include "segment.h"
#include "socket.h"
#include "tx.h"

/* Here netfilter drops packets; it frees them. */
static unsigned int esp_nat_hook_verdict(struct esp_nat_net *en,
					 const struct sk_buff *skb, int reason)
{
	if (likely(!reason))
		return NF_ACCEPT;
	esp_nat_drop_note(en, skb, reason);
	return NF_DROP;
}

/* The same of what a daemon sends, which need not know that it does not leave. */
static unsigned int esp_nat_hook_sent(struct esp_nat_net *en,
				      struct sk_buff *skb, int reason)
{
	if (reason != ESP_NAT_STAT_drop_refused)
		return esp_nat_hook_verdict(en, skb, reason);
	esp_nat_drop_note(en, skb, reason);
	consume_skb(skb);
	return NF_STOLEN;
}

/*
 * Frames that a bridge only shows to netfilter are not ours. What came by one of
 * its ports and is routed now has no port that it leaves by.
 */
static bool esp_nat_hook_bridged(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	return nf_bridge_get_physoutdev(skb);
#else
	return false;
#endif
}

static bool esp_nat_hook_came_by_bridge(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	return nf_bridge_info_exists(skb);
#else
	return false;
#endif
}

static unsigned int esp_nat_hook_pre_routing(void *priv, struct sk_buff *skb,
					     const struct nf_hook_state *state)
{
	struct esp_nat_net *en = esp_nat_net(state->net);

	/* the bridge has not looked yet where it is for */
	if (esp_nat_hook_came_by_bridge(skb))
		return NF_ACCEPT;
	return esp_nat_hook_verdict(en, skb, esp_nat_rx_stray(en, skb));
}

/*
 * Each of its datagrams goes on alone, from this hook of ours on, so that those
 * behind it see it as they would have seen the whole.
 */
static unsigned int esp_nat_hook_segments(struct sk_buff *skb,
					  const struct nf_hook_state *state,
					  nf_hookfn *hook)
{
	struct nf_hook_entries __rcu **hooks = state->pf == NFPROTO_IPV4 ?
		state->net->nf.hooks_ipv4 : state->net->nf.hooks_ipv6;
	const struct nf_hook_entries *e = rcu_dereference(hooks[state->hook]);
	struct sk_buff *segs = esp_nat_segment(skb), *seg, *next;
	struct nf_hook_state at = *state;
	unsigned int i = 0;

	while (i < e->num_hook_entries && e->hooks[i].hook != hook)
		i++;
	skb_list_walk_safe(segs, seg, next) {
		skb_mark_not_on_list(seg);
		if (nf_hook_slow(seg, &at, e, i) == 1)
			at.okfn(at.net, at.sk, seg);
	}
	if (segs)
		consume_skb(skb);
	else
		kfree_skb(skb);
	return NF_STOLEN;
}

static unsigned int esp_nat_hook_local_in(void *priv, struct sk_buff *skb,
					  const struct nf_hook_state *state)
{
	struct esp_nat_net *en = esp_nat_net(state->net);
	/* what came by a bridge has not been looked at in PRE_ROUTING */
	int reason = esp_nat_rx_stray(en, skb);

	if (!reason)
		reason = esp_nat_block_in(en, skb, AF_INET);
	if (reason || !READ_ONCE(en->cfg.enabled))
		return esp_nat_hook_verdict(en, skb, reason);
	if (esp_nat_rx_segments(en, skb, AF_INET))
		return esp_nat_hook_segments(skb, state, esp_nat_hook_local_in);
	reason = esp_nat_rx_local(en, skb);
	return esp_nat_hook_verdict(en, skb, reason);
}

static unsigned int esp_nat_hook_local_in6(void *priv, struct sk_buff *skb,
					   const struct nf_hook_state *state)
{
	struct esp_nat_net *en = esp_nat_net(state->net);
	int reason = esp_nat_block_in(en, skb, AF_INET6);

	if (reason || !READ_ONCE(en->cfg.enabled))
		return esp_nat_hook_verdict(en, skb, reason);
	if (esp_nat_socket_has(en, AF_INET6) &&
	    esp_nat_rx_segments(en, skb, AF_INET6))
		return esp_nat_hook_segments(skb, state, esp_nat_hook_local_in6);
	reason = esp_nat_rx_local6(en, skb);
	return esp_nat_hook_verdict(en, skb, reason);
}

static unsigned int esp_nat_hook_forward(void *priv, struct sk_buff *skb,
					 const struct nf_hook_state *state)
{
	struct esp_nat_net *en = esp_nat_net(state->net);
	int reason = 0;

	if (esp_nat_hook_bridged(skb))
		return NF_ACCEPT;
	/* has not been looked at in PRE_ROUTING */
	if (esp_nat_hook_came_by_bridge(skb))
		reason = esp_nat_rx_stray(en, skb);
	if (!reason && READ_ONCE(en->cfg.enabled))
		esp_nat_csum_forward(en, skb);
	return esp_nat_hook_verdict(en, skb, reason);
}

/* Packets of a VRF come twice; the second time the way is known. */
static bool esp_nat_hook_sends(const struct esp_nat_net *en,
			       const struct nf_hook_state *state)
{
	return READ_ONCE(en->cfg.enabled) &&
	       !(state->out && netif_is_l3_master(state->out));
}

static unsigned int esp_nat_hook_local_out(void *priv, struct sk_buff *skb,
					   const struct nf_hook_state *state)
{
	struct esp_nat_net *en = esp_nat_net(state->net);

	if (!esp_nat_hook_sends(en, state))
		return NF_ACCEPT;
	return esp_nat_hook_sent(en, skb, esp_nat_tx_local(en, skb, state->sk));
}

static unsigned int esp_nat_hook_local_out6(void *priv, struct sk_buff *skb,
					    const struct nf_hook_state *state)
{
	struct esp_nat_net *en = esp_nat_net(state->net);

	if (!esp_nat_hook_sends(en, state))
		return NF_ACCEPT;
	return esp_nat_hook_sent(en, skb,
				 esp_nat_tx_local6(en, skb, state->sk));
}

static unsigned int esp_nat_hook_post_routing(void *priv, struct sk_buff *skb,
					      const struct nf_hook_state *state)
{
	struct esp_nat_net *en = esp_nat_net(state->net);
	int reason;

	if (esp_nat_hook_bridged(skb))
		return NF_ACCEPT;
	reason = esp_nat_tx_stray(en, skb, state->out);
	if (!reason)
		reason = esp_nat_block_out(en, skb, AF_INET, state->out,
					   state->sk);
	return esp_nat_hook_verdict(en, skb, reason);
}

static unsigned int esp_nat_hook_post_routing6(void *priv, struct sk_buff *skb,
					       const struct nf_hook_state *state)
{
	struct esp_nat_net *en = esp_nat_net(state->net);

	if (esp_nat_hook_bridged(skb))
		return NF_ACCEPT;
	return esp_nat_hook_verdict(en, skb,
				    esp_nat_block_out(en, skb, AF_INET6,
						      state->out, state->sk));
}

static const struct nf_hook_ops esp_nat_hook_ops[] = {
	{
		.hook		= esp_nat_hook_pre_routing,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= NF_IP_PRI_RAW - 1,
	}, {
		/* after the firewall, before conntrack confirms */
		.hook		= esp_nat_hook_local_in,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_LOCAL_IN,
		.priority	= NF_IP_PRI_CONNTRACK_CONFIRM - 1,
	}, {
		/* after DNAT, before anybody looks at checksums */
		.hook		= esp_nat_hook_forward,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_FORWARD,
		.priority	= NF_IP_PRI_FIRST,
	}, {
		/* conntrack and the firewall see the real flow */
		.hook		= esp_nat_hook_local_out,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP_PRI_FIRST,
	}, {
		/* marks and SNAT have had their say */
		.hook		= esp_nat_hook_post_routing,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_POST_ROUTING,
		.priority	= NF_IP_PRI_CONNTRACK_CONFIRM - 1,
	}, {
		.hook		= esp_nat_hook_local_in6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_LOCAL_IN,
		.priority	= NF_IP6_PRI_LAST - 1,
	}, {
		.hook		= esp_nat_hook_local_out6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP6_PRI_FIRST,
	}, {
		.hook		= esp_nat_hook_post_routing6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_POST_ROUTING,
		.priority	= NF_IP6_PRI_LAST - 1,
	},
};

/**
 * esp_nat_hook_register() - see a namespace's packets from now on
 * @en: the namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_hook_register(struct esp_nat_net *en)
{
	return nf_register_net_hooks(en->net, esp_nat_hook_ops,
				     ARRAY_SIZE(esp_nat_hook_ops));
}

/**
 * esp_nat_hook_unregister() - the reverse of esp_nat_hook_register()
 * @en: the namespace
 *
 * Context: process. Packets may be with us until a grace period has passed.
 */
void esp_nat_hook_unregister(struct esp_nat_net *en)
{
	nf_unregister_net_hooks(en->net, esp_nat_hook_ops,
				ARRAY_SIZE(esp_nat_hook_ops));
}
