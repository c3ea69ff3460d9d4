/* SPDX-License-Identifier: GPL-2.0 */
/* What must go up: main.c hands it down, before anything can call it. */
#ifndef _ESP_NAT_UP_H
#define _ESP_NAT_UP_H

#include <linux/skbuff.h>

#include "net.h"

struct esp_nat_sa;

/**
 * struct esp_nat_up - what lower layers tell and ask the higher ones
 * @esp: an ESP packet comes in, see esp_nat_rx_esp(); 0: xfrm goes on; > 0: it
 *	goes to xfrm_input as @encap tells then; < 0: it is dropped, the reason
 *	is an enum esp_nat_stat
 * @gro: the same in GRO, see esp_nat_rx_gro(); false: GRO leaves it to the
 *	socket
 * @gro_undo: see esp_nat_rx_gro_undo()
 * @refuse: ESP was accepted that @esp has not seen; 0, or the reason to drop it,
 *	an enum esp_nat_stat; softirq, RCU
 * @accept: a packet was authenticated that came from that endpoint and had so
 *	many bytes; @proves: it is the newest of its SA; softirq, RCU
 * @unseen: GRO took UDP-encapsulated ESP that @gro has not seen; softirq, RCU
 * @sa_new: an SA was installed or updated; softirq or process, RCU
 * @sa_gone: an SA went, or all did (@sa NULL); x->lock may be held
 */
struct esp_nat_up {
	int (*esp)(struct esp_nat_net *en, struct sk_buff *skb, bool *encap);
	bool (*gro)(struct esp_nat_net *en, struct sk_buff *skb,
		    struct esp_nat_ep *was);
	void (*gro_undo)(struct sk_buff *skb, const struct esp_nat_ep *was);
	int (*refuse)(struct esp_nat_net *en, const struct esp_nat_sa *sa);
	void (*accept)(struct esp_nat_net *en, const struct esp_nat_sa *sa,
		       const struct esp_nat_ep *from, unsigned int bytes,
		       bool proves);
	void (*unseen)(struct esp_nat_net *en);
	void (*sa_new)(struct esp_nat_net *en, const struct esp_nat_sa *sa);
	void (*sa_gone)(struct esp_nat_net *en, const struct esp_nat_sa *sa);
};

extern const struct esp_nat_up *esp_nat_up;

#endif /* _ESP_NAT_UP_H */
