/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_UDP_H
#define _ESP_NAT_UDP_H

#include <linux/skbuff.h>

#include "endpoint.h"

/**
 * struct esp_nat_udp - a UDP datagram in a packet of either family
 * @src: its source
 * @dst: its destination
 * @offset: of its UDP header from the packet's data, in bytes
 * @len: its length as that says, the header included, in bytes
 * @summed: it has a checksum
 */
struct esp_nat_udp {
	struct esp_nat_ep	src;
	struct esp_nat_ep	dst;
	unsigned int		offset;
	unsigned int		len;
	bool			summed;
};

bool esp_nat_udp_get(const struct sk_buff *skb, struct esp_nat_udp *udp);
bool esp_nat_udp_get6(const struct sk_buff *skb, struct esp_nat_udp *udp);
bool esp_nat_udp_ends(const struct sk_buff *skb, unsigned int family,
		      struct esp_nat_udp *udp);
int esp_nat_udp_dif(const struct sk_buff *skb, const struct esp_nat_udp *udp);

#endif /* _ESP_NAT_UDP_H */
