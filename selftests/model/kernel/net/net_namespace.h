/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_NET_NET_NAMESPACE_H
#define _UNIT_NET_NET_NAMESPACE_H

#include <linux/types.h>

struct user_namespace {
	int	level;
};

extern struct user_namespace init_user_ns;
extern struct net init_net;

struct net {
	struct user_namespace *user_ns;
	struct {
		unsigned int inum;
	} ns;
	void *proc_net;
};

#endif /* _UNIT_NET_NET_NAMESPACE_H */
