/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_ESP_H
#define _ESP_NAT_ESP_H

#include <linux/skbuff.h>

#include "net.h"
#include "sa.h"
#include "secpath.h"

int esp_nat_esp_in(struct esp_nat_net *en, struct sk_buff *skb, bool *encap);
void esp_nat_esp_accepted(struct sk_buff *skb,
			  const struct esp_nat_origin *origin);
int esp_nat_esp_refuse(struct esp_nat_net *en, const struct esp_nat_sa *sa);
bool esp_nat_esp_gro(struct esp_nat_net *en, struct sk_buff *skb,
		     struct esp_nat_ep *was);
void esp_nat_esp_gro_undo(struct sk_buff *skb, const struct esp_nat_ep *was);

#endif /* _ESP_NAT_ESP_H */
