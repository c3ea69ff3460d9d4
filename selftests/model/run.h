/* SPDX-License-Identifier: GPL-2.0 */
/* Runs: the steps of a seed, and the shortest of them that break something. */
#ifndef _MODEL_RUN_H
#define _MODEL_RUN_H

#include "steps.h"

/**
 * struct run - a world, and what happens in it
 * @seed: of the world
 * @count: how many steps
 * @step: the steps
 */
struct run {
	u64		seed;
	unsigned int	count;
	struct step	*step;
};

/* the run of a world, by number, of a seed; @step has room for @count */
void run_make(struct run *run, u64 seed, u64 number);
/*
 * Play it. Return 0 if nothing was broken, else a number for how; @why, 512 bytes,
 * tells what.
 */
int run_play(const struct run *run, bool tells, char *why);
/* leave out all steps without which the same breaks */
void run_shrink(struct run *run);
/* play it in another process, and tell; returns as a shell has it */
int run_tell(const struct run *run);

#endif /* _MODEL_RUN_H */
