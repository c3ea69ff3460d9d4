/* SPDX-License-Identifier: GPL-2.0 */
/* A table of rows, a result a row. */
#ifndef _ESP_NAT_UNIT_TEST_H
#define _ESP_NAT_UNIT_TEST_H

#include <stdio.h>
#include <stdlib.h>

static int test_count, test_failures;

static inline void test_begin(int rows)
{
	printf("KTAP version 1\n1..%d\n", rows);
}

static inline void test_is(const char *name, long got, long want)
{
	test_count++;
	if (got == want) {
		printf("ok %d %s\n", test_count, name);
		return;
	}
	printf("# got %ld, want %ld\n", got, want);
	printf("not ok %d %s\n", test_count, name);
	test_failures++;
}

static inline int test_end(void)
{
	return test_failures ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif /* _ESP_NAT_UNIT_TEST_H */
