// SPDX-License-Identifier: GPL-2.0
/* espnat alias: static aliases, each of which is kept for a peer. */
#include <stdio.h>
#include <string.h>

#include "attr.h"
#include "cmd.h"
#include "ep.h"
#include "nl.h"
#include "out.h"

static bool alias_see(const struct nlattr **msg, void *data)
{
	const struct nlattr *tb[ESP_NAT_A_ALIAS_MAX + 1];
	struct ep presented, actual;

	(void)data;
	if (!msg[ESP_NAT_A_MSG_ALIAS])
		return true;
	attr_nest(msg[ESP_NAT_A_MSG_ALIAS], tb, ESP_NAT_A_ALIAS_MAX);
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

static int alias_add(int argc, char **argv)
{
	struct ep alias, peer;
	struct nlmsghdr *nlh;

	if (argc != 3 || strcmp(argv[1], "for") || !ep_parse(argv[0], &alias) ||
	    !ep_parse(argv[2], &peer)) {
		fprintf(stderr, "espnat: alias add ALIAS for PEER[:PORT]\n");
		return CMD_USAGE;
	}
	if (!nl_open())
		return CMD_FAILED;
	nlh = nl_begin(ESP_NAT_CMD_ALIAS_ADD, 0);
	ep_put(nlh, ESP_NAT_A_MSG_PRESENTED, &alias);
	ep_put(nlh, ESP_NAT_A_MSG_ACTUAL, &peer);
	return cmd_status(nl_ask(nlh, NULL, NULL));
}

static int alias_del(int argc, char **argv)
{
	struct nlmsghdr *nlh;
	struct ep alias;

	if (argc != 1 || !ep_parse(argv[0], &alias)) {
		fprintf(stderr, "espnat: alias del ALIAS\n");
		return CMD_USAGE;
	}
	if (!nl_open())
		return CMD_FAILED;
	nlh = nl_begin(ESP_NAT_CMD_ALIAS_DEL, 0);
	ep_put(nlh, ESP_NAT_A_MSG_PRESENTED, &alias);
	return cmd_status(nl_ask(nlh, NULL, NULL));
}

const struct cmd alias_cmds[] = {
	{ "show", "", alias_show, NULL },
	{ "add", "ALIAS for PEER[:PORT]", alias_add, NULL },
	{ "del", "ALIAS", alias_del, NULL },
	{ }
};
