/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_XFRM_H
#define _ESP_NAT_XFRM_H

#include <linux/skbuff.h>

#include "sa.h"

/**
 * struct esp_nat_xfrm_ops - what xfrm tells the layers above
 * @esp: an ESP packet comes in, see esp_nat_rx_esp(); 0: xfrm goes on; > 0: it
 *	goes to xfrm_input as @encap tells then; < 0: it is dropped, the reason
 *	is an enum esp_nat_stat
 * @refuse: ESP was accepted that @esp has not seen; 0, or the reason to drop it,
 *	an enum esp_nat_stat; softirq, RCU
 * @accept: a packet was authenticated that came from that endpoint and had so
 *	many bytes; @proves: it is the newest of its SA; softirq, RCU
 * @unseen: GRO took UDP-encapsulated ESP that @esp has not seen; softirq, RCU
 */
struct esp_nat_xfrm_ops {
	int (*esp)(struct esp_nat_net *en, struct sk_buff *skb, bool *encap);
	int (*refuse)(struct esp_nat_net *en, const struct esp_nat_sa *sa);
	void (*accept)(struct esp_nat_net *en, const struct esp_nat_sa *sa,
		       const struct esp_nat_ep *from, unsigned int bytes,
		       bool proves);
	void (*unseen)(struct esp_nat_net *en);
};

int esp_nat_xfrm_register(const struct esp_nat_xfrm_ops *ops);
void esp_nat_xfrm_unregister(void);
bool esp_nat_xfrm_find(struct esp_nat_net *en, struct sk_buff *skb, __be32 spi,
		       struct esp_nat_sa *sa);
void esp_nat_xfrm_tag(struct sk_buff *skb, const struct esp_nat_ep *from,
		      __be32 spi, __be32 seq);
void esp_nat_xfrm_untag(struct sk_buff *skb);

#endif /* _ESP_NAT_XFRM_H */
