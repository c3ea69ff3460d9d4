/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_LIST_H
#define _UNIT_LINUX_LIST_H

#include <linux/types.h>

struct list_head {
	struct list_head *next, *prev;
};

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline int list_empty(const struct list_head *list)
{
	return list->next == list;
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
	entry->next = list;
	entry->prev = list->prev;
	list->prev->next = entry;
	list->prev = entry;
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

static inline bool list_is_first(const struct list_head *entry,
				 const struct list_head *list)
{
	return list->next == entry;
}

#define list_entry(at, type, member) \
	((type *)((char *)(at) - offsetof(type, member)))
#define list_first_entry(list, type, member) \
	list_entry((list)->next, type, member)
#define list_first_entry_or_null(list, type, member) \
	(list_empty(list) ? NULL : list_first_entry(list, type, member))
#define list_for_each_entry(at, list, member) \
	for (at = list_entry((list)->next, typeof(*at), member); \
	     &at->member != (list); \
	     at = list_entry(at->member.next, typeof(*at), member))
#define list_for_each_entry_reverse(at, list, member) \
	for (at = list_entry((list)->prev, typeof(*at), member); \
	     &at->member != (list); \
	     at = list_entry(at->member.prev, typeof(*at), member))
#define list_for_each_entry_safe(at, after, list, member) \
	for (at = list_entry((list)->next, typeof(*at), member), \
	     after = list_entry(at->member.next, typeof(*at), member); \
	     &at->member != (list); \
	     at = after, \
	     after = list_entry(at->member.next, typeof(*at), member))

#endif /* _UNIT_LINUX_LIST_H */
