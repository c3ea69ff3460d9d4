// SPDX-License-Identifier: GPL-2.0
/* What a network namespace has, before anything uses it. */
#include <linux/proc_fs.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <net/netns/generic.h>

#include "alias_static.h"
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
 * esp_nat_net_init() - what a namespace has before anything uses it
 * @en: to be filled in
 * @net: the namespace
 * @is_new: the process that runs makes it, and pays for its contexts; else nobody
 *	does, for nobody knows who made it
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_net_init(struct esp_nat_net *en, struct net *net, bool is_new)
{
	int err = -ENOMEM;

	en->net = net;
	en->stats = alloc_percpu(struct esp_nat_stats);
	if (!en->stats)
		return err;
	if (!proc_create_net_single("esp_nat_stat", 0444, net->proc_net,
				    esp_nat_net_stats_show, NULL))
		goto err_stats;
	err = esp_nat_cfg_init(&en->cfg);
	if (err)
		goto err_proc;
	err = esp_nat_ctx_init(&en->table);
	if (err)
		goto err_cfg;
	esp_nat_alias_init(&en->pool, en->stats, &en->table.lock);
	err = esp_nat_alias_static_init(&en->pool);
	if (err)
		goto err_alias;
	if (is_new)
		esp_nat_charge_init(&en->charge);
	return 0;

err_alias:
	esp_nat_alias_exit(&en->pool);
	esp_nat_ctx_exit(&en->table);
err_cfg:
	esp_nat_cfg_exit(&en->cfg);
err_proc:
	remove_proc_entry("esp_nat_stat", net->proc_net);
err_stats:
	free_percpu(en->stats);
	return err;
}

/**
 * esp_nat_net_exit() - the reverse of esp_nat_net_init()
 * @en: nobody uses it any more, and it has no context
 *
 * Context: process.
 */
void esp_nat_net_exit(struct esp_nat_net *en)
{
	esp_nat_charge_exit(&en->charge);
	esp_nat_alias_static_exit(&en->pool);
	esp_nat_alias_exit(&en->pool);
	esp_nat_ctx_exit(&en->table);
	esp_nat_cfg_exit(&en->cfg);
	remove_proc_entry("esp_nat_stat", en->net->proc_net);
	free_percpu(en->stats);
}

/**
 * esp_nat_net_cap() - what may a namespace's max_contexts be at most?
 * @en: the namespace
 *
 * Where root is root of a user namespace only, what the initial namespace has.
 *
 * Context: any.
 * Return: INT_MAX where there is no such cap.
 */
int esp_nat_net_cap(const struct esp_nat_net *en)
{
	if (en->net->user_ns == &init_user_ns)
		return INT_MAX;
	return READ_ONCE(esp_nat_net(&init_net)->cfg.max_contexts);
}

/**
 * esp_nat_net_max_contexts() - how many confirmed contexts may a namespace have?
 * @en: the namespace
 *
 * Context: any.
 * Return: how many.
 */
unsigned int esp_nat_net_max_contexts(const struct esp_nat_net *en)
{
	return min(READ_ONCE(en->cfg.max_contexts), esp_nat_net_cap(en));
}
