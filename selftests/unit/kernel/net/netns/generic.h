/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_NET_NETNS_GENERIC_H
#define _UNIT_NET_NETNS_GENERIC_H

#include <net/net_namespace.h>

#define net_generic(net, id)	((void)(id), (net)->generic)

#endif /* _UNIT_NET_NETNS_GENERIC_H */
