/* SPDX-License-Identifier: GPL-2.0 */
/* A list in the order of its indices will do: what is tested is who uses it. */
#ifndef _UNIT_LINUX_XARRAY_H
#define _UNIT_LINUX_XARRAY_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>

struct xa_slot {
	struct xa_slot	*next;
	unsigned long	index;
	void		*entry;
	unsigned long	marks;
};

struct xarray {
	struct xa_slot *first;
};

struct xa_limit {
	u32 min, max;
};

#define XA_FLAGS_ALLOC		0
#define XA_PRESENT		0UL
#define XA_MARK_1		2UL
#define XA_LIMIT(first, last)	((struct xa_limit) { first, last })

#define xa_init(xa)		((xa)->first = NULL)
#define xa_init_flags(xa, flags)	xa_init(xa)
#define xa_empty(xa)		(!(xa)->first)
#define xa_mk_value(v)		((void *)((unsigned long)(v) << 1 | 1))
#define xa_to_value(entry)	((unsigned long)(entry) >> 1)
#define xa_is_value(entry)	((unsigned long)(entry) & 1)
/* neither values nor pointers end so */
#define xa_mk_err(err)		((void *)((long)(err) * 4 + 2))
#define xa_is_err(entry)	(((long)(entry) & 3) == 2)
#define xa_err(entry)		((long)(entry) >> 2)
#define xa_for_each(xa, index, entry) \
	for (index = 0, entry = xa_find(xa, &index, ~0UL, XA_PRESENT); entry; \
	     index++, entry = xa_find(xa, &index, ~0UL, XA_PRESENT))
#define xa_for_each_marked(xa, index, entry, mark) \
	for (index = 0, entry = xa_find(xa, &index, ~0UL, mark); entry; \
	     index++, entry = xa_find(xa, &index, ~0UL, mark))

/* kernel/xarray.c */
void xa_destroy(struct xarray *xa);
void *xa_load(struct xarray *xa, unsigned long index);
void *xa_store(struct xarray *xa, unsigned long index, void *entry, int gfp);
void *xa_erase(struct xarray *xa, unsigned long index);
int xa_insert(struct xarray *xa, unsigned long index, void *entry, int gfp);
void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry,
		 int gfp);
int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry,
		    struct xa_limit limit, u32 *next, int gfp);
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long last,
	      unsigned long mark);
bool xa_get_mark(struct xarray *xa, unsigned long index, unsigned long mark);
void xa_set_mark(struct xarray *xa, unsigned long index, unsigned long mark);
void xa_clear_mark(struct xarray *xa, unsigned long index, unsigned long mark);

#endif /* _UNIT_LINUX_XARRAY_H */
