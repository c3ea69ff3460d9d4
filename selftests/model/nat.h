/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_NAT_H
#define _MODEL_NAT_H

#include "world.h"

/* the endpoint that somebody has outside, from now on if not before */
struct esp_nat_ep nat_out(struct world *w, int who, int nat, bool float_port,
			  int local);
/* does what is sent to this endpoint reach this client? */
bool nat_reaches(const struct world *w, const struct esp_nat_ep *to, int local,
		 int who);
void nat_forget(struct world *w, int nat, int who);
/* some address that a NAT has */
struct esp_nat_ep nat_any(struct world *w, int nat, bool float_port);

#endif /* _MODEL_NAT_H */
