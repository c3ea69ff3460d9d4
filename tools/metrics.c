// SPDX-License-Identifier: GPL-2.0
/* Counters and gauges as OpenMetrics text, for monitoring systems. */
#include <errno.h>
#include <string.h>

#include "attr.h"
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
 * metrics_write() - write counters and gauges
 * @to: where
 * @m: the gauges
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
	if (m->pool.known) {
		metrics_gauge(to, "pool_given", "aliases that are given",
			      m->pool.given);
		metrics_gauge(to, "pool_lingering",
			      "aliases without a context that an SA may still use",
			      m->pool.lingering);
		metrics_gauge(to, "pool_static",
			      "aliases that an administrator keeps for a peer",
			      m->pool.fixed);
		metrics_gauge(to, "pool_addresses", "addresses of the pool",
			      m->pool.addresses);
	}
	fprintf(to, "# EOF\n");
}

/**
 * metrics_show() - ask for the gauges, write all; counter_get() was called
 *
 * Nothing is written if a request fails; but without the privilege to see
 * contexts, the rest is written.
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
		state = attr_number(list.ctx[i].tb[ESP_NAT_A_CTX_STATE]);
		if (state <= ESP_NAT_CTX_LOST)
			m.state[state]++;
	}
	ctx_free(&list);
	m.contexts = !err;
	if (!err || err == -EPERM)
		err = pool_get(&m.pool);
	if (!err)
		metrics_write(stdout, &m);
	return err;
}
