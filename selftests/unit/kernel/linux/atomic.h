/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_ATOMIC_H
#define _UNIT_LINUX_ATOMIC_H

#include <linux/types.h>

typedef struct {
	long long value;
} atomic64_t;

#define atomic64_read(v)	((v)->value)
#define atomic64_inc(v)		((void)(v)->value++)
#define atomic64_add(n, v)	((void)((v)->value += (n)))

#endif /* _UNIT_LINUX_ATOMIC_H */
