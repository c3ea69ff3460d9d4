/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_DIAG_H
#define _ESPNAT_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ep;

/**
 * enum diag_level - what a check has found
 * @DIAG_OK: it is as it should be
 * @DIAG_WARN: it may be a problem, or could not be looked at
 * @DIAG_FAIL: it is one
 */
enum diag_level {
	DIAG_OK,
	DIAG_WARN,
	DIAG_FAIL,
};

void diag_say(enum diag_level level, const char *check, const char *remedy,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));
bool diag_run(const char * const *argv, char *said, size_t size);
bool diag_loadable(const char *module);

void diag_aliases(const struct ep *first, uint32_t mask);

/* The checks, in their order. */
bool diag_module(void);
void diag_kernel(void);
void diag_crypto(void);
void diag_sockets(void);
void diag_firewall(void);
void diag_pool(void);
void diag_routes(void);
void diag_clients(void);
void diag_clear_text(void);
void diag_counters(void);
void diag_clock(void);

#endif /* _ESPNAT_DIAG_H */
