/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_RX_H
#define _ESP_NAT_RX_H

#include <linux/skbuff.h>

#include "net.h"
#include "xfrm.h"

int esp_nat_rx_local(struct esp_nat_net *en, struct sk_buff *skb);
int esp_nat_rx_local6(struct esp_nat_net *en, struct sk_buff *skb);
int esp_nat_rx_stray(struct esp_nat_net *en, const struct sk_buff *skb);
int esp_nat_rx_refuse(struct esp_nat_net *en, const struct esp_nat_sa *sa);
int esp_nat_rx_esp(struct esp_nat_net *en, struct sk_buff *skb, bool *encap);
void esp_nat_rx_accept(struct esp_nat_net *en, const struct esp_nat_sa *sa,
		       const struct esp_nat_ep *from, unsigned int bytes,
		       bool proves);
bool esp_nat_rx_gro(struct esp_nat_net *en, struct sk_buff *skb,
		    struct esp_nat_ep *was);
void esp_nat_rx_unseen(struct esp_nat_net *en);
void esp_nat_rx_gro_undo(struct sk_buff *skb, const struct esp_nat_ep *was);

#endif /* _ESP_NAT_RX_H */
