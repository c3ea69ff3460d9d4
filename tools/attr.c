// SPDX-License-Identifier: GPL-2.0
/* Attributes of netlink: nests, strings, numbers. */
#include <libmnl/libmnl.h>
#include <string.h>

#include "attr.h"

/**
 * attr_nest() - sort the attributes of a nest by type
 * @nest: the nest
 * @tb: receives them by type, NULL for those that are not there
 * @max: highest type that matters
 *
 * If there are several of one type, the first is taken.
 */
void attr_nest(const struct nlattr *nest, const struct nlattr **tb,
	       uint16_t max)
{
	const struct nlattr *attr;
	uint16_t type;

	memset(tb, 0, (max + 1) * sizeof(*tb));
	mnl_attr_for_each_nested(attr, nest) {
		type = mnl_attr_get_type(attr);
		if (type <= max && !tb[type])
			tb[type] = attr;
	}
}

/**
 * attr_text() - read a string
 * @attr: the attribute, or NULL
 *
 * Return: the string; "?" if it has no end.
 */
const char *attr_text(const struct nlattr *attr)
{
	if (!attr || mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) < 0)
		return "?";
	return mnl_attr_get_str(attr);
}

/**
 * attr_number() - read a number of any width
 * @attr: the attribute, or NULL
 *
 * Return: the number, 0 if there is none.
 */
uint64_t attr_number(const struct nlattr *attr)
{
	if (!attr)
		return 0;
	switch (mnl_attr_get_payload_len(attr)) {
	case sizeof(uint8_t):
		return mnl_attr_get_u8(attr);
	case sizeof(uint16_t):
		return mnl_attr_get_u16(attr);
	case sizeof(uint32_t):
		return mnl_attr_get_u32(attr);
	case sizeof(uint64_t):
		return mnl_attr_get_u64(attr);
	default:
		return 0;
	}
}
