/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_SA_H
#define _ESP_NAT_SA_H

#include "net.h"

struct xfrm_state;

/**
 * struct esp_nat_sa - what we know an SA by
 * @src: its source; the port is that of its UDP encapsulation, else 0
 * @dst: its destination, likewise
 * @spi: its SPI, network byte order
 * @encap: it has UDP encapsulation
 * @provable: it has integrity and a replay window, so that a packet may prove
 *	where its peer is
 */
struct esp_nat_sa {
	struct esp_nat_ep	src;
	struct esp_nat_ep	dst;
	__be32			spi;
	bool			encap;
	bool			provable;
};

void esp_nat_sa_register(void);
void esp_nat_sa_unregister(void);
bool esp_nat_sa_provable(const struct xfrm_state *x);
struct esp_nat_sa esp_nat_sa_of(const struct xfrm_state *x);
void esp_nat_sa_walk(struct esp_nat_net *en,
		     void (*visit)(struct esp_nat_net *en,
				   const struct esp_nat_sa *sa));
bool esp_nat_sa_by_spi(struct esp_nat_net *en, __be32 spi,
		       struct esp_nat_sa *sa);

#endif /* _ESP_NAT_SA_H */
