/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_CMD_H
#define _ESPNAT_CMD_H

#include <stdbool.h>

struct nlattr;

/**
 * enum cmd_status - exit statuses
 * @CMD_OK: success
 * @CMD_FAILED: the kernel has refused, nothing was found, or a check has failed
 * @CMD_USAGE: the words on the command line are wrong
 */
enum cmd_status {
	CMD_OK,
	CMD_FAILED,
	CMD_USAGE,
};

/**
 * struct cmd - a command
 * @name: its name; may be shortened, the first in the table that fits is meant
 * @args: its arguments, for the usage; words in small letters are completed
 * @run: runs it
 * @sub: its commands, ended by one without a name; or NULL
 */
struct cmd {
	const char		*name;
	const char		*args;
	int (*run)(int argc, char **argv);
	const struct cmd	*sub;
};

/* Option -s was given. */
extern bool cmd_more;

extern const struct cmd context_cmds[];
extern const struct cmd alias_cmds[];

int cmd_run(const struct cmd *table, const char *path, int argc, char **argv);
void cmd_complete(const struct cmd *table, int argc, char **argv);
int cmd_status(int err);
int cmd_no_more(int argc, char **argv);

int context_show(int argc, char **argv);
int context_resolve(int argc, char **argv);
int pool_show(int argc, char **argv);
int socket_show(int argc, char **argv);
int stats_show(int argc, char **argv);
bool monitor_see(const struct nlattr **msg, void *data);
int monitor_run(int argc, char **argv);
int diag_main(int argc, char **argv);
int top_run(int argc, char **argv);
int status_show(int argc, char **argv);
int transfer_export(int argc, char **argv);
int transfer_import(int argc, char **argv);

#endif /* _ESPNAT_CMD_H */
