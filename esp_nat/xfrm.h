/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_XFRM_H
#define _ESP_NAT_XFRM_H

#include <linux/skbuff.h>

#include "sa.h"

int esp_nat_xfrm_register(void);
void esp_nat_xfrm_unregister(void);
bool esp_nat_xfrm_find(struct esp_nat_net *en, struct sk_buff *skb, __be32 spi,
		       struct esp_nat_sa *sa);
void esp_nat_xfrm_tag(struct sk_buff *skb, const struct esp_nat_ep *from,
		      __be32 spi, __be32 seq);
void esp_nat_xfrm_untag(struct sk_buff *skb);

#endif /* _ESP_NAT_XFRM_H */
