// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer on what an administrator writes to net.esp_nat: the input is a row of
 * writes. What is accepted is what was written, by a second reading of the
 * text; it is printed, read again, and is the same. What is refused changes
 * nothing, and no write changes another sysctl.
 */
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <ctype.h>

#include "alias.h"
#include "cover.h"
#include "keepalive.h"
#include "lifecycle.h"
#include "meaning.h"
#include "ports.h"
#include "promise.h"
#include "sa_watch.h"
#include "socket.h"
#include "sysctl.h"

#define TABLES	16
#define TEXT	16384

int allocations = -1;
unsigned long jiffies;

/**
 * struct write - the beginning of a write in the input
 * @table: index of the sysctl
 * @flags: enum write_flags
 * @len: bytes that follow it, at most
 */
struct write {
	uint8_t		table;
	uint8_t		flags;
	uint8_t		len[2];
};

enum write_flags {
	WRITE_NO_MEMORY	= 1 << 0,
	WRITE_IN_USE	= 1 << 1,	/* an alias is */
	WRITE_NO_SOCKET	= 1 << 2,	/* own ones can be had */
	WRITE_FURTHER	= 1 << 3,	/* the file was written to before */
	WRITE_RARE	= 1 << 4,	/* these all count only with it */
};

/* What others were told, and what they say. */
static struct {
	unsigned int	flush, start, again, drop, open, close;
	unsigned int	cover;
	bool		no_socket;
} calls;

static struct net net;
static struct esp_nat_net en;
static const struct ctl_table *table;
static char before[TEXT], after[TEXT];
static struct esp_nat_cfg old_cfg;
static struct esp_nat_prefix old_pool;

/* ---- what is around ---- */

struct esp_nat_sysctl {
	struct ctl_table_header	*header;
	struct ctl_table	table[];
};

int esp_nat_net_cap(const struct esp_nat_net *n)
{
	(void)n;
	return INT_MAX;
}

void esp_nat_lifecycle_flush(struct esp_nat_net *n, enum esp_nat_death why)
{
	PROMISE(n == &en && !en.cfg.enabled && why == ESP_NAT_DEATH_FLUSHED);
	calls.flush++;
}

void esp_nat_sa_watch_start(struct esp_nat_net *n)
{
	PROMISE(n == &en);
	calls.start++;
}

void esp_nat_keepalive_again(struct esp_nat_net *n)
{
	PROMISE(n == &en);
	calls.again++;
}

void esp_nat_ctx_drop_routes(struct esp_nat_table *t)
{
	PROMISE(t == &en.table);
	calls.drop++;
}

int esp_nat_socket_open(struct esp_nat_net *n)
{
	PROMISE(n == &en);
	if (calls.no_socket)
		return -EADDRINUSE;
	calls.open++;
	return 0;
}

void esp_nat_socket_close(struct esp_nat_net *n)
{
	PROMISE(n == &en);
	calls.close++;
}

void esp_nat_cover_again(struct esp_nat_net *n)
{
	PROMISE(n == &en);
	calls.cover++;
}

/* ---- in and out ---- */

/* A text as those see it who read so many bytes at a time. */
static void show(unsigned int i, char *text, size_t step)
{
	size_t len = 0, n;
	loff_t at = 0;

	do {
		n = step;
		PROMISE(len + n <= TEXT - 1);
		PROMISE(!table[i].proc_handler(&table[i], 0, text + len, &n,
					       &at));
		PROMISE(n <= step);
		len += n;
	} while (n);
	text[len] = '\0';
	PROMISE(len && text[len - 1] == '\n' && strlen(text) == len);
	text[len - 1] = '\0';
	PROMISE(!strchr(text, '\n'));
}

/* The kernel puts a zero byte behind what it hands on, and no more. */
static int put(unsigned int i, const char *text, size_t len, loff_t at)
{
	char *copy = malloc(len + 1);
	size_t n = len;
	int err;

	PROMISE(copy);
	memcpy(copy, text, len);
	copy[len] = '\0';
	err = table[i].proc_handler(&table[i], 1, copy, &n, &at);
	PROMISE(err <= 0);
	free(copy);
	return err;
}

/* ---- what a write is ---- */

static bool is_text(unsigned int i)
{
	return !table[i].maxlen;
}

/* A second reading of the text has to come to what is shown. */
static void check_meaning(unsigned int i, const char *text, size_t len,
			  const char *shown)
{
	const char *name = table[i].procname;

	if (!is_text(i))
		PROMISE(meaning_number(text, len, shown));
	else if (!strcmp(name, "block_ports"))
		PROMISE(meaning_ports(text, len, shown));
	else if (!strcmp(name, "never_alias"))
		PROMISE(meaning_prefixes(text, len, shown));
	else
		PROMISE(meaning_pool(text, len, shown, "198.18.0.0/15"));
}

/* Those who ask are told what is shown. */
static void check_use(void)
{
	const struct esp_nat_ports *ports = en.cfg.block_ports;
	const struct esp_nat_never *never = en.cfg.never;
	const struct esp_nat_range *r;
	unsigned int i;

	for (i = 0; never && i < never->count; i++)
		PROMISE(esp_nat_cfg_never(&en.cfg, &never->prefix[i].addr));
	for (i = 0; i < ports->count; i++) {
		r = &ports->range[i];
		PROMISE(esp_nat_ports_has(ports, r->first));
		PROMISE(esp_nat_ports_has(ports, r->last));
		PROMISE(!esp_nat_ports_has(ports, r->first - 1));
		PROMISE(!esp_nat_ports_has(ports, r->last + 1));
	}
}

static void check_range(unsigned int i, const char *shown)
{
	long value = strtol(shown, NULL, 10);

	PROMISE(value >= *(const int *)table[i].extra1);
	PROMISE(value <= *(const int *)table[i].extra2);
}

/* Those who have to know of a change are told of it, once, and of no other. */
static void check_calls(unsigned int i, bool changed, bool accepted)
{
	const char *name = table[i].procname;
	bool is_on = table[i].data == &en.cfg.enabled && changed;

	PROMISE(calls.start == is_on);
	PROMISE(calls.flush == (is_on && !en.cfg.enabled));
	PROMISE(calls.again == (!strcmp(name, "keepalive_interval") && accepted));
	PROMISE(calls.drop == (!strcmp(name, "nat_port") && changed));
	PROMISE(calls.open + calls.close == (!strcmp(name, "listen") && changed));
	PROMISE(calls.close == (calls.open + calls.close && !en.cfg.listen));
	PROMISE(calls.cover == (!strcmp(name, "alias_pool4") && accepted));
}

/* What all the other sysctls are is what it was. */
static void check_others(unsigned int i)
{
	size_t at = (char *)table[i].data - (char *)&en.cfg;
	struct esp_nat_cfg now;

	memcpy(&now, &en.cfg, sizeof(now));
	if (!is_text(i))
		memcpy((char *)&now + at, (char *)&old_cfg + at, sizeof(int));
	else if (!strcmp(table[i].procname, "block_ports"))
		now.block_ports = old_cfg.block_ports;
	else if (!strcmp(table[i].procname, "never_alias"))
		now.never = old_cfg.never;
	else
		old_pool = en.pool.prefix;
	PROMISE(!memcmp(&now, &old_cfg, sizeof(now)));
	PROMISE(!memcmp(&old_pool, &en.pool.prefix, sizeof(old_pool)));
}

static void check_again(unsigned int i)
{
	PROMISE(!put(i, after, strlen(after), 0));
	/* a number is read at once */
	show(i, before, strlen(after) / 3 + 10);
	PROMISE(!strcmp(before, after));
}

static void write_one(unsigned int i, const char *text, size_t len,
		      unsigned int flags)
{
	struct esp_nat_addr alias = esp_nat_addr4(htonl(0x0a000001));
	bool changed;
	int err;

	if (!(flags & WRITE_RARE))
		flags = 0;
	show(i, before, TEXT / 2);
	memcpy(&old_cfg, &en.cfg, sizeof(old_cfg));
	old_pool = en.pool.prefix;
	memset(&calls, 0, sizeof(calls));
	calls.no_socket = flags & WRITE_NO_SOCKET;
	if (flags & WRITE_IN_USE) {
		spin_lock_bh(&en.table.lock);
		PROMISE(!esp_nat_alias_linger(&en.pool, &alias, 1));
		spin_unlock_bh(&en.table.lock);
	}
	allocations = flags & WRITE_NO_MEMORY ? flags >> 5 : -1;
	err = put(i, text, len, flags & WRITE_FURTHER ? 1 : 0);
	allocations = -1;
	if (flags & WRITE_IN_USE) {
		PROMISE(err || strcmp(table[i].procname, "alias_pool4"));
		spin_lock_bh(&en.table.lock);
		esp_nat_alias_sweep(&en.pool, 2);
		spin_unlock_bh(&en.table.lock);
	}
	PROMISE(!en.cfg.lock.held && !en.table.lock.held);
	show(i, after, TEXT / 2);
	changed = strcmp(before, after);
	PROMISE(!err || !changed);
	check_calls(i, changed, !err);
	check_others(i);
	if (err || flags & WRITE_FURTHER)
		return;
	if (!is_text(i))
		check_range(i, after);
	if (len || is_text(i))
		check_meaning(i, text, len, after);
	check_again(i);
	check_use();
}

/* ---- a namespace, each time a new one ---- */

static void begin(void)
{
	memset(&en, 0, sizeof(en));
	en.net = &net;
	spin_lock_init(&en.table.lock);
	PROMISE(!esp_nat_cfg_init(&en.cfg));
	esp_nat_alias_init(&en.pool, NULL, &en.table.lock);
	PROMISE(!esp_nat_sysctl_register(&en));
	PROMISE(en.sysctl->header->count == TABLES);
	table = en.sysctl->header->table;
}

static void end(void)
{
	esp_nat_sysctl_unregister(&en);
	esp_nat_alias_exit(&en.pool);
	esp_nat_cfg_exit(&en.cfg);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct write w;
	size_t len;

	begin();
	while (size >= sizeof(w)) {
		memcpy(&w, data, sizeof(w));
		data += sizeof(w);
		size -= sizeof(w);
		len = w.len[0] << 8 | w.len[1];
		if (len > size)
			len = size;
		write_one(w.table % TABLES, (const char *)data, len, w.flags);
		data += len;
		size -= len;
	}
	end();
	return 0;
}
