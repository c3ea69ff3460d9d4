/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_OUT_H
#define _ESPNAT_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "ep.h"

/**
 * enum out_colour - what a text is about
 * @OUT_NORMAL: nothing in particular
 * @OUT_GOOD: no problem
 * @OUT_WARN: a possible problem
 * @OUT_BAD: a problem
 * @OUT_ADDR: an address
 */
enum out_colour {
	OUT_NORMAL,
	OUT_GOOD,
	OUT_WARN,
	OUT_BAD,
	OUT_ADDR,
};

/* How to print, set by the options. */
extern bool out_json;
extern bool out_pretty;

void out_begin(void);
void out_open(const char *key, char bracket);
void out_close(char bracket);
void out_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
void out_colour(enum out_colour colour);
void out_str(const char *key, const char *before, const char *value);
void out_u64(const char *key, const char *before, uint64_t value);
void out_hex(const char *key, const char *before, uint64_t value, int digits);
void out_flag(const char *key, const char *word, bool set);
void out_bool(const char *key, bool value);
void out_ep(const char *key, const char *before, const struct ep *ep);
void out_line(void);

#endif /* _ESPNAT_OUT_H */
