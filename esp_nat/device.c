// SPDX-License-Identifier: GPL-2.0
/* Devices go: cached routes pin them. */
#include <linux/netdevice.h>

#include "device.h"
#include "net.h"

static int esp_nat_device_event(struct notifier_block *nb, unsigned long event,
				void *ptr)
{
	const struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	if (event == NETDEV_DOWN || event == NETDEV_UNREGISTER)
		esp_nat_ctx_drop_routes(&esp_nat_net(dev_net(dev))->table);
	return NOTIFY_DONE;
}

static struct notifier_block esp_nat_device_notifier = {
	.notifier_call = esp_nat_device_event,
};

/**
 * esp_nat_device_register() - hear of devices that go
 *
 * Cached routes pin their devices.
 *
 * Context: process.
 * Return: 0 or an error.
 */
int esp_nat_device_register(void)
{
	return register_netdevice_notifier(&esp_nat_device_notifier);
}

/**
 * esp_nat_device_unregister() - the reverse of esp_nat_device_register()
 *
 * Context: process.
 */
void esp_nat_device_unregister(void)
{
	unregister_netdevice_notifier(&esp_nat_device_notifier);
}
