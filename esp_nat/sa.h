/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_SA_H
#define _ESP_NAT_SA_H

#include <linux/skbuff.h>

#include "endpoint.h"

struct net;
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

/* The peer of an inbound SA, and of an outbound one; with this end's address. */
static inline struct esp_nat_flow esp_nat_sa_in(const struct esp_nat_sa *sa)
{
	return esp_nat_flow(&sa->src, &sa->dst.addr);
}

static inline struct esp_nat_flow esp_nat_sa_out(const struct esp_nat_sa *sa)
{
	return esp_nat_flow(&sa->dst, &sa->src.addr);
}

/* An SA of packets from anywhere: no client is known by it. */
static inline bool esp_nat_sa_from_any(const struct esp_nat_sa *sa)
{
	return sa->src.addr.family == AF_INET && !sa->src.addr.ip.ip;
}

/* What a walk over SAs does with each. */
typedef void esp_nat_sa_visitor(const struct esp_nat_sa *sa, void *arg);

bool esp_nat_sa_integrity(const struct xfrm_state *x);
struct esp_nat_sa esp_nat_sa_of(const struct xfrm_state *x);
bool esp_nat_sa_newest(struct xfrm_state *x, __be32 seq);
bool esp_nat_sa_find(struct net *net, const struct sk_buff *skb, __be32 spi,
		     struct esp_nat_sa *sa);
void esp_nat_sa_walk(struct net *net, esp_nat_sa_visitor *visit, void *arg);
bool esp_nat_sa_by_spi(struct net *net, __be32 spi, struct esp_nat_sa *sa);

#endif /* _ESP_NAT_SA_H */
