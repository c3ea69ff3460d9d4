/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_NET_GENETLINK_H
#define _UNIT_NET_GENETLINK_H

#include <linux/genetlink.h>
#include <net/net_namespace.h>
#include <net/netlink.h>

struct genl_info {
	u32			snd_portid;
	const struct nlmsghdr	*nlhdr;
	struct nlattr		**attrs;
	struct net		*net;
	struct netlink_ext_ack	*extack;
};

#define genl_info_net(info)	((info)->net)

#endif /* _UNIT_NET_GENETLINK_H */
