/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_LIST_H
#define _UNIT_LINUX_LIST_H

#include <linux/types.h>

struct list_head {
	struct list_head *next, *prev;
};

#define LIST_HEAD(name) struct list_head name = { &name, &name }

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline int list_empty(const struct list_head *list)
{
	return list->next == list;
}

static inline int list_is_first(const struct list_head *entry,
				const struct list_head *list)
{
	return entry->prev == list;
}

static inline void list_add(struct list_head *entry, struct list_head *list)
{
	entry->next = list->next;
	entry->prev = list;
	list->next->prev = entry;
	list->next = entry;
}

static inline void list_add_tail(struct list_head *entry, struct list_head *list)
{
	list_add(entry, list->prev);
}

static inline void list_del(struct list_head *entry)
{
	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
	entry->next = NULL;
	entry->prev = NULL;
}

static inline void list_del_init(struct list_head *entry)
{
	list_del(entry);
	INIT_LIST_HEAD(entry);
}

static inline void list_move(struct list_head *entry, struct list_head *list)
{
	list_del(entry);
	list_add(entry, list);
}

static inline void list_move_tail(struct list_head *entry,
				  struct list_head *list)
{
	list_del(entry);
	list_add_tail(entry, list);
}

static inline void list_splice_tail_init(struct list_head *from,
					 struct list_head *to)
{
	while (!list_empty(from))
		list_move_tail(from->next, to);
}

#define list_entry(at, type, member) \
	((type *)((char *)(at) - offsetof(type, member)))
#define list_first_entry(list, type, member) \
	list_entry((list)->next, type, member)
#define list_last_entry(list, type, member) \
	list_entry((list)->prev, type, member)
#define list_first_entry_or_null(list, type, member) \
	(list_empty(list) ? NULL : list_first_entry(list, type, member))
#define list_next_entry(at, member) \
	list_entry((at)->member.next, typeof(*(at)), member)
#define list_prev_entry(at, member) \
	list_entry((at)->member.prev, typeof(*(at)), member)

#define list_for_each_entry(at, list, member)				\
	for (at = list_first_entry(list, typeof(*at), member);		\
	     &at->member != (list); at = list_next_entry(at, member))
#define list_for_each_entry_reverse(at, list, member)			\
	for (at = list_last_entry(list, typeof(*at), member);		\
	     &at->member != (list); at = list_prev_entry(at, member))
#define list_for_each_entry_safe(at, to, list, member)			\
	for (at = list_first_entry(list, typeof(*at), member),		\
	     to = list_next_entry(at, member); &at->member != (list);	\
	     at = to, to = list_next_entry(to, member))
#define list_for_each_entry_safe_reverse(at, to, list, member)		\
	for (at = list_last_entry(list, typeof(*at), member),		\
	     to = list_prev_entry(at, member); &at->member != (list);	\
	     at = to, to = list_prev_entry(to, member))

#endif /* _UNIT_LINUX_LIST_H */
