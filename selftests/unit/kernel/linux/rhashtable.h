/* SPDX-License-Identifier: GPL-2.0 */
/* A list will do: what is tested is who uses it. */
#ifndef _UNIT_LINUX_RHASHTABLE_H
#define _UNIT_LINUX_RHASHTABLE_H

#include <linux/spinlock.h>
#include <linux/types.h>

struct rhash_head {
	struct rhash_head *next;
};

struct rhashtable {
	struct rhash_head	*first;
	unsigned int		nelems;
};

struct rhashtable_params {
	size_t	key_len;
	size_t	key_offset;
	size_t	head_offset;
	bool	automatic_shrinking;
};

static inline int rhashtable_init(struct rhashtable *ht,
				  const struct rhashtable_params *params)
{
	(void)params;
	*ht = (struct rhashtable) { };
	return 0;
}

static inline void rhashtable_destroy(struct rhashtable *ht)
{
	assert(!ht->first);
}

static inline void *rhashtable_lookup_fast(struct rhashtable *ht,
					   const void *key,
					   struct rhashtable_params params)
{
	struct rhash_head *at;
	char *object;

	for (at = ht->first; at; at = at->next) {
		object = (char *)at - params.head_offset;
		if (!memcmp(object + params.key_offset, key, params.key_len))
			return object;
	}
	return NULL;
}

#define rhashtable_lookup	rhashtable_lookup_fast

static inline int rhashtable_insert_fast(struct rhashtable *ht,
					 struct rhash_head *head,
					 struct rhashtable_params params)
{
	char *object = (char *)head - params.head_offset;

	if (rhashtable_lookup_fast(ht, object + params.key_offset, params))
		return -EEXIST;
	head->next = ht->first;
	ht->first = head;
	ht->nelems++;
	return 0;
}

static inline int rhashtable_remove_fast(struct rhashtable *ht,
					 struct rhash_head *head,
					 struct rhashtable_params params)
{
	struct rhash_head **at;

	(void)params;
	for (at = &ht->first; *at; at = &(*at)->next) {
		if (*at != head)
			continue;
		*at = head->next;
		ht->nelems--;
		return 0;
	}
	return -ENOENT;
}

#endif /* _UNIT_LINUX_RHASHTABLE_H */
