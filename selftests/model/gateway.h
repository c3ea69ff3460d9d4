/* SPDX-License-Identifier: GPL-2.0 */
/* The gateway's kernel, with the module in it. */
#ifndef _MODEL_GATEWAY_H
#define _MODEL_GATEWAY_H

#include "match_in.h"
#include "match_out.h"
#include "world.h"

/* how the kernel judges an ESP packet */
enum esp_truth {
	ESP_REAL,	/* its client has made it */
	ESP_FORGED,	/* its SPI is right, nothing else */
};

void gateway_begin(struct world *w);
void gateway_end(struct world *w);
/* IKE comes in; false: it is dropped */
bool gateway_ike_in(struct world *w, const struct esp_nat_ike_in *msg,
		    struct esp_nat_ike_shown *shown);
/* IKE goes out; false: it is dropped */
bool gateway_ike_out(struct world *w, const struct esp_nat_ike_out *msg,
		     struct esp_nat_ep *to);
/*
 * ESP comes in; true: it is accepted, and *newest, it is the newest of its SA.
 * port 0: without UDP header.
 */
bool gateway_esp_in(struct world *w, struct child *c,
		    const struct esp_nat_ep *from, u32 seq,
		    enum esp_truth truth, bool *newest);
/* where ESP of an SA goes, and whose context it finds */
struct esp_nat_ctx *gateway_esp_to(struct world *w, const struct child *c,
				   struct esp_nat_ep *to);
void gateway_esp_out(struct world *w, struct child *c);
void gateway_sa_new(struct world *w, const struct xfrm_state *x);
void gateway_sa_gone(struct world *w, const struct xfrm_state *x);
void gateway_sa_flush(struct world *w);
/* time passes, and what is due is done */
void gateway_wait(struct world *w, unsigned long ticks);
void gateway_memory(struct world *w, int left);

#endif /* _MODEL_GATEWAY_H */
