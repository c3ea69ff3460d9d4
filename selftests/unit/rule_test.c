// SPDX-License-Identifier: GPL-2.0
/* The AssumeUDPEncapsulationContextOnSendRule: every row there is. */
#include <stdbool.h>

#include "rule.h"
#include "test.h"

enum { UNKNOWN, INITIATOR, RESPONDER };	/* enum esp_nat_role */
enum { NO = 1, YES };			/* enum esp_nat_behind, UNKNOWN too */
enum { ALLOW, ASSUME, OUTSIDE };	/* enum esp_nat_rule */

/* this end, local, peer: what the values 0, 1 and 2 say */
struct row {
	int	role;
	int	local;
	int	peer;
	int	want[3];
};

static const struct row rows[] = {
	/* this end is the server, the peer the client */
	{ RESPONDER, UNKNOWN, UNKNOWN,	{ ALLOW,   ASSUME,  ASSUME } },
	{ RESPONDER, UNKNOWN, NO,	{ ALLOW,   ASSUME,  ASSUME } },
	{ RESPONDER, UNKNOWN, YES,	{ ALLOW,   ALLOW,   ASSUME } },
	{ RESPONDER, NO,      UNKNOWN,	{ ALLOW,   ALLOW,   ASSUME } },
	{ RESPONDER, NO,      NO,	{ ALLOW,   ALLOW,   ALLOW } },
	{ RESPONDER, NO,      YES,	{ ALLOW,   ALLOW,   ASSUME } },
	{ RESPONDER, YES,     UNKNOWN,	{ OUTSIDE, ASSUME,  ASSUME } },
	{ RESPONDER, YES,     NO,	{ OUTSIDE, ASSUME,  ASSUME } },
	{ RESPONDER, YES,     YES,	{ OUTSIDE, OUTSIDE, ASSUME } },
	/* this end is the client, the peer the server */
	{ INITIATOR, UNKNOWN, UNKNOWN,	{ ALLOW,   ASSUME,  ASSUME } },
	{ INITIATOR, UNKNOWN, NO,	{ ALLOW,   ALLOW,   ASSUME } },
	{ INITIATOR, UNKNOWN, YES,	{ OUTSIDE, ASSUME,  ASSUME } },
	{ INITIATOR, NO,      UNKNOWN,	{ ALLOW,   ASSUME,  ASSUME } },
	{ INITIATOR, NO,      NO,	{ ALLOW,   ALLOW,   ALLOW } },
	{ INITIATOR, NO,      YES,	{ OUTSIDE, ASSUME,  ASSUME } },
	{ INITIATOR, YES,     UNKNOWN,	{ ALLOW,   ALLOW,   ASSUME } },
	{ INITIATOR, YES,     NO,	{ ALLOW,   ALLOW,   ASSUME } },
	{ INITIATOR, YES,     YES,	{ OUTSIDE, OUTSIDE, ASSUME } },
	/* nobody knows which end is which: what holds for both does */
	{ UNKNOWN,   UNKNOWN, UNKNOWN,	{ ALLOW,   ASSUME,  ASSUME } },
	{ UNKNOWN,   UNKNOWN, NO,	{ ALLOW,   ASSUME,  ASSUME } },
	{ UNKNOWN,   UNKNOWN, YES,	{ ALLOW,   ASSUME,  ASSUME } },
	{ UNKNOWN,   NO,      UNKNOWN,	{ ALLOW,   ASSUME,  ASSUME } },
	{ UNKNOWN,   NO,      NO,	{ ALLOW,   ALLOW,   ALLOW } },
	{ UNKNOWN,   NO,      YES,	{ ALLOW,   ASSUME,  ASSUME } },
	{ UNKNOWN,   YES,     UNKNOWN,	{ ALLOW,   ASSUME,  ASSUME } },
	{ UNKNOWN,   YES,     NO,	{ ALLOW,   ASSUME,  ASSUME } },
	{ UNKNOWN,   YES,     YES,	{ OUTSIDE, OUTSIDE, ASSUME } },
};

static void row(const struct row *r)
{
	static const char * const roles[] = { "?", "client", "server" };
	static const char * const behind[] = { "?", "no", "yes" };
	struct esp_nat_position path = { r->role, r->local, r->peer };
	char name[80];
	int value;

	for (value = 0; value < 3; value++) {
		snprintf(name, sizeof(name),
			 "value %d, this end %s, NAT here %s, there %s", value,
			 roles[r->role], behind[r->local], behind[r->peer]);
		test_is(name, esp_nat_rule_verdict(&path, value),
			r->want[value]);
	}
}

/* Each row of the table is there once: none is forgotten. */
static bool complete(void)
{
	bool seen[3][3][3] = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (seen[rows[i].role][rows[i].local][rows[i].peer])
			return false;
		seen[rows[i].role][rows[i].local][rows[i].peer] = true;
	}
	return ARRAY_SIZE(rows) == 3 * 3 * 3;
}

int main(void)
{
	unsigned int i;

	test_begin(3 * ARRAY_SIZE(rows) + 1);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		row(&rows[i]);
	test_is("each row is there once", complete(), true);
	return test_end();
}
