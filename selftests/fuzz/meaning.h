/* SPDX-License-Identifier: GPL-2.0 */
/* What Documentation/sysctl.rst says of a text, and whether that is shown. */
#ifndef _ESP_NAT_FUZZ_MEANING_H
#define _ESP_NAT_FUZZ_MEANING_H

#include <stdbool.h>
#include <stddef.h>

bool meaning_number(const char *text, size_t len, const char *shown);
bool meaning_ports(const char *text, size_t len, const char *shown);
bool meaning_prefixes(const char *text, size_t len, const char *shown);
bool meaning_pool(const char *text, size_t len, const char *shown,
		  const char *usual);

#endif /* _ESP_NAT_FUZZ_MEANING_H */
