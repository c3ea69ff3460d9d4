// SPDX-License-Identifier: GPL-2.0
/* Other programs that are run for their output. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.h"

static void program_child(const char * const *argv, int to)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, STDIN_FILENO);
	dup2(to, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	execvp(argv[0], (char * const *)argv);
	_exit(127);
}

/**
 * program_run() - run a program and keep what it prints
 * @argv: the program and its arguments
 * @said: receives the beginning of its output
 * @size: bytes that @said has
 *
 * Return: true if it succeeded.
 */
bool program_run(const char * const *argv, char *said, size_t size)
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
		program_child(argv, fds[1]);
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
 * program_loadable() - ask modprobe(8) whether a module would load
 * @module: its name or alias
 *
 * Return: true if it would, is loaded already or is built in.
 */
bool program_loadable(const char *module)
{
	const char * const argv[] = {
		"modprobe", "-n", "-q", module, NULL
	};
	char said[16];

	return program_run(argv, said, sizeof(said));
}
