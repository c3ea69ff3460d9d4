/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_SLAB_H
#define _UNIT_LINUX_SLAB_H

#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/types.h>

/* so many allocations succeed; -1: all */
extern int allocations;

static inline void *kzalloc(size_t size, int gfp)
{
	(void)gfp;
	if (!allocations)
		return NULL;
	if (allocations > 0)
		allocations--;
	return calloc(1, size);
}

static inline char *kmemdup_nul(const char *text, size_t len, int gfp)
{
	char *copy = kzalloc(len + 1, gfp);

	return copy ? memcpy(copy, text, len) : NULL;
}

static inline void *kvmalloc_array(size_t count, size_t size, int gfp)
{
	return kzalloc(count * size, gfp);
}

#define struct_size(ptr, member, count) \
	(sizeof(*(ptr)) + (count) * sizeof(*(ptr)->member))
#define kfree(ptr)		free(ptr)
#define kvfree(ptr)		free(ptr)
/* the member that a grace period would need is there */
#define kfree_rcu(ptr, member)		\
	do {				\
		typeof(ptr) _p = (ptr);	\
		(void)offsetof(typeof(*_p), member); \
		free(_p);		\
	} while (0)

#endif /* _UNIT_LINUX_SLAB_H */
