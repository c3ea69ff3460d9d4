// SPDX-License-Identifier: GPL-2.0
/* espnat stats: the counters. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "counter.h"
#include "metrics.h"
#include "nl.h"
#include "out.h"

static void stats_print(const struct counter *c)
{
	out_open(NULL, '{');
	out_str("name", NULL, c->name);
	out_text("%-24s%llu", c->name, (unsigned long long)c->value);
	out_u64("value", NULL, c->value);
	if (cmd_more) {
		out_str("meaning", "\n    ", c->meaning);
		if (*c->remedy)
			out_str("remedy", "\n    what to do: ", c->remedy);
	}
	out_close('}');
	out_line();
}

static void stats_list(bool all)
{
	const struct counter *c;

	out_open(NULL, '[');
	for (c = counters; c->name; c++)
		if (c->known && (all || c->value))
			stats_print(c);
	out_close(']');
}

/**
 * stats_show() - show the counters
 * @argc: how many words
 * @argv: "all": those that are zero, too; "-s": the same with meanings;
 *	"--openmetrics": as OpenMetrics text
 *
 * Return: an enum cmd_status.
 */
int stats_show(int argc, char **argv)
{
	bool all = cmd_more, openmetrics = false;
	int err;

	for (; argc; argc--, argv++) {
		if (!strcmp(*argv, "all"))
			all = true;
		else if (!strcmp(*argv, "-s"))
			cmd_more = true, all = true;
		else if (!strcmp(*argv, "--openmetrics"))
			openmetrics = true;
		else if (strcmp(*argv, "show"))
			return cmd_no_more(argc, argv);
	}
	if (!nl_open())
		return CMD_FAILED;
	err = counter_get();
	if (!err && openmetrics)
		err = metrics_show();
	else if (!err)
		stats_list(all);
	return cmd_status(err);
}
