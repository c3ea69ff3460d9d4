// SPDX-License-Identifier: GPL-2.0
/* The only user of netfilter: where packets meet rx.c and tx.c. */
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/l3mdev.h>

#include "block.h"
#include "csum.h"
#include "drop.h"
#include "hook.h"
#include "rx.h"
#include "tx.h"

/* The one place where netfilter drops packets; it frees them. */
static unsigned int esp_nat_hook_verdict(struct esp_nat_net *en,
					 const struct sk_buff *skb, int reason)
{
	if (likely(!reason))
		return NF_ACCEPT;
	esp_nat_drop_note(en, skb, reason);
	return NF_DROP;
}

/* Frames that a bridge only shows to netfilter are not ours. */
static bool esp_nat_hook_bridged(const struct sk_buff *skb)
{
	return nf_bridge_info_exists(skb);
}

static unsigned int esp_nat_hook_pre_routing(void *priv, struct sk_buff *skb,
					     const struct nf_hook_state *state)
{
	struct esp_nat_net *en = esp_nat_net(state->net);

	if (esp_nat_hook_bridged(skb))
		return NF_ACCEPT;
	return esp_nat_hook_verdict(en, skb, esp_nat_rx_stray(en, skb));
}

static unsigned int esp_nat_hook_local_in(void *priv, struct sk_buff *skb,
					  const struct nf_hook_state *state)
{
	struct esp_nat_net *en = esp_nat_net(state->net);
	/* what came by a bridge has not been looked at in PRE_ROUTING */
	int reason = esp_nat_rx_stray(en, skb);

	if (!reason)
		reason = esp_nat_block_in(en, skb, AF_INET);
	if (!reason && READ_ONCE(en->cfg.enabled))
		reason = esp_nat_rx_local(en, skb);
	return esp_nat_hook_verdict(en, skb, reason);
}

static unsigned int esp_nat_hook_local_in6(void *priv, struct sk_buff *skb,
					   const struct nf_hook_state *state)
{
	struct esp_nat_net *en = esp_nat_net(state->net);
	int reason = esp_nat_block_in(en, skb, AF_INET6);

	if (!reason && READ_ONCE(en->cfg.enabled))
		reason = esp_nat_rx_local6(en, skb);
	return esp_nat_hook_verdict(en, skb, reason);
}

static unsigned int esp_nat_hook_forward(void *priv, struct sk_buff *skb,
					 const struct nf_hook_state *state)
{
	struct esp_nat_net *en = esp_nat_net(state->net);

	if (READ_ONCE(en->cfg.enabled) && !esp_nat_hook_bridged(skb))
		esp_nat_csum_forward(en, skb);
	return NF_ACCEPT;
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
	return esp_nat_hook_verdict(en, skb,
				    esp_nat_tx_local(en, skb, state->sk));
}

static unsigned int esp_nat_hook_local_out6(void *priv, struct sk_buff *skb,
					    const struct nf_hook_state *state)
{
	struct esp_nat_net *en = esp_nat_net(state->net);

	if (!esp_nat_hook_sends(en, state))
		return NF_ACCEPT;
	return esp_nat_hook_verdict(en, skb,
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
