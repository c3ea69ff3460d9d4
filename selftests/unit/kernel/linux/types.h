/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module's low files take from the kernel, for user space: as little
 * of each header as they use, as simple as can be. One thread, no RCU: what is
 * freed after a grace period is freed at once, so that the sanitizer sees who
 * uses it too late.
 */
#ifndef _UNIT_LINUX_TYPES_H
#define _UNIT_LINUX_TYPES_H

#include_next <linux/types.h>
#include <arpa/inet.h>
#include <asm/byteorder.h>
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

#define cpu_to_be32		__constant_cpu_to_be32
#define be64_to_cpu		__be64_to_cpu

#define __rcu
#define __percpu
#define __aligned(bytes)		__attribute__((aligned(bytes)))
#define __force
#define __read_mostly
#define likely(x)		(x)
#define unlikely(x)		(x)
#define READ_ONCE(x)		(x)
#define WRITE_ONCE(x, v)	((x) = (v))
#define smp_load_acquire(p)	(*(p))
#define smp_store_release(p, v)	(*(p) = (v))
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#define HZ			250
#define time_before(a, b)	((long)((a) - (b)) < 0)
#define time_after(a, b)	time_before(b, a)
#define jiffies64_to_msecs(j)	((u64)(j) * 1000 / HZ)
/* the test's clock */
extern unsigned long jiffies;

struct rcu_head {
	int unused;
};

#endif /* _UNIT_LINUX_TYPES_H */
