/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_COUNTER_H
#define _ESPNAT_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct counter - a counter
 * @name: its name
 * @meaning: what it counts
 * @remedy: what to do if it rises, "" if that is no problem
 * @value: its value
 * @known: the kernel has this counter
 */
struct counter {
	const char	*name;
	const char	*meaning;
	const char	*remedy;
	uint64_t	value;
	bool		known;
};

extern struct counter counters[];

int counter_get(void);
uint64_t counter_value(const char *name);

#endif /* _ESPNAT_COUNTER_H */
