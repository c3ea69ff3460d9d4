/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_SOCKET_H
#define _ESP_NAT_SOCKET_H

#include <linux/skbuff.h>
#include <net/udp.h>

#include "net.h"
#include "udp.h"

#ifndef esp_nat_udp_table
#define esp_nat_udp_table(net)	((net)->ipv4.udp_table)
#endif

bool esp_nat_socket_bound(struct net *net,
			  const struct esp_nat_ep *local,
			  const struct esp_nat_ep *remote,
			  struct esp_nat_udp_dev dev);
bool esp_nat_socket_no_encap(struct esp_nat_net *en,
			     const struct esp_nat_ep *local,
			     const struct esp_nat_ep *remote,
			     struct esp_nat_udp_dev dev);
int esp_nat_socket_open(struct esp_nat_net *en);
void esp_nat_socket_close(struct esp_nat_net *en);
bool esp_nat_socket_has(struct esp_nat_net *en, unsigned int family);
bool esp_nat_socket_own(struct esp_nat_net *en, const struct esp_nat_ep *local,
			const struct esp_nat_ep *remote,
			struct esp_nat_udp_dev dev);
bool esp_nat_socket_give(struct esp_nat_net *en, struct sk_buff *skb,
			 unsigned int family);

#endif /* _ESP_NAT_SOCKET_H */
