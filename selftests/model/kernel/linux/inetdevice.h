/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_INETDEVICE_H
#define _UNIT_LINUX_INETDEVICE_H

#include <linux/types.h>

struct net;
struct net_device;

/* the test's; is it an address of this host? */
struct net_device *__ip_dev_find(struct net *net, __be32 addr, bool devref);

#endif /* _UNIT_LINUX_INETDEVICE_H */
