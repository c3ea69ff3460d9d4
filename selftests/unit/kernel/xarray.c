// SPDX-License-Identifier: GPL-2.0
/* Of <linux/xarray.h>, what is more than a line. */
#include <linux/slab.h>
#include <linux/xarray.h>

/* Where the first slot that is not before an index is linked from. */
static struct xa_slot **xa_at(struct xarray *xa, unsigned long index)
{
	struct xa_slot **at = &xa->first;

	while (*at && (*at)->index < index)
		at = &(*at)->next;
	return at;
}

static struct xa_slot *xa_slot(struct xarray *xa, unsigned long index)
{
	struct xa_slot *slot = *xa_at(xa, index);

	return slot && slot->index == index ? slot : NULL;
}

void *xa_load(struct xarray *xa, unsigned long index)
{
	struct xa_slot *slot = xa_slot(xa, index);

	return slot ? slot->entry : NULL;
}

void *xa_erase(struct xarray *xa, unsigned long index)
{
	struct xa_slot **at = xa_at(xa, index), *slot = *at;
	void *entry;

	if (!slot || slot->index != index)
		return NULL;
	entry = slot->entry;
	*at = slot->next;
	free(slot);
	return entry;
}

void *xa_store(struct xarray *xa, unsigned long index, void *entry, int gfp)
{
	struct xa_slot *slot = xa_slot(xa, index), **at;
	void *old;

	if (!entry)
		return xa_erase(xa, index);
	if (!slot) {
		slot = kzalloc(sizeof(*slot), gfp);
		if (!slot)
			return xa_mk_err(-ENOMEM);
		at = xa_at(xa, index);
		slot->index = index;
		slot->next = *at;
		*at = slot;
	}
	old = slot->entry;
	slot->entry = entry;
	return old;
}

int xa_insert(struct xarray *xa, unsigned long index, void *entry, int gfp)
{
	void *old;

	if (xa_slot(xa, index))
		return -EBUSY;
	old = xa_store(xa, index, entry, gfp);
	return xa_is_err(old) ? xa_err(old) : 0;
}

void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry,
		 int gfp)
{
	void *now = xa_load(xa, index);

	return now == old ? xa_store(xa, index, entry, gfp) ?: now : now;
}

static bool xa_free_id(struct xarray *xa, u32 first, u32 last, u32 *id)
{
	u64 at;

	for (at = first; at <= last; at++)
		if (!xa_slot(xa, at)) {
			*id = at;
			return true;
		}
	return false;
}

int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry,
		    struct xa_limit limit, u32 *next, int gfp)
{
	int err;

	if (!xa_free_id(xa, max(*next, limit.min), limit.max, id) &&
	    !xa_free_id(xa, limit.min, limit.max, id))
		return -EBUSY;
	err = xa_insert(xa, *id, entry, gfp);
	if (!err)
		*next = *id + 1;
	return err;
}

void *xa_find(struct xarray *xa, unsigned long *index, unsigned long last,
	      unsigned long mark)
{
	struct xa_slot *slot = *xa_at(xa, *index);

	while (slot && mark && !(slot->marks & mark))
		slot = slot->next;
	if (!slot || slot->index > last)
		return NULL;
	*index = slot->index;
	return slot->entry;
}

bool xa_get_mark(struct xarray *xa, unsigned long index, unsigned long mark)
{
	struct xa_slot *slot = xa_slot(xa, index);

	return slot && slot->marks & mark;
}

void xa_set_mark(struct xarray *xa, unsigned long index, unsigned long mark)
{
	struct xa_slot *slot = xa_slot(xa, index);

	if (slot)
		slot->marks |= mark;
}

void xa_clear_mark(struct xarray *xa, unsigned long index, unsigned long mark)
{
	struct xa_slot *slot = xa_slot(xa, index);

	if (slot)
		slot->marks &= ~mark;
}

void xa_destroy(struct xarray *xa)
{
	while (xa->first)
		xa_erase(xa, xa->first->index);
}
