// SPDX-License-Identifier: GPL-2.0
/* The counters; their meanings come from esp_nat/counters.h. */
#include <string.h>

#include "attr.h"
#include "counter.h"
#include "counters.h"
#include "nl.h"

#define COUNTER(name, meaning, remedy) { #name, meaning, remedy, 0, false },

struct counter counters[] = {
	ESP_NAT_STATS(COUNTER)
	{ }
};

static struct counter *counter_find(const char *name)
{
	struct counter *c;

	for (c = counters; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

static bool counter_see(const struct nlattr **msg, void *data)
{
	const struct nlattr *tb[ESP_NAT_A_COUNTER_MAX + 1];
	struct counter *c;

	(void)data;
	if (!msg[ESP_NAT_A_MSG_COUNTER])
		return true;
	attr_nest(msg[ESP_NAT_A_MSG_COUNTER], tb, ESP_NAT_A_COUNTER_MAX);
	if (!tb[ESP_NAT_A_COUNTER_NAME] || !tb[ESP_NAT_A_COUNTER_VALUE])
		return true;
	c = counter_find(attr_text(tb[ESP_NAT_A_COUNTER_NAME]));
	if (c) {
		c->value = attr_number(tb[ESP_NAT_A_COUNTER_VALUE]);
		c->known = true;
	}
	return true;
}

/**
 * counter_get() - ask for the values of all counters
 *
 * Return: 0 or a negative errno.
 */
int counter_get(void)
{
	return nl_ask(nl_begin(ESP_NAT_CMD_COUNTER_GET, NLM_F_DUMP),
		      counter_see, NULL);
}

/**
 * counter_value() - a value that counter_get() has received
 * @name: the counter's name
 *
 * Return: its value, 0 if there is no such counter.
 */
uint64_t counter_value(const char *name)
{
	const struct counter *c = counter_find(name);

	return c ? c->value : 0;
}
