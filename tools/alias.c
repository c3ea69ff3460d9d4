// SPDX-License-Identifier: GPL-2.0
/* espnat alias, espnat pool. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "ep.h"
#include "nl.h"
#include "out.h"

/* ---- the pool ---- */

/**
 * alias_see_pool() - print the members of the pool
 * @msg: what the kernel tells
 * @data: not used
 *
 * Return: true.
 */
bool alias_see_pool(const struct nlattr **msg, void *data)
{
	const struct nlattr *tb[ESP_NAT_A_POOL_MAX + 1];
	struct ep first;

	(void)data;
	if (!msg[ESP_NAT_A_MSG_POOL])
		return true;
	nl_attrs(msg[ESP_NAT_A_MSG_POOL], tb, ESP_NAT_A_POOL_MAX);
	if (!tb[ESP_NAT_A_POOL_FIRST] ||
	    !ep_get(tb[ESP_NAT_A_POOL_FIRST], &first))
		return true;
	out_ep("first", "", &first);
	out_u64("prefix-len", "/", nl_number(tb[ESP_NAT_A_POOL_PREFIX_LEN]));
	out_flag("written", NULL, tb[ESP_NAT_A_POOL_WRITTEN]);
	out_text(tb[ESP_NAT_A_POOL_WRITTEN] ? " written" : " default");
	out_u64("given", " given ", nl_number(tb[ESP_NAT_A_POOL_GIVEN]));
	out_u64("reserved", " reserved ",
		nl_number(tb[ESP_NAT_A_POOL_RESERVED]));
	out_flag("covered", ": a route covers it, so no alias is given:"
		 " sysctl net.esp_nat.alias_pool4=PREFIX",
		 tb[ESP_NAT_A_POOL_COVERED]);
	out_line();
	return true;
}

/**
 * alias_pool_print() - print the pool's members
 *
 * Return: 0 or a negative errno.
 */
int alias_pool_print(void)
{
	return nl_ask(nl_begin(ESP_NAT_CMD_POOL_GET, 0), alias_see_pool, NULL);
}

/**
 * alias_pool() - show the pool of aliases
 * @argc: 0
 * @argv: nothing
 *
 * Return: an enum cmd_status.
 */
int alias_pool(int argc, char **argv)
{
	int err;

	if (cmd_no_more(argc, argv))
		return CMD_USAGE;
	if (!nl_open())
		return CMD_FAILED;
	out_open(NULL, '{');
	err = alias_pool_print();
	out_close('}');
	return cmd_status(err);
}

/* ---- aliases that are kept ---- */

static bool alias_see(const struct nlattr **msg, void *data)
{
	const struct nlattr *tb[ESP_NAT_A_ALIAS_MAX + 1];
	struct ep presented, actual;

	(void)data;
	if (!msg[ESP_NAT_A_MSG_ALIAS])
		return true;
	nl_attrs(msg[ESP_NAT_A_MSG_ALIAS], tb, ESP_NAT_A_ALIAS_MAX);
	if (!tb[ESP_NAT_A_ALIAS_PRESENTED] || !tb[ESP_NAT_A_ALIAS_ACTUAL] ||
	    !ep_get(tb[ESP_NAT_A_ALIAS_PRESENTED], &presented) ||
	    !ep_get(tb[ESP_NAT_A_ALIAS_ACTUAL], &actual))
		return true;
	out_open(NULL, '{');
	out_ep("presented", "", &presented);
	out_ep("actual", " for ", &actual);
	out_flag("used", " used", tb[ESP_NAT_A_ALIAS_USED]);
	out_close('}');
	out_line();
	return true;
}

static int alias_show(int argc, char **argv)
{
	int err;

	if (cmd_no_more(argc, argv))
		return CMD_USAGE;
	if (!nl_open())
		return CMD_FAILED;
	out_open(NULL, '[');
	err = nl_ask(nl_begin(ESP_NAT_CMD_ALIAS_GET, NLM_F_DUMP), alias_see,
		     NULL);
	out_close(']');
	return cmd_status(err);
}

static int alias_reserve(int argc, char **argv)
{
	struct ep alias, peer;
	struct nlmsghdr *nlh;

	if (argc != 3 || strcmp(argv[1], "for") || !ep_parse(argv[0], &alias) ||
	    !ep_parse(argv[2], &peer)) {
		fprintf(stderr, "espnat: reserve ALIAS for ADDRESS[:PORT]\n");
		return CMD_USAGE;
	}
	if (!nl_open())
		return CMD_FAILED;
	nlh = nl_begin(ESP_NAT_CMD_ALIAS_RESERVE, 0);
	ep_put(nlh, ESP_NAT_A_MSG_PRESENTED, &alias);
	ep_put(nlh, ESP_NAT_A_MSG_ACTUAL, &peer);
	return cmd_status(nl_ask(nlh, NULL, NULL));
}

static int alias_release(int argc, char **argv)
{
	struct nlmsghdr *nlh;
	struct ep alias;

	if (argc != 1 || !ep_parse(argv[0], &alias)) {
		fprintf(stderr, "espnat: release ALIAS\n");
		return CMD_USAGE;
	}
	if (!nl_open())
		return CMD_FAILED;
	nlh = nl_begin(ESP_NAT_CMD_ALIAS_RELEASE, 0);
	ep_put(nlh, ESP_NAT_A_MSG_PRESENTED, &alias);
	return cmd_status(nl_ask(nlh, NULL, NULL));
}

const struct cmd alias_cmds[] = {
	{ "show", "", alias_show, NULL },
	{ "reserve", "ALIAS for ADDRESS[:PORT]", alias_reserve, NULL },
	{ "release", "ALIAS", alias_release, NULL },
	{ }
};
