// SPDX-License-Identifier: GPL-2.0
/* Steps are chosen by weight, and taken. */
#include "check.h"
#include "gateway.h"
#include "steps.h"

static const struct deed * const steps_all[] = {
	clients_deeds, daemons_deeds, evils_deeds,
};

/* The deed of a number: of those of a weight, or the weight of all. */
static const struct deed *steps_deed(unsigned int number, bool by_weight)
{
	const struct deed *deed;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(steps_all); i++)
		for (deed = steps_all[i]; deed->name; deed++) {
			unsigned int take = by_weight ? deed->weight : 1;

			if (number < take)
				return deed;
			number -= take;
		}
	return NULL;
}

static unsigned int steps_count(bool by_weight)
{
	const struct deed *deed;
	unsigned int i, sum = 0;

	for (i = 0; i < ARRAY_SIZE(steps_all); i++)
		for (deed = steps_all[i]; deed->name; deed++)
			sum += by_weight ? deed->weight : 1;
	return sum;
}

static u64 steps_random(u64 *state)
{
	u64 z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

struct step steps_next(u64 *rnd)
{
	u64 a = steps_random(rnd), b = steps_random(rnd);
	const struct deed *deed = steps_deed(a % steps_count(true), true);
	struct step s = {
		.who = (a >> 32) % CLIENTS, .a = a >> 40, .b = a >> 48,
		.rnd = b,
	};

	while (steps_deed(s.op, false) != deed)
		s.op++;
	return s;
}

void steps_take(struct world *w, const struct step *s)
{
	bool was_short = w->ran;

	w->rnd = s->rnd;
	/* nothing happens at once */
	gateway_wait(w, 1);
	w->actor = NOBODY;
	w->proves = false;
	check_before(w);
	steps_deed(s->op, false)->do_it(w, s);
	/* what finds no memory is the step after that which says so */
	if (was_short)
		gateway_memory(w, -1);
	check_after(w);
}
