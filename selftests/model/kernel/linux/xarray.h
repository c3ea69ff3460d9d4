/* SPDX-License-Identifier: GPL-2.0 */
/* A sorted array will do, with one mark: what is tested is who uses it. */
#ifndef _UNIT_LINUX_XARRAY_H
#define _UNIT_LINUX_XARRAY_H

#include <linux/slab.h>
#include <linux/types.h>

struct xa_slot {
	unsigned long	index;
	void		*entry;
	bool		mark;
};

struct xarray {
	struct xa_slot	*slot;
	unsigned int	count;
	unsigned int	room;
};

struct xa_limit {
	u32 min, max;
};

#define XA_LIMIT(lo, hi)	((struct xa_limit){ .min = (lo), .max = (hi) })
#define XA_FLAGS_ALLOC		0
#define XA_MARK_1		1
#define XA_PRESENT		8

static inline void *xa_mk_value(unsigned long v)
{
	return (void *)(v << 1 | 1);
}

static inline unsigned long xa_to_value(const void *entry)
{
	return (unsigned long)entry >> 1;
}

static inline bool xa_is_value(const void *entry)
{
	return (unsigned long)entry & 1;
}

/* errors are told from entries as the kernel does */
static inline void *xa_mk_err(long err)
{
	return (void *)((unsigned long)err << 2 | 2);
}

static inline bool xa_is_err(const void *entry)
{
	return ((unsigned long)entry & 3) == 2;
}

static inline int xa_err(const void *entry)
{
	return xa_is_err(entry) ? (long)entry >> 2 : 0;
}

static inline void xa_init(struct xarray *xa)
{
	*xa = (struct xarray) { };
}

#define xa_init_flags(xa, flags)	xa_init(xa)

static inline void xa_destroy(struct xarray *xa)
{
	free(xa->slot);
	xa_init(xa);
}

static inline bool xa_empty(const struct xarray *xa)
{
	return !xa->count;
}

/* The first slot that is not before an index. */
static inline unsigned int xa_place(const struct xarray *xa,
				    unsigned long index)
{
	unsigned int low = 0, high = xa->count, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (xa->slot[mid].index < index)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static inline struct xa_slot *xa_slot(const struct xarray *xa,
				      unsigned long index)
{
	unsigned int at = xa_place(xa, index);

	return at < xa->count && xa->slot[at].index == index ?
	       &xa->slot[at] : NULL;
}

static inline void *xa_load(struct xarray *xa, unsigned long index)
{
	const struct xa_slot *slot = xa_slot(xa, index);

	return slot ? slot->entry : NULL;
}

/* A slot that is not there yet. */
static inline int xa_add(struct xarray *xa, unsigned long index, void *entry)
{
	unsigned int at = xa_place(xa, index);

	if (!allocation())
		return -ENOMEM;
	if (xa->count == xa->room) {
		xa->room = 2 * xa->room + 8;
		xa->slot = realloc(xa->slot, xa->room * sizeof(*xa->slot));
		assert(xa->slot);
	}
	memmove(&xa->slot[at + 1], &xa->slot[at],
		(xa->count - at) * sizeof(*xa->slot));
	xa->slot[at] = (struct xa_slot) { .index = index, .entry = entry };
	xa->count++;
	return 0;
}

static inline void *xa_erase(struct xarray *xa, unsigned long index)
{
	struct xa_slot *slot = xa_slot(xa, index);
	void *was;

	if (!slot)
		return NULL;
	was = slot->entry;
	memmove(slot, slot + 1,
		(char *)&xa->slot[xa->count] - (char *)(slot + 1));
	xa->count--;
	return was;
}

static inline void *xa_store(struct xarray *xa, unsigned long index,
			     void *entry, int gfp)
{
	struct xa_slot *slot = xa_slot(xa, index);
	void *was;
	int err;

	(void)gfp;
	if (!slot) {
		err = xa_add(xa, index, entry);
		return err ? xa_mk_err(err) : NULL;
	}
	was = slot->entry;
	slot->entry = entry;
	return was;
}

static inline int xa_insert(struct xarray *xa, unsigned long index,
			    void *entry, int gfp)
{
	(void)gfp;
	return xa_slot(xa, index) ? -EBUSY : xa_add(xa, index, entry);
}

static inline void *xa_cmpxchg(struct xarray *xa, unsigned long index,
			       void *old, void *entry, int gfp)
{
	void *was = xa_load(xa, index);

	(void)gfp;
	if (was != old)
		return was;
	if (entry)
		xa_store(xa, index, entry, gfp);
	else
		xa_erase(xa, index);
	return was;
}

static inline bool xa_get_mark(struct xarray *xa, unsigned long index, int mark)
{
	const struct xa_slot *slot = xa_slot(xa, index);

	(void)mark;
	return slot && slot->mark;
}

static inline void xa_set_mark(struct xarray *xa, unsigned long index, int mark)
{
	struct xa_slot *slot = xa_slot(xa, index);

	(void)mark;
	if (slot)
		slot->mark = true;
}

static inline void xa_clear_mark(struct xarray *xa, unsigned long index,
				 int mark)
{
	struct xa_slot *slot = xa_slot(xa, index);

	(void)mark;
	if (slot)
		slot->mark = false;
}

static inline int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry,
				  struct xa_limit limit, u32 *next, int gfp)
{
	u64 first = max(*next, limit.min), at;
	u64 all = (u64)limit.max - limit.min + 1, tried;
	int err;

	(void)gfp;
	if (first > limit.max)
		first = limit.min;
	for (tried = 0; tried < all; tried++) {
		at = limit.min + (first - limit.min + tried) % all;
		if (xa_slot(xa, at))
			continue;
		err = xa_add(xa, at, entry);
		if (err)
			return err;
		*id = at;
		*next = at + 1;
		return 0;
	}
	return -EBUSY;
}

static inline void *xa_find(struct xarray *xa, unsigned long *index,
			    unsigned long last, int filter)
{
	unsigned int at = xa_place(xa, *index);

	for (; at < xa->count && xa->slot[at].index <= last; at++) {
		if (filter != XA_PRESENT && !xa->slot[at].mark)
			continue;
		*index = xa->slot[at].index;
		return xa->slot[at].entry;
	}
	return NULL;
}

static inline void *xa_find_after(struct xarray *xa, unsigned long *index,
				  unsigned long last, int filter)
{
	++*index;
	return xa_find(xa, index, last, filter);
}

#define xa_for_each_marked(xa, index, entry, filter)			\
	for (index = 0, entry = xa_find(xa, &index, ULONG_MAX, filter);	\
	     entry; entry = xa_find_after(xa, &index, ULONG_MAX, filter))
#define xa_for_each(xa, index, entry) \
	xa_for_each_marked(xa, index, entry, XA_PRESENT)

#endif /* _UNIT_LINUX_XARRAY_H */
