// SPDX-License-Identifier: GPL-2.0
/* What a network namespace has, before anything uses it. */
#include <linux/proc_fs.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <net/netns/generic.h>

#include "net.h"

unsigned int esp_nat_net_id __read_mostly;

/**
 * esp_nat_net() - a namespace's esp_nat
 * @net: the namespace
 *
 * Context: any; from our own init to our own exit for @net.
 * Return: never NULL.
 */
struct esp_nat_net *esp_nat_net(const struct net *net)
{
	return net_generic(net, esp_nat_net_id);
}

static int esp_nat_net_stats_show(struct seq_file *seq, void *v)
{
	struct net *net = seq->private;

	esp_nat_stats_show(esp_nat_net(net)->stats, seq);
	return 0;
}

/**
 * esp_nat_net_init() - defaults and counters of a namespace
 * @en: to fill in
 * @net: the namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_net_init(struct esp_nat_net *en, struct net *net)
{
	en->net = net;
	en->cfg = (struct esp_nat_cfg) {
		.enabled		= 1,
		.alias_mode		= ESP_NAT_ALIAS_IKEV1,
		.follow_peer		= ESP_NAT_FOLLOW_NAT,
		.keepalive_interval	= 20,
		.nat_port		= 4500,
		.ike_port		= 500,
		.max_contexts		= 65536,
		.max_contexts_per_peer	= 256,
		.idle_timeout		= 300,
	};
	mutex_init(&en->cfg_lock);

	en->stats = alloc_percpu(struct esp_nat_stats);
	if (!en->stats)
		return -ENOMEM;
	if (!proc_create_net_single("esp_nat_stat", 0444, net->proc_net,
				    esp_nat_net_stats_show, NULL)) {
		free_percpu(en->stats);
		return -ENOMEM;
	}
	return 0;
}

/**
 * esp_nat_net_exit() - the reverse of esp_nat_net_init()
 * @en: nobody uses it any more
 *
 * Context: process.
 */
void esp_nat_net_exit(struct esp_nat_net *en)
{
	remove_proc_entry("esp_nat_stat", en->net->proc_net);
	kfree(rcu_dereference_protected(en->cfg.never, true));
	free_percpu(en->stats);
}

/**
 * esp_nat_net_never() - is this peer never to be aliased?
 * @en: the namespace
 * @addr: the peer's actual address
 *
 * Context: any.
 * Return: true if a prefix of never_alias holds @addr.
 */
bool esp_nat_net_never(struct esp_nat_net *en, const struct esp_nat_addr *addr)
{
	const struct esp_nat_never *never;
	bool found = false;
	unsigned int i;

	rcu_read_lock();
	never = rcu_dereference(en->cfg.never);
	for (i = 0; never && !found && i < never->count; i++)
		found = esp_nat_prefix_has(&never->prefix[i], addr);
	rcu_read_unlock();
	return found;
}
