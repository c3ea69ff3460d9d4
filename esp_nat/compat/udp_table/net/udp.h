/* SPDX-License-Identifier: GPL-2.0 */
/* For kernels whose namespaces share one table of UDP sockets. */
#ifndef _ESP_NAT_COMPAT_NET_UDP_H
#define _ESP_NAT_COMPAT_NET_UDP_H

#include_next <net/udp.h>

#define esp_nat_udp_table(net)	((void)(net), &udp_table)

#endif /* _ESP_NAT_COMPAT_NET_UDP_H */
