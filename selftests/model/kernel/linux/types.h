/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module's files take from the kernel, for user space: as little
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
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s64 s64;

#define __rcu
#define __percpu
#define __read_mostly
#define READ_ONCE(x)		(x)
#define WRITE_ONCE(x, v)	((x) = (v))
#define smp_load_acquire(p)	(*(p))
#define smp_store_release(p, v)	(*(p) = (v))
#define likely(x)		(x)
#define fallthrough		__attribute__((__fallthrough__))
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define min(a, b)		((a) < (b) ? (a) : (b))
#define max(a, b)		((a) > (b) ? (a) : (b))
#define clamp(x, lo, hi)	min(max(x, lo), hi)

#define cpu_to_be32(x)		__constant_cpu_to_be32(x)

#define MAX_ERRNO		4095
#define IS_ERR(p)		((unsigned long)(p) >= (unsigned long)-MAX_ERRNO)
#define IS_ERR_OR_NULL(p)	(!(p) || IS_ERR(p))
#define PTR_ERR(p)		((long)(p))
#define ERR_PTR(err)		((void *)(long)(err))

#define HZ			250
#define time_after(a, b)	((long)((b) - (a)) < 0)
#define time_before(a, b)	time_after(b, a)
#define time_after_eq(a, b)	((long)((a) - (b)) >= 0)
#define time_before64(a, b)	((s64)((a) - (b)) < 0)
#define get_jiffies_64()	((u64)jiffies)
/* the test's clock */
extern unsigned long jiffies;

struct rcu_head {
	int unused;
};

struct net;
struct net_device;
struct sk_buff;

typedef struct {
	s64 counter;
} atomic64_t;

#define atomic64_inc(v)		((v)->counter++)
#define atomic64_add(n, v)	((v)->counter += (n))
#define atomic64_read(v)	((v)->counter)
#define cond_resched()		((void)0)

static inline bool test_bit(int bit, const unsigned long *word)
{
	return *word & 1UL << bit;
}

static inline void set_bit(int bit, unsigned long *word)
{
	*word |= 1UL << bit;
}

static inline bool test_and_set_bit(int bit, unsigned long *word)
{
	bool was = test_bit(bit, word);

	set_bit(bit, word);
	return was;
}

static inline bool test_and_clear_bit(int bit, unsigned long *word)
{
	bool was = test_bit(bit, word);

	*word &= ~(1UL << bit);
	return was;
}

#endif /* _UNIT_LINUX_TYPES_H */
