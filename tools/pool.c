// SPDX-License-Identifier: GPL-2.0
/* espnat pool: the pool of aliases. */
#include <string.h>

#include "attr.h"
#include "cmd.h"
#include "nl.h"
#include "out.h"
#include "pool.h"

/**
 * pool_read() - read the pool from netlink
 * @msg: its attributes
 * @data: a struct pool, which receives it
 *
 * Return: true.
 */
bool pool_read(const struct nlattr **msg, void *data)
{
	const struct nlattr *tb[ESP_NAT_A_POOL_MAX + 1];
	struct pool *pool = data;

	if (!msg[ESP_NAT_A_MSG_POOL])
		return true;
	attr_nest(msg[ESP_NAT_A_MSG_POOL], tb, ESP_NAT_A_POOL_MAX);
	if (!tb[ESP_NAT_A_POOL_FIRST] ||
	    !ep_get(tb[ESP_NAT_A_POOL_FIRST], &pool->first))
		return true;
	pool->known = true;
	pool->prefix_len = attr_number(tb[ESP_NAT_A_POOL_PREFIX_LEN]);
	if (pool->prefix_len <= 32)
		pool->addresses = 1ULL << (32 - pool->prefix_len);
	pool->written = tb[ESP_NAT_A_POOL_WRITTEN];
	pool->covered = tb[ESP_NAT_A_POOL_COVERED];
	pool->given = attr_number(tb[ESP_NAT_A_POOL_GIVEN]);
	pool->lingering = attr_number(tb[ESP_NAT_A_POOL_LINGERING]);
	pool->fixed = attr_number(tb[ESP_NAT_A_POOL_STATIC]);
	return true;
}

/**
 * pool_get() - ask for the pool
 * @pool: receives it
 *
 * Return: 0 or a negative errno.
 */
int pool_get(struct pool *pool)
{
	memset(pool, 0, sizeof(*pool));
	return nl_ask(nl_begin(ESP_NAT_CMD_POOL_GET, 0), pool_read, pool);
}

/**
 * pool_print() - print the members of the pool
 * @pool: the pool
 */
void pool_print(const struct pool *pool)
{
	if (!pool->known)
		return;
	out_ep("first", "", &pool->first);
	out_u64("prefix-len", "/", pool->prefix_len);
	out_flag("written", NULL, pool->written);
	out_text(pool->written ? " written" : " default");
	out_u64("given", " given ", pool->given);
	out_u64("lingering", " lingering ", pool->lingering);
	out_u64("static", " static ", pool->fixed);
	out_flag("covered", ": a route covers it, so no alias is given:"
		 " sysctl net.esp_nat.alias_pool4=PREFIX", pool->covered);
	out_line();
}

/**
 * pool_show() - show the pool of aliases
 * @argc: 0
 * @argv: nothing
 *
 * Return: an enum cmd_status.
 */
int pool_show(int argc, char **argv)
{
	struct pool pool;
	int err;

	if (cmd_no_more(argc, argv))
		return CMD_USAGE;
	if (!nl_open())
		return CMD_FAILED;
	err = pool_get(&pool);
	out_open(NULL, '{');
	if (!err)
		pool_print(&pool);
	out_close('}');
	return cmd_status(err);
}
