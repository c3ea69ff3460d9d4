/* SPDX-License-Identifier: GPL-2.0 */
/* What can happen in a step. */
#ifndef _MODEL_STEPS_H
#define _MODEL_STEPS_H

#include "world.h"

/**
 * struct deed - one kind of step
 * @name: what it is
 * @weight: how often it is chosen
 * @do_it: what happens; a step that is not possible does nothing
 */
struct deed {
	const char	*name;
	unsigned int	weight;
	void		(*do_it)(struct world *w, const struct step *s);
};

extern const struct deed clients_deeds[], daemons_deeds[], evils_deeds[];

/* the next step of a run */
struct step steps_next(u64 *rnd);
/* take it; the invariants are looked at before and after */
void steps_take(struct world *w, const struct step *s);

#endif /* _MODEL_STEPS_H */
