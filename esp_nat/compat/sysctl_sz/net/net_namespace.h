/* SPDX-License-Identifier: GPL-2.0 */
/* For kernels whose sysctl tables end with an empty entry. */
#ifndef _ESP_NAT_COMPAT_NET_NET_NAMESPACE_H
#define _ESP_NAT_COMPAT_NET_NET_NAMESPACE_H

#include_next <net/net_namespace.h>

static inline struct ctl_table_header *
register_net_sysctl_sz(struct net *net, const char *path,
		       struct ctl_table *table, size_t table_size)
{
	return register_net_sysctl(net, path, table);
}

#endif /* _ESP_NAT_COMPAT_NET_NET_NAMESPACE_H */
