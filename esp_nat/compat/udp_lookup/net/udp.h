/* SPDX-License-Identifier: GPL-2.0 */
/* For kernels that are told which table of UDP sockets to look in. */
#ifndef _ESP_NAT_COMPAT_NET_UDP_LOOKUP_H
#define _ESP_NAT_COMPAT_NET_UDP_LOOKUP_H

#include_next <net/udp.h>

#ifndef esp_nat_udp_table
#define esp_nat_udp_table(net)	((net)->ipv4.udp_table)
#endif

static inline struct sock *
esp_nat_udp4_lib_lookup(struct net *net, __be32 src, __be16 sport, __be32 dst,
			__be16 dport, int dif, int sdif, struct sk_buff *skb)
{
	return __udp4_lib_lookup(net, src, sport, dst, dport, dif, sdif,
				 esp_nat_udp_table(net), skb);
}

static inline struct sock *
esp_nat_udp6_lib_lookup(struct net *net, const struct in6_addr *src,
			__be16 sport, const struct in6_addr *dst, __be16 dport,
			int dif, int sdif, struct sk_buff *skb)
{
	return __udp6_lib_lookup(net, src, sport, dst, dport, dif, sdif,
				 esp_nat_udp_table(net), skb);
}

#define __udp4_lib_lookup	esp_nat_udp4_lib_lookup
#define __udp6_lib_lookup	esp_nat_udp6_lib_lookup

#endif /* _ESP_NAT_COMPAT_NET_UDP_LOOKUP_H */
