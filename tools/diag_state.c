// SPDX-License-Identifier: GPL-2.0
/* Checks of what esp_nat reports: pool, clients, block mode, counters. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "counter.h"
#include "ctx.h"
#include "diag_net.h"
#include "diag_state.h"
#include "finding.h"
#include "pool.h"
#include "tunable.h"

static void diag_pool_use(const struct pool *pool)
{
	uint64_t used = pool->given + pool->lingering;
	enum finding_level level = FINDING_OK;
	const char *remedy = "";

	if (10 * used > 9 * pool->addresses) {
		level = FINDING_WARN;
		remedy = "sysctl net.esp_nat.alias_pool4=PREFIX, a larger one";
	}
	finding_say(level, "pool", remedy, "%llu of %llu aliases are in use",
		    (unsigned long long)used,
		    (unsigned long long)pool->addresses);
}

/**
 * diag_pool() - check whether aliases can be given
 */
void diag_pool(void)
{
	struct pool pool;

	if (pool_get(&pool) || !pool.known)
		return;
	if (pool.covered) {
		finding_say(FINDING_FAIL, "pool",
			    "sysctl net.esp_nat.alias_pool4=PREFIX, an unused one",
			    "a route other than the default route covers the default pool 198.18.0.0/15, or no route does: no alias is given");
		return;
	}
	diag_aliases(&pool.first, ~(pool.addresses - 1));
	diag_pool_use(&pool);
}

/* ---- clients ---- */

static size_t diag_count(const struct ctx_list *list, int type, uint64_t value)
{
	size_t i, count = 0;

	for (i = 0; i < list->count; i++)
		count += list->ctx[i].tb[type] &&
			 attr_number(list->ctx[i].tb[type]) == value;
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
		finding_say(FINDING_FAIL, "rule",
			    "if that NAT is intended: sysctl net.esp_nat.assume_udp_encap_context_on_send=1 or 2",
			    "%zu clients are refused: the rule does not allow their NAT",
			    outside);
	else if (hidden && !rule)
		finding_say(FINDING_WARN, "rule",
			    "sysctl net.esp_nat.assume_udp_encap_context_on_send=1",
			    "for %zu clients this end is behind NAT, which the rule, %ld, does not allow",
			    hidden, rule);
	else
		finding_say(FINDING_OK, "rule", "", "the rule allows all NATs that were detected");
}

static void diag_keepalive(const struct ctx_list *list)
{
	size_t behind = diag_count(list, ESP_NAT_A_CTX_PEER_NAT,
				   ESP_NAT_BEHIND_YES);

	if (behind && !tunable_number("keepalive_interval"))
		finding_say(FINDING_WARN, "keepalives",
			    "sysctl net.esp_nat.keepalive_interval=20",
			    "%zu clients are behind NAT, and their NATs may forget them while they are silent",
			    behind);
}

static void diag_limit(const struct ctx_list *list)
{
	long most = tunable_number("max_contexts");

	if (most > 0 && 10 * list->count > 9 * (size_t)most)
		finding_say(FINDING_WARN, "max_contexts",
			    "sysctl net.esp_nat.max_contexts=NUMBER",
			    "there are %zu clients, of at most %ld", list->count, most);
	else
		finding_say(FINDING_OK, "clients", "", "there are %zu, of at most %ld",
			    list->count, most);
}

/**
 * diag_clients() - check the clients against limits and rule
 */
void diag_clients(void)
{
	struct ctx_filter any = { .state = -1 };
	struct ctx_list list;
	int err = ctx_get(&list, &any);

	if (err) {
		finding_say(FINDING_WARN, "clients", "run it as root",
			    "the clients cannot be listed: %s", strerror(-err));
		return;
	}
	diag_limit(&list);
	diag_rule(&list);
	diag_keepalive(&list);
	diag_sources(&list);
	ctx_free(&list);
}

/* ---- L2TP in clear text ---- */

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
 * diag_clear_text() - check whether L2TP in clear text is answered
 */
void diag_clear_text(void)
{
	if (!diag_l2tp_open("/proc/net/udp") && !diag_l2tp_open("/proc/net/udp6"))
		finding_say(FINDING_OK, "clear text", "", "no process is on UDP port 1701");
	else if (tunable_number("block_mode") > 0)
		finding_say(FINDING_OK, "clear text", "",
			    "block mode guards UDP port 1701");
	else
		finding_say(FINDING_WARN, "clear text",
			    "sysctl net.esp_nat.block_mode=2",
			    "an L2TP daemon is on UDP port 1701 and answers clients without IPsec, too");
}

/* ---- counters ---- */

/**
 * struct diag_xfrm - a counter of xfrm that points to a problem
 * @name: its name in /proc/net/xfrm_stat
 * @meaning: what it counts
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
	  "packets are damaged or forged, or the ends have different keys" },
	{ "XfrmInStateMismatch", "packets whose encapsulation is not that of their SA",
	  "ESP that GRO takes before esp_nat sees it: rmmod esp4_offload" },
	{ "XfrmInTmplMismatch", "packets that do not match their policy",
	  "ip xfrm policy: one covers too much" },
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
			finding_say(FINDING_WARN, name, x->remedy, "%lu %s", value,
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
 * diag_counters() - report the counters that point to a problem
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
		finding_say(FINDING_WARN, c->name, c->remedy, "%llu %s",
			    (unsigned long long)c->value, c->meaning);
		some = true;
	}
	if (!some)
		finding_say(FINDING_OK, "counters", "", "no counter points to a problem");
	diag_xfrm_counters();
}
