// SPDX-License-Identifier: GPL-2.0
/* What monitoring systems read: OpenMetrics text. */
#include <errno.h>
#include <string.h>

#include "counter.h"
#include "ctx.h"
#include "field.h"
#include "metrics.h"

static void metrics_escaped(FILE *to, const char *text)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', to);
		fputc(*text, to);
	}
}

static void metrics_family(FILE *to, const char *name, const char *type,
			   const char *help)
{
	fprintf(to, "# TYPE esp_nat_%s %s\n# HELP esp_nat_%s ", name, type,
		name);
	metrics_escaped(to, help);
	fprintf(to, ".\n");
}

static void metrics_gauge(FILE *to, const char *name, const char *help,
			  uint64_t value)
{
	metrics_family(to, name, "gauge", help);
	fprintf(to, "esp_nat_%s %llu\n", name, (unsigned long long)value);
}

/**
 * metrics_write() - write the counters that are known, and what is so now
 * @to: where
 * @m: what is so now
 */
void metrics_write(FILE *to, const struct metrics *m)
{
	const struct counter *c;
	int state;

	for (c = counters; c->name; c++) {
		if (!c->known)
			continue;
		metrics_family(to, c->name, "counter", c->meaning);
		fprintf(to, "esp_nat_%s_total %llu\n", c->name,
			(unsigned long long)c->value);
	}
	if (m->contexts)
		metrics_family(to, "contexts", "gauge", "contexts by state");
	for (state = 0; m->contexts && field_states[state]; state++)
		fprintf(to, "esp_nat_contexts{state=\"%s\"} %llu\n",
			field_states[state],
			(unsigned long long)m->state[state]);
	if (m->pool) {
		metrics_gauge(to, "pool_given", "aliases that are given",
			      m->given);
		metrics_gauge(to, "pool_reserved", "aliases that are reserved",
			      m->reserved);
		metrics_gauge(to, "pool_addresses", "addresses of the pool",
			      m->addresses);
	}
	fprintf(to, "# EOF\n");
}

static bool metrics_see_pool(const struct nlattr **msg, void *data)
{
	const struct nlattr *tb[ESP_NAT_A_POOL_MAX + 1];
	struct metrics *m = data;
	uint64_t len;

	if (!msg[ESP_NAT_A_MSG_POOL])
		return true;
	nl_attrs(msg[ESP_NAT_A_MSG_POOL], tb, ESP_NAT_A_POOL_MAX);
	len = nl_number(tb[ESP_NAT_A_POOL_PREFIX_LEN]);
	m->pool = true;
	m->given = nl_number(tb[ESP_NAT_A_POOL_GIVEN]);
	m->reserved = nl_number(tb[ESP_NAT_A_POOL_RESERVED]);
	m->addresses = len <= 32 ? 1ULL << (32 - len) : 0;
	return true;
}

/**
 * metrics_show() - ask for what is so now, write all; counter_get() was called
 *
 * Nothing is written if anything cannot be asked for; but who may not see
 * contexts sees the rest.
 *
 * Return: 0 or a negative errno.
 */
int metrics_show(void)
{
	struct ctx_filter any = { .state = -1 };
	struct metrics m = { };
	struct ctx_list list;
	uint64_t state;
	size_t i;
	int err;

	err = ctx_get(&list, &any);
	for (i = 0; i < list.count; i++) {
		state = nl_number(list.ctx[i].tb[ESP_NAT_A_CTX_STATE]);
		if (state <= ESP_NAT_CTX_LOST)
			m.state[state]++;
	}
	ctx_free(&list);
	m.contexts = !err;
	if (!err || err == -EPERM)
		err = nl_ask(nl_begin(ESP_NAT_CMD_POOL_GET, 0),
			     metrics_see_pool, &m);
	if (!err)
		metrics_write(stdout, &m);
	return err;
}
