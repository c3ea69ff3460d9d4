/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_CMD_H
#define _ESPNAT_CMD_H

#include <stdbool.h>

struct nlattr;

/**
 * enum cmd_status - exit statuses
 * @CMD_OK: all is well
 * @CMD_FAILED: the kernel, or what was asked for, says no
 * @CMD_USAGE: the words make no sense
 */
enum cmd_status {
	CMD_OK,
	CMD_FAILED,
	CMD_USAGE,
};

/**
 * struct cmd - a word, and what it does
 * @name: the word; of its beginnings, those that come first in the table count
 * @args: what may stand behind it, for the usage; its words in small letters
 *	are completed
 * @run: does it
 * @sub: words that may come next, ended by one without a name; or NULL
 */
struct cmd {
	const char		*name;
	const char		*args;
	int (*run)(int argc, char **argv);
	const struct cmd	*sub;
};

/* -s was given. */
extern bool cmd_more;

extern const struct cmd context_cmds[];
extern const struct cmd alias_cmds[];

int cmd_run(const struct cmd *table, const char *path, int argc, char **argv);
void cmd_complete(const struct cmd *table, int argc, char **argv);
int cmd_status(int err);
int cmd_no_more(int argc, char **argv);

int context_show(int argc, char **argv);
int context_resolve(int argc, char **argv);
int alias_pool(int argc, char **argv);
int alias_pool_print(void);
bool alias_see_pool(const struct nlattr **msg, void *data);
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
