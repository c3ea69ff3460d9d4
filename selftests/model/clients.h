/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_CLIENTS_H
#define _MODEL_CLIENTS_H

#include "daemon.h"

/* a client's newest IKE SA, NULL: it has none */
struct session *clients_session(struct world *w, int who);
/* its newest SAs; @heard: that it knows of */
struct child *clients_child(struct world *w, int who, bool heard);
/* where it is, for its port 4500 or 500 */
struct esp_nat_ep clients_at(struct world *w, int who, bool float_port);
struct esp_nat_ep clients_esp_at(struct world *w, int who,
				 const struct child *c);
/* it says something under an IKE SA */
void clients_say(struct world *w, struct session *s, enum kind kind, u32 id,
		 bool response, enum how how);
/* real ESP comes in, from wherever */
void clients_esp(struct world *w, struct child *c,
		 const struct esp_nat_ep *from, u32 seq);

#endif /* _MODEL_CLIENTS_H */
