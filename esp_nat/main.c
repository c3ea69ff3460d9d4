// SPDX-License-Identifier: GPL-2.0
/* Composes the module: what is below knows nothing of what is above it. */
#include <linux/module.h>
#include <net/net_namespace.h>

#include "alias.h"
#include "block.h"
#include "ctx.h"
#include "death.h"
#include "detect.h"
#include "gro.h"
#include "held.h"
#include "hook.h"
#include "keepalive.h"
#include "life.h"
#include "netlink.h"
#include "rx.h"
#include "sa.h"
#include "socket.h"
#include "sysctl.h"
#include "tx.h"
#include "up.h"
#include "xfrm.h"

static const struct esp_nat_up esp_nat_main_up = {
	.esp		= esp_nat_rx_esp,
	.gro		= esp_nat_rx_gro,
	.gro_undo	= esp_nat_rx_gro_undo,
	.refuse		= esp_nat_rx_refuse,
	.accept		= esp_nat_rx_accept,
	.unseen		= esp_nat_rx_unseen,
	.sa_new		= esp_nat_life_sa_new,
	.sa_gone	= esp_nat_life_sa_gone,
};

static int __net_init esp_nat_main_net_init(struct net *net)
{
	struct esp_nat_net *en = esp_nat_net(net);
	int err;

	err = esp_nat_net_init(en, net);
	if (err)
		return err;
	err = esp_nat_block_init(en);
	if (err)
		goto err_net;
	esp_nat_alias_init(en);
	err = esp_nat_held_init(en);
	if (err)
		goto err_alias;
	err = esp_nat_ctx_init(en);
	if (err)
		goto err_held;
	esp_nat_life_init(en);
	esp_nat_keepalive_init(en);
	/* SAs that are there must be known before a new client is */
	esp_nat_life_start(en);
	err = esp_nat_hook_register(en);
	if (err)
		goto err_life;
	err = esp_nat_sysctl_register(en);
	if (err)
		goto err_hook;
	esp_nat_gro_hook_port(en);
	return 0;

err_hook:
	esp_nat_hook_unregister(en);
	synchronize_net();
err_life:
	esp_nat_life_exit(en);
	esp_nat_keepalive_exit(en);
	esp_nat_death_flush(en, ESP_NAT_DEATH_FLUSHED);
	esp_nat_ctx_exit(en);
err_held:
	esp_nat_held_exit(en);
err_alias:
	esp_nat_alias_exit(en);
	esp_nat_block_exit(en);
err_net:
	esp_nat_net_exit(en);
	return err;
}

/* Nothing new comes in: a grace period passes between this and the exit. */
static void __net_exit esp_nat_main_net_pre_exit(struct net *net)
{
	struct esp_nat_net *en = esp_nat_net(net);

	esp_nat_sysctl_unregister(en);
	esp_nat_hook_unregister(en);
	esp_nat_socket_close(en);
	esp_nat_gro_unhook(en);
}

static void __net_exit esp_nat_main_net_exit(struct net *net)
{
	struct esp_nat_net *en = esp_nat_net(net);

	esp_nat_life_exit(en);
	esp_nat_keepalive_exit(en);
	esp_nat_death_flush(en, ESP_NAT_DEATH_FLUSHED);
	esp_nat_ctx_exit(en);
	esp_nat_held_exit(en);
	esp_nat_alias_exit(en);
	esp_nat_block_exit(en);
	esp_nat_net_exit(en);
}

static struct pernet_operations esp_nat_main_net_ops = {
	.init		= esp_nat_main_net_init,
	.pre_exit	= esp_nat_main_net_pre_exit,
	.exit		= esp_nat_main_net_exit,
	.id		= &esp_nat_net_id,
	.size		= sizeof(struct esp_nat_net),
};

/* SAs that came between a namespace's init and the first event. */
static void esp_nat_main_catch_up(void)
{
	struct net *net;

	down_read(&net_rwsem);
	for_each_net(net)
		esp_nat_life_start(esp_nat_net(net));
	up_read(&net_rwsem);
}

static int __init esp_nat_main_init(void)
{
	int err;

	esp_nat_up = &esp_nat_main_up;
	esp_nat_detect_init();
	err = register_pernet_subsys(&esp_nat_main_net_ops);
	if (err)
		goto err_detect;
	err = esp_nat_tx_register();
	if (err)
		goto err_net;
	err = esp_nat_xfrm_register();
	if (err)
		goto err_tx;
	esp_nat_sa_register();
	esp_nat_main_catch_up();
	err = esp_nat_netlink_register();
	if (err)
		goto err_sa;
	return 0;

err_sa:
	esp_nat_sa_unregister();
	esp_nat_xfrm_unregister();
err_tx:
	esp_nat_tx_unregister();
err_net:
	unregister_pernet_subsys(&esp_nat_main_net_ops);
	rcu_barrier();
err_detect:
	esp_nat_detect_exit();
	return err;
}

static void __exit esp_nat_main_exit(void)
{
	esp_nat_netlink_unregister();
	esp_nat_sa_unregister();
	esp_nat_xfrm_unregister();
	esp_nat_tx_unregister();
	unregister_pernet_subsys(&esp_nat_main_net_ops);
	/* contexts and cached routes are freed by functions of ours */
	rcu_barrier();
	esp_nat_detect_exit();
}

module_init(esp_nat_main_init);
module_exit(esp_nat_main_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("esp_nat developers");
MODULE_DESCRIPTION("UDP-encapsulated ESP: any number of clients behind one NAT");
MODULE_VERSION("0.1.0");
