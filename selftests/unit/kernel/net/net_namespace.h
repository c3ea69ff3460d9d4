/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_NET_NET_NAMESPACE_H
#define _UNIT_NET_NET_NAMESPACE_H

#include <linux/types.h>

struct ctl_table;
struct ctl_table_header;

struct user_namespace {
	int	level;
};

struct net {
	struct user_namespace *user_ns;
	struct {
		unsigned int inum;
	} ns;
	void *proc_net;
	void *generic;
};

/* of those who have one */
extern struct user_namespace init_user_ns;
extern struct net init_net;

static inline void synchronize_net(void) { }

/* kernel/proc.c */
struct ctl_table_header *register_net_sysctl_sz(struct net *net,
						const char *path,
						struct ctl_table *table,
						size_t count);
void unregister_net_sysctl_table(struct ctl_table_header *header);

#endif /* _UNIT_NET_NET_NAMESPACE_H */
