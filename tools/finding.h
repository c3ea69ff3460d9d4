/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_FINDING_H
#define _ESPNAT_FINDING_H

#include <stdbool.h>

/**
 * enum finding_level - how bad a finding is
 * @FINDING_OK: it is as it should be
 * @FINDING_WARN: it may be a problem, or could not be looked at
 * @FINDING_FAIL: it is a problem
 */
enum finding_level {
	FINDING_OK,
	FINDING_WARN,
	FINDING_FAIL,
};

void finding_say(enum finding_level level, const char *check,
		 const char *remedy, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
bool finding_failed(void);

#endif /* _ESPNAT_FINDING_H */
