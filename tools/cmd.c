// SPDX-License-Identifier: GPL-2.0
/* The words on the command line: which command they name, their completion. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "nl.h"

bool cmd_more;

static const struct cmd *cmd_find(const struct cmd *table, const char *word)
{
	const struct cmd *cmd;

	for (cmd = table; cmd->name; cmd++)
		if (!strcmp(cmd->name, word))
			return cmd;
	for (cmd = table; cmd->name; cmd++)
		if (*word && !strncmp(cmd->name, word, strlen(word)))
			return cmd;
	return NULL;
}

static void cmd_usage(FILE *to, const struct cmd *table, const char *path)
{
	const struct cmd *cmd;

	for (cmd = table; cmd->name; cmd++) {
		if (cmd->sub)
			fprintf(to, "  %s %s help\n", path, cmd->name);
		else
			fprintf(to, "  %s %s%s%s\n", path, cmd->name,
				*cmd->args ? " " : "", cmd->args);
	}
}

/**
 * cmd_run() - run the command that the words name
 * @table: the words that may come first; without any, the first one is run
 * @path: the words before these
 * @argc: how many words there are
 * @argv: the words
 *
 * Return: an enum cmd_status.
 */
int cmd_run(const struct cmd *table, const char *path, int argc, char **argv)
{
	const struct cmd *cmd = table;
	char deeper[64];

	if (argc) {
		if (!strcmp(*argv, "help")) {
			printf("usage:\n");
			cmd_usage(stdout, table, path);
			return CMD_OK;
		}
		cmd = cmd_find(table, *argv);
		if (!cmd) {
			fprintf(stderr, "espnat: unknown command \"%s\"; the commands are:\n",
				*argv);
			cmd_usage(stderr, table, path);
			return CMD_USAGE;
		}
		argc--;
		argv++;
	}
	if (!cmd->sub && argc == 1 && !strcmp(*argv, "help")) {
		printf("usage:\n  %s %s%s%s\n", path, cmd->name,
		       *cmd->args ? " " : "", cmd->args);
		return CMD_OK;
	}
	if (!cmd->sub)
		return cmd->run(argc, argv);
	snprintf(deeper, sizeof(deeper), "%s %s", path, cmd->name);
	return cmd_run(cmd->sub, deeper, argc, argv);
}

/* Print the words in small letters of a command's arguments. */
static void cmd_complete_args(const char *args)
{
	size_t len;

	while (*args) {
		len = strspn(args, "abcdefghijklmnopqrstuvwxyz-");
		if (len > 1)
			printf("%.*s\n", (int)len, args);
		args += len ? len : 1;
	}
}

/**
 * cmd_complete() - print the words that may come next, one a line
 * @table: the words that may come first
 * @argc: how many words have been written
 * @argv: the words, with options
 */
void cmd_complete(const struct cmd *table, int argc, char **argv)
{
	const struct cmd *cmd = NULL;

	for (; argc && table; argc--, argv++) {
		if (!strcmp(*argv, "-n") && argc > 1) {
			argc--, argv++;
		} else if (**argv != '-') {
			cmd = cmd_find(table, *argv);
			table = cmd ? cmd->sub : NULL;
		}
	}
	if (cmd && !cmd->sub)
		cmd_complete_args(cmd->args);
	for (cmd = table; cmd && cmd->name; cmd++)
		printf("%s\n", cmd->name);
	if (table)
		printf("help\n");
}

/**
 * cmd_status() - the exit status of a request; an error is printed
 * @err: what nl_ask() has returned
 *
 * Return: an enum cmd_status.
 */
int cmd_status(int err)
{
	if (!err)
		return CMD_OK;
	nl_complain(err);
	return CMD_FAILED;
}

/**
 * cmd_no_more() - check that no words are left; else say so
 * @argc: how many words are left
 * @argv: the words
 *
 * Return: CMD_OK or CMD_USAGE.
 */
int cmd_no_more(int argc, char **argv)
{
	if (!argc)
		return CMD_OK;
	fprintf(stderr, "espnat: unexpected word \"%s\"\n", *argv);
	return CMD_USAGE;
}
