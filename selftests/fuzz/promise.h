/* SPDX-License-Identifier: GPL-2.0 */
/* What is not so ends the run, and its input is kept. */
#ifndef _ESP_NAT_FUZZ_PROMISE_H
#define _ESP_NAT_FUZZ_PROMISE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define PROMISE(what) \
	do { \
		if (!(what)) { \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, \
				__LINE__, #what); \
			abort(); \
		} \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* _ESP_NAT_FUZZ_PROMISE_H */
