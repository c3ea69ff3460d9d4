// SPDX-License-Identifier: GPL-2.0
/* Composes the module: what is below knows nothing of what is above it. */
#include <linux/module.h>
#include <net/net_namespace.h>

#include "block.h"
#include "detect.h"
#include "device.h"
#include "gro.h"
#include "hook.h"
#include "keepalive.h"
#include "lifecycle.h"
#include "netlink.h"
#include "sa_watch.h"
#include "socket.h"
#include "sysctl.h"
#include "xfrm.h"

static int __net_init esp_nat_main_net_init(struct net *net)
{
	struct esp_nat_net *en = esp_nat_net(net);
	/* those that are there were not made by who loads the module */
	bool is_new = READ_ONCE(THIS_MODULE->state) == MODULE_STATE_LIVE;
	int err;

	err = esp_nat_net_init(en, net, is_new);
	if (err)
		return err;
	err = esp_nat_block_init(en);
	if (err)
		goto err_net;
	err = esp_nat_keepalive_init(en);
	if (err)
		goto err_block;
	err = esp_nat_sa_watch_init(en);
	if (err)
		goto err_keepalive;
	/* SAs that are there must be known before a new client is */
	esp_nat_sa_watch_start(en);
	err = esp_nat_hook_register(en);
	if (err)
		goto err_watch;
	err = esp_nat_sysctl_register(en);
	if (err)
		goto err_hook;
	return 0;

err_hook:
	esp_nat_hook_unregister(en);
	synchronize_net();
err_watch:
	esp_nat_sa_watch_stop(en);
	esp_nat_keepalive_stop(en);
	esp_nat_lifecycle_flush(en, ESP_NAT_DEATH_FLUSHED);
	esp_nat_sa_watch_exit(en);
err_keepalive:
	esp_nat_keepalive_exit(en);
err_block:
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
	esp_nat_sa_watch_stop(en);
}

static void __net_exit esp_nat_main_net_exit(struct net *net)
{
	struct esp_nat_net *en = esp_nat_net(net);

	esp_nat_keepalive_stop(en);
	esp_nat_lifecycle_flush(en, ESP_NAT_DEATH_FLUSHED);
	esp_nat_sa_watch_exit(en);
	esp_nat_keepalive_exit(en);
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
		esp_nat_sa_watch_start(esp_nat_net(net));
	up_read(&net_rwsem);
}

static int __init esp_nat_main_init(void)
{
	int err;

	esp_nat_detect_init();
	err = register_pernet_subsys(&esp_nat_main_net_ops);
	if (err)
		goto err_detect;
	err = esp_nat_device_register();
	if (err)
		goto err_net;
	err = esp_nat_xfrm_register();
	if (err)
		goto err_device;
	esp_nat_main_catch_up();
	err = esp_nat_gro_register();
	if (err)
		goto err_xfrm;
	err = esp_nat_netlink_register();
	if (err)
		goto err_gro;
	return 0;

err_gro:
	esp_nat_gro_unregister();
err_xfrm:
	esp_nat_xfrm_unregister();
err_device:
	esp_nat_device_unregister();
err_net:
	unregister_pernet_subsys(&esp_nat_main_net_ops);
err_detect:
	/* as in the exit; some namespaces may have been begun */
	rcu_barrier();
	esp_nat_detect_exit();
	return err;
}

static void __exit esp_nat_main_exit(void)
{
	esp_nat_netlink_unregister();
	esp_nat_gro_unregister();
	esp_nat_xfrm_unregister();
	esp_nat_device_unregister();
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
