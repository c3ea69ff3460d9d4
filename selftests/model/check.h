/* SPDX-License-Identifier: GPL-2.0 */
/* The invariants. */
#ifndef _MODEL_CHECK_H
#define _MODEL_CHECK_H

#include "daemon.h"

/* around a step */
void check_before(struct world *w);
void check_after(struct world *w);

/* where a step comes by: */

/* a message is shown to the daemon */
void check_shown(struct world *w, const struct message *m,
		 const struct esp_nat_ep *presented);
/* does the module know an IKE SA? If not, its context has gone */
bool check_known_ike(struct world *w, const struct session *s);
/* it is answered at once */
void check_answer(struct world *w, const struct session *s,
		  const struct message *m, const struct esp_nat_ep *to);
/* the daemon asks a client */
void check_started(struct world *w, const struct session *s,
		   const struct esp_nat_ep *to);
/* the newest ESP of an SA was accepted */
void check_proved(struct world *w, const struct child *c,
		  const struct esp_nat_ep *from);
/* xfrm tells the daemon of another source */
void check_mapping(struct world *w, const struct child *c,
		   const struct esp_nat_ep *shown);
/* the daemon makes or moves SAs */
void check_child(struct world *w, struct child *c);
/* SAs end, or are about to move */
void check_ends(struct world *w, const struct child *c);
/*
 * Is an endpoint what another client's SAs are with, and is that client there? One
 * of several, the next after one.
 */
const struct child *check_taken(const struct world *w,
				const struct child *after, int owner,
				const struct esp_nat_ep *at, __be32 local);
/* a keepalive leaves for a presented endpoint */
void check_keepalive(struct world *w, const struct esp_nat_flow *presented);

#endif /* _MODEL_CHECK_H */
