// SPDX-License-Identifier: GPL-2.0
/*
 * Runs. To find the shortest that breaks something, parts of it are left out as
 * long as it still breaks something. Each attempt is another process: what breaks
 * may be the module itself.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"

void run_make(struct run *run, u64 seed, u64 number)
{
	u64 rnd = seed * 0x2545f4914f6cdd1dULL + number * 0x9e3779b97f4a7c15ULL;
	unsigned int i;

	run->seed = rnd;
	for (i = 0; i < run->count; i++)
		run->step[i] = steps_next(&rnd);
}

/* What a process says by its exit status of how an invariant was broken. */
static int run_status(const char *how)
{
	unsigned int hash = 5381;

	if (!how)
		return EXIT_SUCCESS;
	while (*how)
		hash = hash * 33 + *how++;
	return 2 + hash % 200;
}

int run_play(const struct run *run, bool tells, char *why)
{
	static struct world w;
	unsigned int i;

	w.tells = tells;
	world_begin(&w, run->seed);
	for (i = 0; i < run->count && !*w.broken; i++)
		steps_take(&w, &run->step[i]);
	w.tells = false;
	world_end(&w);
	memcpy(why, w.broken, sizeof(w.broken));
	return run_status(w.how);
}

/* How does it break something? 0: not at all. Nothing of it is seen. */
static int run_breaks(const struct run *run)
{
	char why[512];
	int status, null;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		null = open("/dev/null", O_WRONLY);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		_exit(run_play(run, false, why));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* Leave out some steps; true: it breaks the same without them. */
static bool run_without(struct run *run, unsigned int at, unsigned int some,
			int how)
{
	struct run less = { .seed = run->seed, .count = run->count - some };

	less.step = malloc((less.count + 1) * sizeof(*less.step));
	assert(less.step);
	memcpy(less.step, run->step, at * sizeof(*less.step));
	memcpy(less.step + at, run->step + at + some,
	       (less.count - at) * sizeof(*less.step));
	if (run_breaks(&less) != how) {
		free(less.step);
		return false;
	}
	memcpy(run->step, less.step, less.count * sizeof(*less.step));
	run->count = less.count;
	free(less.step);
	return true;
}

void run_shrink(struct run *run)
{
	unsigned int some, at, before;
	int how = run_breaks(run);

	do {
		before = run->count;
		for (some = (run->count + 1) / 2; some; some /= 2)
			for (at = 0; at + some <= run->count;)
				if (!run_without(run, at, some, how))
					at += some;
	} while (run->count < before);
}

int run_tell(const struct run *run)
{
	char why[512];
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		/* what the module says of itself comes in its place */
		setvbuf(stdout, NULL, _IOLBF, 0);
		dup2(STDOUT_FILENO, STDERR_FILENO);
		run_play(run, true, why);
		printf("# broken: %s\n", *why ? why : "nothing");
		fflush(stdout);
		_exit(*why ? EXIT_FAILURE : EXIT_SUCCESS);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return EXIT_FAILURE;
	if (!WIFEXITED(status))
		printf("# broken: the module stopped with signal %d\n",
		       WTERMSIG(status));
	return !WIFEXITED(status) || WEXITSTATUS(status) ? EXIT_FAILURE :
							   EXIT_SUCCESS;
}
