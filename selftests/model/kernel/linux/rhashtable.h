/* SPDX-License-Identifier: GPL-2.0 */
/* A table of fixed size will do: what is tested is who uses it. */
#ifndef _UNIT_LINUX_RHASHTABLE_H
#define _UNIT_LINUX_RHASHTABLE_H

#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define RHASHTABLE_BUCKETS	64

struct rhash_head {
	struct rhash_head *next;
};

struct rhashtable {
	struct rhash_head	*bucket[RHASHTABLE_BUCKETS];
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
	assert(!ht->nelems);
}

static inline struct rhash_head **
rhashtable_bucket(struct rhashtable *ht, const void *key,
		  const struct rhashtable_params *params)
{
	const u8 *byte = key;
	u64 hash = 0, word;
	size_t i;

	/* keys are of whole words, or end in half of one */
	for (i = 0; i < params->key_len; i += sizeof(word)) {
		word = 0;
		memcpy(&word, byte + i,
		       min(sizeof(word), params->key_len - i));
		hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
		hash ^= hash >> 32;
	}
	return &ht->bucket[hash % RHASHTABLE_BUCKETS];
}

static inline void *rhashtable_lookup_fast(struct rhashtable *ht,
					   const void *key,
					   struct rhashtable_params params)
{
	struct rhash_head *at;
	char *object;

	for (at = *rhashtable_bucket(ht, key, &params); at; at = at->next) {
		object = (char *)at - params.head_offset;
		if (!memcmp(object + params.key_offset, key, params.key_len))
			return object;
	}
	return NULL;
}

#define rhashtable_lookup(ht, key, params) \
	rhashtable_lookup_fast(ht, key, params)

static inline int rhashtable_insert_fast(struct rhashtable *ht,
					 struct rhash_head *head,
					 struct rhashtable_params params)
{
	char *key = (char *)head - params.head_offset + params.key_offset;
	struct rhash_head **bucket = rhashtable_bucket(ht, key, &params);

	if (rhashtable_lookup_fast(ht, key, params))
		return -EEXIST;
	head->next = *bucket;
	*bucket = head;
	ht->nelems++;
	return 0;
}

/* With its key changed, it is not found where it was put: that is a bug. */
static inline int rhashtable_remove_fast(struct rhashtable *ht,
					 struct rhash_head *head,
					 struct rhashtable_params params)
{
	char *key = (char *)head - params.head_offset + params.key_offset;
	struct rhash_head **at = rhashtable_bucket(ht, key, &params);

	for (; *at; at = &(*at)->next) {
		if (*at != head)
			continue;
		*at = head->next;
		ht->nelems--;
		return 0;
	}
	return -ENOENT;
}

#endif /* _UNIT_LINUX_RHASHTABLE_H */
