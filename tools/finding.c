// SPDX-License-Identifier: GPL-2.0
/* What a check of espnat diag has found: a line, or an object of JSON. */
#include <stdarg.h>
#include <stdio.h>

#include "finding.h"
#include "out.h"

static bool finding_fail;

/**
 * finding_say() - print what a check has found
 * @level: how bad it is
 * @check: the name of the check
 * @remedy: what to do, "" if nothing
 * @format: what was found, as of printf()
 */
void finding_say(enum finding_level level, const char *check,
		 const char *remedy, const char *format, ...)
{
	static const char * const levels[] = { "ok", "warn", "fail" };
	static const enum out_colour colours[] = {
		OUT_GOOD, OUT_WARN, OUT_BAD
	};
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	finding_fail |= level == FINDING_FAIL;
	out_open(NULL, '{');
	out_colour(colours[level]);
	out_text("%-5s", levels[level]);
	out_colour(OUT_NORMAL);
	out_str("check", "", check);
	out_str("level", NULL, levels[level]);
	out_str("text", ": ", text);
	if (*remedy)
		out_str("remedy", "\n      ", remedy);
	out_close('}');
	out_line();
}

/**
 * finding_failed() - tell whether any check has failed
 *
 * Return: true if one has.
 */
bool finding_failed(void)
{
	return finding_fail;
}
