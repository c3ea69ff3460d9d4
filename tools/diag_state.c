// SPDX-License-Identifier: GPL-2.0
/* What esp_nat itself shows: pool, clients, block mode, counters. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counter.h"
#include "ctx.h"
#include "diag.h"
#include "tunable.h"

static bool diag_see_pool(const struct nlattr **msg, void *data)
{
	const struct nlattr *tb[ESP_NAT_A_POOL_MAX + 1];
	uint64_t used, size;
	struct ep first;

	(void)data;
	if (!msg[ESP_NAT_A_MSG_POOL])
		return true;
	nl_attrs(msg[ESP_NAT_A_MSG_POOL], tb, ESP_NAT_A_POOL_MAX);
	if (tb[ESP_NAT_A_POOL_COVERED]) {
		diag_say(DIAG_FAIL, "pool",
			 "sysctl net.esp_nat.alias_pool4=PREFIX, one that nobody has",
			 "a route covers the default pool 198.18.0.0/15, or none does: no alias is given");
		return true;
	}
	size = 1ULL << (32 - nl_number(tb[ESP_NAT_A_POOL_PREFIX_LEN]) % 33);
	if (tb[ESP_NAT_A_POOL_FIRST] &&
	    ep_get(tb[ESP_NAT_A_POOL_FIRST], &first))
		diag_aliases(&first, ~(size - 1));
	used = nl_number(tb[ESP_NAT_A_POOL_GIVEN]) +
	       nl_number(tb[ESP_NAT_A_POOL_RESERVED]);
	diag_say(10 * used > 9 * size ? DIAG_WARN : DIAG_OK, "pool",
		 10 * used > 9 * size ?
		 "sysctl net.esp_nat.alias_pool4=PREFIX, a larger one" : "",
		 "%llu of %llu aliases are in use", (unsigned long long)used,
		 (unsigned long long)size);
	return true;
}

/**
 * diag_pool() - can aliases be given?
 */
void diag_pool(void)
{
	nl_ask(nl_begin(ESP_NAT_CMD_POOL_GET, 0), diag_see_pool, NULL);
}

/* ---- clients ---- */

static size_t diag_count(const struct ctx_list *list, int type, uint64_t value)
{
	size_t i, count = 0;

	for (i = 0; i < list->count; i++)
		count += list->ctx[i].tb[type] &&
			 nl_number(list->ctx[i].tb[type]) == value;
	return count;
}

static void diag_rule(const struct ctx_list *list)
{
	long rule = tunable_number("assume_udp_encap_context_on_send");
	bool refuse = tunable_number("refuse_outside_rule") == 1;
	size_t outside, hidden;

	outside = diag_count(list, ESP_NAT_A_CTX_RULE, ESP_NAT_RULE_OUTSIDE);
	hidden = diag_count(list, ESP_NAT_A_CTX_LOCAL_NAT, ESP_NAT_BEHIND_YES);
	if (outside && refuse)
		diag_say(DIAG_FAIL, "rule",
			 "if that NAT is meant to be: sysctl net.esp_nat.assume_udp_encap_context_on_send=1 or 2",
			 "%zu clients are refused, since the rule does not allow their NAT",
			 outside);
	else if (hidden && !rule)
		diag_say(DIAG_WARN, "rule",
			 "sysctl net.esp_nat.assume_udp_encap_context_on_send=1",
			 "this end is behind NAT to %zu clients; the rule, %ld, does not expect that",
			 hidden, rule);
	else
		diag_say(DIAG_OK, "rule", "", "it allows what NAT detection has seen");
}

static void diag_keepalive(const struct ctx_list *list)
{
	size_t behind = diag_count(list, ESP_NAT_A_CTX_PEER_NAT,
				   ESP_NAT_BEHIND_YES);

	if (behind && !tunable_number("keepalive_interval"))
		diag_say(DIAG_WARN, "keepalives",
			 "sysctl net.esp_nat.keepalive_interval=20",
			 "%zu clients are behind NAT, and their NATs may forget them while nobody speaks",
			 behind);
}

static void diag_limit(const struct ctx_list *list)
{
	long most = tunable_number("max_contexts");

	if (most > 0 && 10 * list->count > 9 * (size_t)most)
		diag_say(DIAG_WARN, "max_contexts",
			 "sysctl net.esp_nat.max_contexts=NUMBER",
			 "%zu of %ld clients are there", list->count, most);
	else
		diag_say(DIAG_OK, "clients", "", "%zu, of %ld at most",
			 list->count, most);
}

/**
 * diag_clients() - what do the clients show?
 */
void diag_clients(void)
{
	struct ctx_filter any = { .state = -1 };
	struct ctx_list list;
	int err = ctx_get(&list, &any);

	if (err) {
		diag_say(DIAG_WARN, "clients", "run it as root",
			 "they cannot be looked at: %s", strerror(-err));
		return;
	}
	diag_limit(&list);
	diag_rule(&list);
	diag_keepalive(&list);
	ctx_free(&list);
}

/* ---- L2TP in the clear ---- */

static bool diag_l2tp_open(const char *sockets)
{
	FILE *udp = fopen(sockets, "r");
	unsigned int port;
	char line[256];
	bool found = false;

	while (udp && !found && fgets(line, sizeof(line), udp))
		found = sscanf(line, " %*d: %*[0-9A-F]:%x", &port) == 1 &&
			port == 1701;
	if (udp)
		fclose(udp);
	return found;
}

/**
 * diag_clear_text() - does L2TP speak to who comes without IPsec?
 */
void diag_clear_text(void)
{
	if (!diag_l2tp_open("/proc/net/udp") && !diag_l2tp_open("/proc/net/udp6"))
		diag_say(DIAG_OK, "clear text", "", "nobody is on UDP port 1701");
	else if (tunable_number("block_mode") > 0)
		diag_say(DIAG_OK, "clear text", "",
			 "block mode guards UDP port 1701");
	else
		diag_say(DIAG_WARN, "clear text",
			 "sysctl net.esp_nat.block_mode=2",
			 "an L2TP daemon is on UDP port 1701 and answers who comes without IPsec");
}

/* ---- counters ---- */

/**
 * struct diag_xfrm - a counter of xfrm's that tells of a problem
 * @name: its name in /proc/net/xfrm_stat
 * @meaning: what it says
 * @remedy: what to do
 */
struct diag_xfrm {
	const char	*name;
	const char	*meaning;
	const char	*remedy;
};

static const struct diag_xfrm diag_xfrms[] = {
	{ "XfrmInStateSeqError", "replayed or very late packets",
	  "a larger replay window in the IKE daemon, if the path reorders" },
	{ "XfrmInStateProtoError", "packets that fail their integrity check",
	  "somebody damages or forges packets, or both ends differ in keys" },
	{ "XfrmInStateMismatch", "packets in another form than their SA's",
	  "ESP that GRO takes before esp_nat sees it: rmmod esp4_offload" },
	{ "XfrmInTmplMismatch", "packets that a policy wants otherwise",
	  "ip xfrm policy: one covers what it should not" },
	{ "XfrmInNoPols", "decrypted packets without a policy",
	  "ip xfrm policy, and the IKE daemon's log" },
	{ "XfrmOutNoStates", "packets whose SA was gone",
	  "the IKE daemon's log" },
	{ }
};

static void diag_xfrm_counter(const char *name, unsigned long value)
{
	const struct diag_xfrm *x;

	for (x = diag_xfrms; x->name; x++)
		if (!strcmp(x->name, name) && value)
			diag_say(DIAG_WARN, name, x->remedy, "%lu %s", value,
				 x->meaning);
}

static void diag_xfrm_counters(void)
{
	FILE *stat = fopen("/proc/net/xfrm_stat", "r");
	unsigned long value;
	char name[64];

	while (stat && fscanf(stat, "%63s %lu", name, &value) == 2)
		diag_xfrm_counter(name, value);
	if (stat)
		fclose(stat);
}

/**
 * diag_counters() - counters that say that something is wrong
 */
void diag_counters(void)
{
	const struct counter *c;
	bool some = false;

	if (counter_get())
		return;
	for (c = counters; c->name; c++) {
		if (!c->value || !*c->remedy)
			continue;
		diag_say(DIAG_WARN, c->name, c->remedy, "%llu %s",
			 (unsigned long long)c->value, c->meaning);
		some = true;
	}
	if (!some)
		diag_say(DIAG_OK, "counters", "", "none tells of a problem");
	diag_xfrm_counters();
}
