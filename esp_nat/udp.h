/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_UDP_H
#define _ESP_NAT_UDP_H

#include <linux/skbuff.h>

#include "endpoint.h"
#include "ike.h"

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

/**
 * struct esp_nat_udp_dev - the device of a datagram, as sockets are looked up
 * @dif: its index; of one that an L3 master (VRF) has, that one's
 * @sdif: its index if an L3 master has it, else 0
 */
struct esp_nat_udp_dev {
	int	dif;
	int	sdif;
};

bool esp_nat_udp_get(const struct sk_buff *skb, struct esp_nat_udp *udp);
bool esp_nat_udp_get6(const struct sk_buff *skb, struct esp_nat_udp *udp);
bool esp_nat_udp_ends(const struct sk_buff *skb, unsigned int family,
		      struct esp_nat_udp *udp);
struct esp_nat_ike_msg esp_nat_udp_ike(const struct sk_buff *skb,
				       const struct esp_nat_udp *udp,
				       bool marker);
struct esp_nat_udp_dev esp_nat_udp_came_by(const struct sk_buff *skb,
					   unsigned int family);
struct esp_nat_udp_dev esp_nat_udp_leaves_by(const struct net_device *dev);

#endif /* _ESP_NAT_UDP_H */
