/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_FIELD_H
#define _ESPNAT_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "nl.h"

/**
 * enum field_kind - what an attribute holds
 * @FIELD_ENDPOINT: a nest, an endpoint
 * @FIELD_FLAG: nothing; it is present or not
 * @FIELD_NUMBER: a number
 * @FIELD_NAME: a number that has a name
 * @FIELD_SPI: eight bytes, big endian
 */
enum field_kind {
	FIELD_ENDPOINT,
	FIELD_FLAG,
	FIELD_NUMBER,
	FIELD_NAME,
	FIELD_SPI,
};

/**
 * struct field - an attribute of a context
 * @type: ESP_NAT_A_CTX_*
 * @width: bytes of a number
 * @kind: what it holds
 * @lasts: it is exported; false if it changes with time
 * @more: it is printed only with -s
 * @key: its name in the specification
 * @names: the names of the numbers, ended by NULL
 */
struct field {
	uint16_t		type;
	uint8_t			width;
	enum field_kind		kind;
	bool			lasts;
	bool			more;
	const char		*key;
	const char * const	*names;
};

extern const struct field fields[];
extern const char * const field_states[];
extern const char * const field_roles[];
extern const char * const field_behind[];
extern const char * const field_rules[];

const struct field *field_find(const char *key);
const char *field_name(const char * const *names, uint64_t number);
int field_number(const char * const *names, const char *name);
uint64_t field_spi(const struct nlattr *attr);

#endif /* _ESPNAT_FIELD_H */
