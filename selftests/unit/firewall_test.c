// SPDX-License-Identifier: GPL-2.0
/*
 * espnat diag: what nft(8) prints is read as it is meant. The rules, and what
 * becomes of packets, are in rulesets.json; see rulesets.py.
 */
#include <jansson.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "firewall.h"
#include "selector.h"
#include "test.h"

static const char fates[] = {
	[FIREWALL_PASSES] = 'P', [FIREWALL_UNREAD] = 'U', [FIREWALL_DROPS] = 'D',
};

static const struct {
	const char		*key;
	struct selector_packet	packets[4];
} questions[] = {
	{ "in", {
		{ .proto = IPPROTO_UDP, .port = 4500, .device = "wan0" },
		{ .proto = IPPROTO_UDP, .port = 500, .device = "wan0" },
		{ .proto = IPPROTO_ESP, .device = "wan0" } } },
	{ "from", {
		{ .proto = IPPROTO_UDP, .port = 1701, .device = "wan0",
		  .decrypted = true, .first = 0xc6120000, .last = 0xc613ffff },
		} },
	{ "to", {
		{ .proto = IPPROTO_UDP, .device = "wan0", .out = true,
		  .decrypted = true, .first = 0xc6120000, .last = 0xc613ffff },
		} },
};

/* The letters of what becomes of the packets of a question. */
static const char *answer(const char *text, size_t question)
{
	const struct selector_packet *p = questions[question].packets;
	json_t *root = json_loads(text, 0, NULL);
	static char letters[4];
	const char *chain;
	size_t i;

	memset(letters, 0, sizeof(letters));
	for (i = 0; root && p[i].proto; i++)
		letters[i] = fates[firewall_fate(root, &p[i], &chain)];
	json_decref(root);
	return letters;
}

static void test_case(const json_t *item, const char *text)
{
	const char *is, *want;
	char name[256];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(questions); i++) {
		want = json_string_value(json_object_get(item,
							 questions[i].key));
		if (!want)
			continue;
		is = answer(text, i);
		snprintf(name, sizeof(name), "%s: %s is %s",
			 json_string_value(json_object_get(item, "what")),
			 questions[i].key, is);
		test_is(name, strcmp(is, want), 0);
	}
}

/* Whatever stands there, there is an answer. */
static int survives(char *text, size_t from)
{
	size_t i, q, len = strlen(text);

	for (i = from; i < len; i += 7) {
		char was = text[i];

		text[i] = 'x';
		for (q = 0; q < ARRAY_SIZE(questions); q++)
			answer(text, q);
		text[i] = '\0';
		answer(text, 0);
		text[i] = was;
	}
	return 1;
}

static int count(const json_t *cases)
{
	const json_t *item;
	size_t i, q;
	int all = 1;

	json_array_foreach(cases, i, item)
		for (q = 0; q < ARRAY_SIZE(questions); q++)
			all += !!json_object_get(item, questions[q].key);
	return all;
}

int main(void)
{
	json_t *cases = json_load_file("rulesets.json", 0, NULL), *item;
	int good = json_array_size(cases) > 0;
	size_t i;

	test_begin(count(cases));
	json_array_foreach(cases, i, item) {
		char *text = json_dumps(json_object_get(item, "ruleset"), 0);

		test_case(item, text);
		good &= survives(text, i % 7);
		free(text);
	}
	test_is("what is damaged or cut off anywhere", good, 1);
	json_decref(cases);
	return test_end();
}
