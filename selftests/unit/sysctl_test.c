// SPDX-License-Identifier: GPL-2.0
/* What is written to net.esp_nat, and what is read then. */
#include <linux/kernel.h>
#include <linux/sysctl.h>

#include "cover.h"
#include "keepalive.h"
#include "lifecycle.h"
#include "sa_watch.h"
#include "socket.h"
#include "sysctl.h"
#include "test.h"

unsigned long jiffies;
int allocations = -1;

static struct net net;
static struct esp_nat_net en;
static int routes, cap = INT_MAX;

/* ---- what is around ---- */

struct esp_nat_sysctl {
	struct ctl_table_header	*header;
	struct ctl_table	table[];
};

int esp_nat_net_cap(const struct esp_nat_net *n) { return cap; }
void esp_nat_lifecycle_flush(struct esp_nat_net *n, enum esp_nat_death why) { }
void esp_nat_sa_watch_start(struct esp_nat_net *n) { }
void esp_nat_keepalive_again(struct esp_nat_net *n) { }
void esp_nat_socket_close(struct esp_nat_net *n) { }
void esp_nat_cover_again(struct esp_nat_net *n) { }

void esp_nat_ctx_drop_routes(struct esp_nat_table *t)
{
	routes++;
}

int esp_nat_socket_open(struct esp_nat_net *n)
{
	return -EADDRINUSE;
}

/* ---- in and out ---- */

/**
 * struct row - a write
 * @name: of the sysctl
 * @text: what is written
 * @shown: what is read then; NULL: it is refused
 */
struct row {
	const char	*name;
	const char	*text;
	const char	*shown;
};

static const struct row rows[] = {
	{ "block_ports", "1701\n", "1701" },
	{ "block_ports", "1701\n1702\n\n4000-5000", "1701-1702,4000-5000" },
	{ "block_ports", "5,7 6,10-20\t15-30", "5-7,10-30" },
	{ "block_ports", "0", NULL },
	{ "block_ports", "20-10", NULL },
	{ "block_ports", "+5", NULL },
	{ "block_ports", "", "" },
	{ "never_alias", "192.0.2.7,2001:db8::/32\n",
	  "192.0.2.7/32,2001:db8::/32" },
	{ "never_alias", "0.0.0.0/0\n::/0\n", "0.0.0.0/0,::/0" },
	{ "never_alias", "192.0.2.7x", NULL },
	{ "never_alias", "192.0.2.7:80", NULL },
	{ "never_alias", "fe80::1%eth0", NULL },
	{ "never_alias", "192.0.2.0/+24", NULL },
	{ "never_alias", "192.0.2.1/24", NULL },
	{ "never_alias", "\n", "" },
	{ "alias_pool4", " 10.0.0.0/8\n", "10.0.0.0/8" },
	{ "alias_pool4", "10.0.0.0", NULL },
	{ "alias_pool4", "10.0.0.0/8\n11.0.0.0/8", NULL },
	{ "alias_pool4", "\n", "198.18.0.0/15" },
	{ "nat_port", "4501\n", "4501" },
	{ "nat_port", "0", NULL },
	{ "nat_port", "65536", NULL },
	{ "listen", "1", NULL },
};

static const struct ctl_table *find(const char *name)
{
	const struct ctl_table *table = en.sysctl->header->table;

	while (strcmp(table->procname, name))
		table++;
	return table;
}

static int put(const struct ctl_table *table, const char *text, size_t len)
{
	char copy[8192];
	loff_t at = 0;

	memcpy(copy, text, len);
	return table->proc_handler(table, 1, copy, &len, &at);
}

/* Without its newline. */
static void show(const struct ctl_table *table, char *text, size_t size)
{
	loff_t at = 0;

	if (table->proc_handler(table, 0, text, &size, &at) || !size)
		abort();
	text[size - 1] = '\0';
}

static void test_row(const struct row *row)
{
	const struct ctl_table *table = find(row->name);
	char was[64], is[64];
	int err;

	show(table, was, sizeof(was));
	err = put(table, row->text, strlen(row->text));
	show(table, is, sizeof(is));
	test_is(row->name, !err, !!row->shown);
	test_is("is shown", !strcmp(is, row->shown ?: was), 1);
}

/* ::,::,... is shown with the length of each prefix, so that less of it fits */
static void test_long(size_t count, bool fits)
{
	const struct ctl_table *table = find("never_alias");
	char text[4096], is[8192];
	size_t i;

	for (i = 0; i < count; i++)
		memcpy(text + 3 * i, "::,", 3);
	test_is("a long list", !put(table, text, 3 * count), fits);
	show(table, is, sizeof(is));
	test_is("is shown whole", strlen(is), fits ? 7 * count - 1 : 0);
}

/* What the initial namespace has is the most for others. */
static void test_cap(void)
{
	const struct ctl_table *table = find("max_contexts");
	char is[16];

	cap = 100;
	test_is("up to the cap", put(table, "100\n", 4), 0);
	test_is("beyond it", put(table, "101\n", 4), -EPERM);
	show(table, is, sizeof(is));
	test_is("is as it was", atoi(is), 100);
	cap = INT_MAX;
	test_is("without one", put(table, "101\n", 4), 0);
}

int main(void)
{
	size_t i;

	test_begin(2 * ARRAY_SIZE(rows) + 10);
	spin_lock_init(&en.table.lock);
	en.net = &net;
	if (esp_nat_cfg_init(&en.cfg))
		abort();
	esp_nat_alias_init(&en.pool, NULL, &en.table.lock);
	if (esp_nat_sysctl_register(&en))
		abort();
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		test_row(&rows[i]);
	test_is("routes may go by nat_port", routes, 1);
	test_is("a zero byte", put(find("block_ports"), "1\0002", 3), -EINVAL);
	put(find("never_alias"), "", 0);
	test_long(1365, false);
	test_long(585, true);
	test_cap();
	esp_nat_sysctl_unregister(&en);
	esp_nat_alias_exit(&en.pool);
	esp_nat_cfg_exit(&en.cfg);
	return test_end();
}
