// SPDX-License-Identifier: GPL-2.0
/* espnat diag: what may be wrong, and what to do about it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd.h"
#include "diag.h"
#include "out.h"

static bool diag_failed;

/**
 * diag_say() - what a check has found
 * @level: how bad it is
 * @check: its name
 * @remedy: what to do, "" if nothing
 * @format: what it is, as of printf()
 */
void diag_say(enum diag_level level, const char *check, const char *remedy,
	      const char *format, ...)
{
	static const char * const levels[] = { "ok", "warn", "fail" };
	static const enum out_colour colours[] = {
		OUT_GOOD, OUT_WARN, OUT_BAD
	};
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	diag_failed |= level == DIAG_FAIL;
	out_open(NULL, '{');
	out_colour(colours[level]);
	out_text("%-5s", levels[level]);
	out_colour(OUT_PLAIN);
	out_str("check", "", check);
	out_str("level", NULL, levels[level]);
	out_str("text", ": ", text);
	if (*remedy)
		out_str("remedy", "\n      ", remedy);
	out_close('}');
	out_line();
}

static void diag_child(const char * const *argv, int to)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, STDIN_FILENO);
	dup2(to, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	execvp(argv[0], (char * const *)argv);
	_exit(127);
}

/**
 * diag_run() - what does a program say?
 * @argv: it, and its arguments
 * @said: receives the beginning of its output
 * @size: bytes that @said has
 *
 * Return: true if it succeeded.
 */
bool diag_run(const char * const *argv, char *said, size_t size)
{
	size_t have = 0;
	int fds[2], status;
	char rest[4096];
	ssize_t len;
	pid_t pid;

	*said = '\0';
	if (pipe2(fds, O_CLOEXEC))
		return false;
	fflush(stdout);
	pid = fork();
	if (!pid)
		diag_child(argv, fds[1]);
	close(fds[1]);
	while (pid > 0) {
		bool room = have + 1 < size;

		len = read(fds[0], room ? said + have : rest,
			   room ? size - have - 1 : sizeof(rest));
		if (len <= 0)
			break;
		if (room)
			have += len;
	}
	said[have] = '\0';
	close(fds[0]);
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status;
}

/**
 * diag_loadable() - would this module load?
 * @module: its name or alias
 *
 * Return: true if it would, is there or is built in.
 */
bool diag_loadable(const char *module)
{
	const char * const argv[] = {
		"modprobe", "-n", "-q", module, NULL
	};
	char said[16];

	return diag_run(argv, said, sizeof(said));
}

/**
 * diag_main() - check and explain
 * @argc: how many words
 * @argv: "--json": as -j
 *
 * Return: an enum cmd_status; CMD_FAILED if a check failed.
 */
int diag_main(int argc, char **argv)
{
	if (argc && !strcmp(*argv, "--json")) {
		out_json = true;
		argc--, argv++;
	}
	if (cmd_no_more(argc, argv))
		return CMD_USAGE;
	out_open(NULL, '[');
	if (diag_module()) {
		diag_sockets();
		diag_pool();
		diag_clients();
		diag_counters();
	}
	diag_kernel();
	diag_crypto();
	diag_routes();
	diag_firewall();
	diag_clear_text();
	diag_clock();
	out_close(']');
	return diag_failed ? CMD_FAILED : CMD_OK;
}
