// SPDX-License-Identifier: GPL-2.0
/*
 * The identity rules of the module in random worlds of clients, NATs, a daemon and
 * an attacker: whatever happens, the invariants hold.
 */
#include <getopt.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run.h"

/* seconds between two words of progress */
#define MODEL_PROGRESS	10

/**
 * struct options - what the command line says
 * @seed: the seed
 * @seeds: so many seeds, from that on, a result each
 * @steps: steps of each
 * @length: steps of a world
 * @world: play this one only; less than 0: all
 * @whole: do not shorten what breaks
 */
struct options {
	u64		seed;
	unsigned int	seeds;
	u64		steps;
	unsigned int	length;
	long		world;
	bool		whole;
};

static void model_usage(FILE *to)
{
	fprintf(to, "usage: model [--seed N] [--seeds N] [--steps N] [--length N]\n"
		"             [--world N] [--whole]\n"
		"\n"
		"  --seed N    begin with this seed (1); it repeats a run\n"
		"  --seeds N   play so many seeds, a result each (1)\n"
		"  --steps N   steps for each seed (1000000)\n"
		"  --length N  steps of a world, then another begins (1000)\n"
		"  --world N   play and tell only this world of the seed\n"
		"  --whole     do not look for the shortest steps that break something\n");
}

static bool model_options(int argc, char **argv, struct options *o)
{
	static const struct option known[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "seeds", required_argument, NULL, 'n' },
		{ "steps", required_argument, NULL, 't' },
		{ "length", required_argument, NULL, 'l' },
		{ "world", required_argument, NULL, 'w' },
		{ "whole", no_argument, NULL, 'k' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		u64 n = optarg ? strtoull(optarg, NULL, 0) : 0;

		switch (c) {
		case 's':
			o->seed = n;
			break;
		case 'n':
			o->seeds = n;
			break;
		case 't':
			o->steps = n;
			break;
		case 'l':
			o->length = n;
			break;
		case 'w':
			o->world = n;
			break;
		case 'k':
			o->whole = true;
			break;
		case 'h':
			model_usage(stdout);
			exit(EXIT_SUCCESS);
		default:
			return false;
		}
	}
	return optind == argc && o->length && o->steps && o->seeds;
}

static double model_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* All worlds of a seed; *@at is the one that is played. */
static bool model_worlds(const struct options *o, u64 seed, struct run *run,
			 volatile u64 *at)
{
	u64 worlds = (o->steps + o->length - 1) / o->length;
	double began = model_now(), told = began;
	char why[512];

	for (*at = 0; *at < worlds; ++*at) {
		run_make(run, seed, *at);
		run_play(run, false, why);
		if (*why)
			return false;
		if (model_now() < told + MODEL_PROGRESS)
			continue;
		told = model_now();
		printf("# seed %llu: %llu steps, %.0f a second\n",
		       (unsigned long long)seed,
		       (unsigned long long)*at * o->length,
		       *at * o->length / (told - began));
		fflush(stdout);
	}
	printf("# seed %llu: %llu steps in %.1f s\n", (unsigned long long)seed,
	       (unsigned long long)worlds * o->length, model_now() - began);
	return true;
}

/* A world that breaks something: the shortest way to that, in words. */
static void model_explain(const struct options *o, u64 seed, u64 world,
			  struct run *run)
{
	unsigned int before = o->length;

	run->count = o->length;
	run_make(run, seed, world);
	if (!o->whole)
		run_shrink(run);
	printf("# %u of %u steps of world %llu of seed %llu:\n", run->count,
	       before, (unsigned long long)world, (unsigned long long)seed);
	run_tell(run);
	printf("# again: model --seed %llu --world %llu --length %u\n",
	       (unsigned long long)seed, (unsigned long long)world, before);
}

/* In another process, since what breaks may be the module itself. */
static bool model_seed(const struct options *o, u64 seed, struct run *run)
{
	volatile u64 *at = mmap(NULL, sizeof(*at), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status;
	pid_t pid;

	assert(at != MAP_FAILED);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		bool good = model_worlds(o, seed, run, at);

		fflush(stdout);
		_exit(good ? EXIT_SUCCESS : EXIT_FAILURE);
	}
	assert(pid > 0 && waitpid(pid, &status, 0) == pid);
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	model_explain(o, seed, *at, run);
	return false;
}

int main(int argc, char **argv)
{
	struct options o = {
		.seed = 1, .seeds = 1, .steps = 1000000, .length = 1000,
		.world = -1,
	};
	struct run run = { };
	bool failed = false;
	unsigned int i;

	if (!model_options(argc, argv, &o)) {
		model_usage(stderr);
		return 2;
	}
	run.count = o.length;
	run.step = calloc(o.length, sizeof(*run.step));
	assert(run.step);
	printf("KTAP version 1\n1..%u\n", o.seeds);
	for (i = 0; i < o.seeds; i++) {
		bool good;

		if (o.world >= 0) {
			model_explain(&o, o.seed + i, o.world, &run);
			continue;
		}
		good = model_seed(&o, o.seed + i, &run);
		printf("%sok %u model: seed %llu, %llu steps\n", good ? "" : "not ",
		       i + 1, (unsigned long long)(o.seed + i),
		       (unsigned long long)o.steps);
		failed |= !good;
	}
	free(run.step);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
