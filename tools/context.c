// SPDX-License-Identifier: GPL-2.0
/* espnat context, espnat resolve. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "ctx.h"
#include "out.h"

static void context_print(const struct ctx_list *list)
{
	size_t i;

	out_open(NULL, '[');
	for (i = 0; i < list->count; i++) {
		out_open(NULL, '{');
		ctx_print(&list->ctx[i], cmd_more);
		out_close('}');
		out_line();
	}
	out_close(']');
}

/**
 * context_show() - show the contexts that match a filter
 * @argc: how many words the filter has
 * @argv: the words
 *
 * Return: an enum cmd_status.
 */
int context_show(int argc, char **argv)
{
	struct ctx_filter filter;
	struct ctx_list list;
	int err;

	if (ctx_parse_filter(argc, argv, &filter))
		return CMD_USAGE;
	if (!nl_open())
		return CMD_FAILED;
	err = ctx_get(&list, &filter);
	if (!err)
		context_print(&list);
	ctx_free(&list);
	return cmd_status(err);
}

/**
 * context_resolve() - show the client that has an address
 * @argc: 1
 * @argv: an alias, a presented or an actual endpoint
 *
 * Return: an enum cmd_status; CMD_FAILED if no client has it.
 */
int context_resolve(int argc, char **argv)
{
	struct ctx_filter by_alias = { .state = -1 }, by_peer = by_alias;
	struct ctx_list list;
	int err;

	if (argc != 1 || !ep_parse(*argv, &by_alias.presented)) {
		fprintf(stderr, "espnat: resolve ADDRESS[:PORT]\n");
		return CMD_USAGE;
	}
	if (!nl_open())
		return CMD_FAILED;
	by_peer.peer = by_alias.presented;
	err = ctx_get(&list, &by_alias);
	if (!err && !list.count) {
		ctx_free(&list);
		err = ctx_get(&list, &by_peer);
	}
	if (err)
		return cmd_status(err);
	context_print(&list);
	if (!list.count)
		fprintf(stderr, "espnat: no client has %s\n", *argv);
	err = !list.count;
	ctx_free(&list);
	return err ? CMD_FAILED : CMD_OK;
}

static int context_del(int argc, char **argv)
{
	struct ctx_filter filter;
	struct nlmsghdr *nlh;

	if (ctx_parse_filter(argc, argv, &filter) || filter.spi ||
	    filter.state >= 0 || filter.aliased ||
	    argc != (filter.local.family && !filter.id ? 4 : 2)) {
		fprintf(stderr,
			"espnat: context del id NUMBER | alias ADDRESS | peer ADDRESS:PORT [local ADDRESS]\n");
		return CMD_USAGE;
	}
	if (!nl_open())
		return CMD_FAILED;
	nlh = nl_begin(ESP_NAT_CMD_CTX_DEL, 0);
	if (filter.id)
		mnl_attr_put_u64(nlh, ESP_NAT_A_MSG_ID, filter.id);
	else if (filter.presented.family)
		ep_put(nlh, ESP_NAT_A_MSG_PRESENTED, &filter.presented);
	else
		ep_put(nlh, ESP_NAT_A_MSG_ACTUAL, &filter.peer);
	if (filter.local.family)
		ep_put(nlh, ESP_NAT_A_MSG_LOCAL, &filter.local);
	return cmd_status(nl_ask(nlh, NULL, NULL));
}

static int context_flush(int argc, char **argv)
{
	if (cmd_no_more(argc, argv))
		return CMD_USAGE;
	if (!nl_open())
		return CMD_FAILED;
	return cmd_status(nl_ask(nl_begin(ESP_NAT_CMD_CTX_FLUSH, 0), NULL,
				 NULL));
}

const struct cmd context_cmds[] = {
	{ "show", "[peer ADDRESS[:PORT]] [alias ADDRESS] [local ADDRESS] [spi SPI] [id NUMBER]"
	  " [state half|echoed|live|lost] [aliased]",
	  context_show, NULL },
	{ "del", "id NUMBER | alias ADDRESS | peer ADDRESS:PORT [local ADDRESS]", context_del,
	  NULL },
	{ "flush", "", context_flush, NULL },
	{ }
};
