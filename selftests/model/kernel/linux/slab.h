/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_SLAB_H
#define _UNIT_LINUX_SLAB_H

#include <linux/gfp.h>
#include <linux/types.h>
#include <linux/workqueue.h>

/* so many allocations succeed; -1: all */
extern int allocations;

/* May something be allocated now? */
static inline bool allocation(void)
{
	if (!allocations)
		return false;
	if (allocations > 0)
		allocations--;
	return true;
}

static inline void *kzalloc(size_t size, int gfp)
{
	(void)gfp;
	return allocation() ? calloc(1, size) : NULL;
}

#define kfree(ptr)		free(ptr)
/* the member that a grace period would need is there */
#define kfree_rcu(ptr, member)		\
	do {				\
		typeof(ptr) _p = (ptr);	\
		(void)offsetof(typeof(*_p), member); \
		free(_p);		\
	} while (0)

#endif /* _UNIT_LINUX_SLAB_H */
