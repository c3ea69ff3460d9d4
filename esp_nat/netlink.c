// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: Documentation/netlink/specs/esp_nat.yaml. What
 * it shows and changes is in nl_*.c, a noun a file.
 */
#include <linux/module.h>
#include <net/genetlink.h>

#include "event.h"
#include "netlink.h"
#include "nl_alias.h"
#include "nl_attr.h"
#include "nl_counter.h"
#include "nl_ctx.h"
#include "nl_import.h"
#include "nl_socket.h"

/* Takes no attribute. */
static const struct nla_policy
esp_nat_netlink_none[ESP_NAT_A_MSG_MAX + 1] = { };

#define ESP_NAT_NETLINK_MSG(pol)	\
	.policy = (pol), .maxattr = ESP_NAT_A_MSG_MAX

/*
 * Who may see SAs (ip xfrm state) may see clients; counters and the pool are
 * everybody's.
 */
static const struct genl_ops esp_nat_netlink_ops[] = {
	{
		.cmd	= ESP_NAT_CMD_CTX_GET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= esp_nat_nl_ctx_get,
		.dumpit	= esp_nat_nl_ctx_dump,
		ESP_NAT_NETLINK_MSG(esp_nat_nl_ctx_policy),
	}, {
		.cmd	= ESP_NAT_CMD_CTX_DEL,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= esp_nat_nl_ctx_delete,
		ESP_NAT_NETLINK_MSG(esp_nat_nl_ctx_policy),
	}, {
		.cmd	= ESP_NAT_CMD_CTX_FLUSH,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= esp_nat_nl_ctx_flush,
		ESP_NAT_NETLINK_MSG(esp_nat_netlink_none),
	}, {
		.cmd	= ESP_NAT_CMD_CTX_IMPORT,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= esp_nat_nl_import_contexts,
		ESP_NAT_NETLINK_MSG(esp_nat_nl_import_policy),
	}, {
		.cmd	= ESP_NAT_CMD_ALIAS_ADD,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= esp_nat_nl_alias_add,
		ESP_NAT_NETLINK_MSG(esp_nat_nl_alias_policy),
	}, {
		.cmd	= ESP_NAT_CMD_ALIAS_DEL,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= esp_nat_nl_alias_del,
		ESP_NAT_NETLINK_MSG(esp_nat_nl_alias_policy),
	}, {
		.cmd	= ESP_NAT_CMD_ALIAS_GET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.dumpit	= esp_nat_nl_alias_dump,
		ESP_NAT_NETLINK_MSG(esp_nat_netlink_none),
	}, {
		.cmd	= ESP_NAT_CMD_SOCKET_GET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.dumpit	= esp_nat_nl_socket_dump,
		ESP_NAT_NETLINK_MSG(esp_nat_netlink_none),
	}, {
		.cmd	= ESP_NAT_CMD_COUNTER_GET,
		.dumpit	= esp_nat_nl_counter_dump,
		ESP_NAT_NETLINK_MSG(esp_nat_netlink_none),
	}, {
		.cmd	= ESP_NAT_CMD_POOL_GET,
		.doit	= esp_nat_nl_alias_pool,
		ESP_NAT_NETLINK_MSG(esp_nat_netlink_none),
	},
};

static const struct genl_multicast_group esp_nat_netlink_groups[] = {
	{
		.name	= ESP_NAT_MCGRP_EVENTS,
		.flags	= GENL_MCAST_CAP_NET_ADMIN,
	},
};

static struct genl_family esp_nat_netlink_family __ro_after_init = {
	.name		= ESP_NAT_FAMILY_NAME,
	.version	= ESP_NAT_FAMILY_VERSION,
	.module		= THIS_MODULE,
	.netnsok	= true,
	.parallel_ops	= true,
	.ops		= esp_nat_netlink_ops,
	.n_ops		= ARRAY_SIZE(esp_nat_netlink_ops),
	.resv_start_op	= ESP_NAT_CMD_MAX + 1,
	.mcgrps		= esp_nat_netlink_groups,
	.n_mcgrps	= ARRAY_SIZE(esp_nat_netlink_groups),
};

/* ---- events ---- */

static int esp_nat_netlink_put_ends(struct sk_buff *skb,
				    const struct esp_nat_happening *what)
{
	int err = 0;

	if (what->was)
		err = esp_nat_nl_attr_put_ep(skb, ESP_NAT_A_MSG_WAS, what->was);
	if (!err && what->peer)
		err = esp_nat_nl_attr_put_ep(skb, ESP_NAT_A_MSG_PEER, what->peer);
	if (!err && what->local)
		err = esp_nat_nl_attr_put_ep(skb, ESP_NAT_A_MSG_LOCAL,
					     what->local);
	return err;
}

static int esp_nat_netlink_fill(struct sk_buff *skb, struct esp_nat_net *en,
				const struct esp_nat_happening *what)
{
	void *hdr = genlmsg_put(skb, 0, 0, &esp_nat_netlink_family, 0,
				ESP_NAT_CMD_EVENT);

	if (!hdr ||
	    nla_put_u32(skb, ESP_NAT_A_MSG_EVENT, what->event) ||
	    (what->ctx &&
	     esp_nat_nl_attr_put_ctx(skb, en, what->ctx, !what->unlocked)) ||
	    esp_nat_netlink_put_ends(skb, what) ||
	    (what->reason &&
	     nla_put_string(skb, ESP_NAT_A_MSG_REASON, what->reason)))
		return -EMSGSIZE;
	genlmsg_end(skb, hdr);
	return 0;
}

/* Without memory an event is lost; without a listener, it costs nothing. */
static void esp_nat_netlink_event(struct esp_nat_net *en,
				  const struct esp_nat_happening *what)
{
	struct sk_buff *skb;

	if (!genl_has_listeners(&esp_nat_netlink_family, en->net, 0))
		return;
	skb = genlmsg_new(NLMSG_GOODSIZE, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return;
	if (esp_nat_netlink_fill(skb, en, what)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_multicast_netns(&esp_nat_netlink_family, en->net, skb, 0, 0,
				GFP_ATOMIC);
}

/**
 * esp_nat_netlink_register() - be there for user space
 *
 * Context: process. All else is there already.
 * Return: 0 or an error.
 */
int esp_nat_netlink_register(void)
{
	int err = genl_register_family(&esp_nat_netlink_family);

	if (!err)
		esp_nat_event_register(esp_nat_netlink_event);
	return err;
}

/**
 * esp_nat_netlink_unregister() - the reverse of esp_nat_netlink_register()
 *
 * Context: process.
 */
void esp_nat_netlink_unregister(void)
{
	esp_nat_event_unregister();
	genl_unregister_family(&esp_nat_netlink_family);
}
