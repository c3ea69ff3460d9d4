// SPDX-License-Identifier: GPL-2.0
/* The attributes of a context, in the order in which they are printed. */
#include <endian.h>
#include <string.h>

#include "attr.h"
#include "field.h"

const char * const field_states[] = { "half", "echoed", "live", "lost", NULL };
const char * const field_roles[] = {
	"unknown", "initiator", "responder", NULL
};

const char * const field_behind[] = { "unknown", "no", "yes", NULL };
const char * const field_rules[] = { "allow", "assume", "outside", NULL };

const struct field fields[] = {
	{ ESP_NAT_A_CTX_ID, 8, FIELD_NUMBER, false, false, "id", NULL },
	{ ESP_NAT_A_CTX_ACTUAL, 0, FIELD_ENDPOINT, true, false, "actual",
	  NULL },
	{ ESP_NAT_A_CTX_PRESENTED, 0, FIELD_ENDPOINT, true, false, "presented",
	  NULL },
	{ ESP_NAT_A_CTX_HOME, 0, FIELD_ENDPOINT, true, false, "home", NULL },
	{ ESP_NAT_A_CTX_LOCAL, 0, FIELD_ENDPOINT, true, false, "local", NULL },
	{ ESP_NAT_A_CTX_STATE, 4, FIELD_NAME, false, false, "state",
	  field_states },
	{ ESP_NAT_A_CTX_ALIASED, 0, FIELD_FLAG, true, false, "aliased", NULL },
	{ ESP_NAT_A_CTX_GUEST, 0, FIELD_FLAG, false, false, "guest", NULL },
	{ ESP_NAT_A_CTX_PLAIN_SA, 0, FIELD_FLAG, true, false, "plain-sa",
	  NULL },
	{ ESP_NAT_A_CTX_USED_NAT_PORT, 0, FIELD_FLAG, true, false,
	  "used-nat-port", NULL },
	{ ESP_NAT_A_CTX_ROLE, 4, FIELD_NAME, true, false, "role",
	  field_roles },
	{ ESP_NAT_A_CTX_LOCAL_NAT, 4, FIELD_NAME, true, false, "local-nat",
	  field_behind },
	{ ESP_NAT_A_CTX_PEER_NAT, 4, FIELD_NAME, true, false, "peer-nat",
	  field_behind },
	{ ESP_NAT_A_CTX_RULE, 4, FIELD_NAME, false, false, "rule",
	  field_rules },
	{ ESP_NAT_A_CTX_IKE_VERSION, 1, FIELD_NUMBER, true, false,
	  "ike-version", NULL },
	{ ESP_NAT_A_CTX_SPII, 8, FIELD_SPI, true, false, "spii", NULL },
	{ ESP_NAT_A_CTX_AGE, 8, FIELD_NUMBER, false, true, "age", NULL },
	{ ESP_NAT_A_CTX_IDLE, 8, FIELD_NUMBER, false, true, "idle", NULL },
	{ ESP_NAT_A_CTX_MOVES, 4, FIELD_NUMBER, false, true, "moves", NULL },
	{ ESP_NAT_A_CTX_RX_PACKETS, 8, FIELD_NUMBER, false, true, "rx-packets",
	  NULL },
	{ ESP_NAT_A_CTX_RX_BYTES, 8, FIELD_NUMBER, false, true, "rx-bytes",
	  NULL },
	{ ESP_NAT_A_CTX_TX_PACKETS, 8, FIELD_NUMBER, false, true, "tx-packets",
	  NULL },
	{ ESP_NAT_A_CTX_TX_BYTES, 8, FIELD_NUMBER, false, true, "tx-bytes",
	  NULL },
	{ ESP_NAT_A_CTX_DROPS, 8, FIELD_NUMBER, false, true, "drops", NULL },
	{ }
};

/**
 * field_find() - find a field by its name
 * @key: the name
 *
 * Return: the field or NULL.
 */
const struct field *field_find(const char *key)
{
	const struct field *f;

	for (f = fields; f->key; f++)
		if (!strcmp(f->key, key))
			return f;
	return NULL;
}

/**
 * field_name() - a number's name
 * @names: the names
 * @number: the number
 *
 * Return: its name; "?" if it has none.
 */
const char *field_name(const char * const *names, uint64_t number)
{
	uint64_t i;

	for (i = 0; names[i]; i++)
		if (i == number)
			return names[i];
	return "?";
}

/**
 * field_number() - a name's number
 * @names: the names
 * @name: the name
 *
 * Return: its number; -1 if it is none of them.
 */
int field_number(const char * const *names, const char *name)
{
	int i;

	for (i = 0; names[i]; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

/**
 * field_spi() - an IKE SPI
 * @attr: the attribute, or NULL
 *
 * Return: the SPI, host byte order; 0 if there is none.
 */
uint64_t field_spi(const struct nlattr *attr)
{
	return be64toh(attr_number(attr));
}
