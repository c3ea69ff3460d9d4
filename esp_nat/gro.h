/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_GRO_H
#define _ESP_NAT_GRO_H

#include <linux/skbuff.h>

#include "net.h"

/**
 * struct esp_nat_gro_ops - what GRO asks the layer above
 * @present: see esp_nat_rx_gro(); false: GRO leaves it to the socket
 * @undo: see esp_nat_rx_gro_undo()
 */
struct esp_nat_gro_ops {
	bool (*present)(struct esp_nat_net *en, struct sk_buff *skb,
			struct esp_nat_ep *was);
	void (*undo)(struct sk_buff *skb, const struct esp_nat_ep *was);
};

void esp_nat_gro_init(const struct esp_nat_gro_ops *ops);
void esp_nat_gro_hook_port(struct esp_nat_net *en);
void esp_nat_gro_hook_socket(struct esp_nat_net *en, struct sk_buff *skb);
bool esp_nat_gro_hooked(const struct sock *sk);
void esp_nat_gro_unhook(struct esp_nat_net *en);

#endif /* _ESP_NAT_GRO_H */
