// SPDX-License-Identifier: GPL-2.0
/*
 * The index of IKE SAs. It learns from both directions: SPIi from the peer's
 * first message, SPIr from the daemon's answer (RFC 7296 2.6).
 */
#include <linux/slab.h>

#include "gfp.h"
#include "ikesa.h"

/* So many that are refused are remembered. */
#define ESP_NAT_IKESA_REFUSED	1024

static const struct rhashtable_params esp_nat_ikesa_params = {
	.key_len		= sizeof(struct esp_nat_ikesa_key),
	.key_offset		= offsetof(struct esp_nat_ikesa, key),
	.head_offset		= offsetof(struct esp_nat_ikesa, node),
	.automatic_shrinking	= true,
};

static struct esp_nat_ikesa_key
esp_nat_ikesa_key(__be64 spii, __be64 spir, const struct esp_nat_addr *peer)
{
	struct esp_nat_ikesa_key key = { .spii = spii, .spir = spir };

	if (!spir)
		key.peer = *peer;
	return key;
}

/**
 * esp_nat_ikesa_init() - make an empty index
 * @all: to be made
 * @lock: what serialises those who look them up or change them
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_ikesa_init(struct esp_nat_ikesas *all, spinlock_t *lock)
{
	all->lock = lock;
	INIT_LIST_HEAD(&all->refused);
	return rhashtable_init(&all->by_spi, &esp_nat_ikesa_params);
}

/**
 * esp_nat_ikesa_find() - find an IKE SA
 * @all: all IKE SAs
 * @spii: SPIi
 * @spir: SPIr; 0 finds the half-open one
 * @peer: the peer's actual address, looked at if @spir is 0
 *
 * Context: @all->lock held.
 * Return: the IKE SA or NULL.
 */
struct esp_nat_ikesa *esp_nat_ikesa_find(struct esp_nat_ikesas *all, __be64 spii,
					 __be64 spir,
					 const struct esp_nat_addr *peer)
{
	struct esp_nat_ikesa_key key = esp_nat_ikesa_key(spii, spir, peer);

	lockdep_assert_held(all->lock);
	return rhashtable_lookup_fast(&all->by_spi, &key,
				      esp_nat_ikesa_params);
}

/**
 * esp_nat_ikesa_add() - learn an IKE SA that is not known
 * @all: all IKE SAs
 * @spii: SPIi
 * @spir: SPIr, 0 for a half-open one
 * @peer: the peer's actual address
 *
 * Context: @all->lock held. The caller sets the context.
 * Return: the new IKE SA, NULL for want of memory.
 */
struct esp_nat_ikesa *esp_nat_ikesa_add(struct esp_nat_ikesas *all, __be64 spii,
					__be64 spir,
					const struct esp_nat_addr *peer)
{
	struct esp_nat_ikesa *sa;

	lockdep_assert_held(all->lock);

	sa = kzalloc(sizeof(*sa), ESP_NAT_GFP);
	if (!sa)
		return NULL;
	sa->key = esp_nat_ikesa_key(spii, spir, peer);
	sa->born = jiffies;
	INIT_LIST_HEAD(&sa->list);
	if (rhashtable_insert_fast(&all->by_spi, &sa->node,
				   esp_nat_ikesa_params)) {
		kfree(sa);
		return NULL;
	}
	return sa;
}

static void esp_nat_ikesa_free(struct esp_nat_ikesas *all,
			       struct esp_nat_ikesa *sa)
{
	rhashtable_remove_fast(&all->by_spi, &sa->node,
			       esp_nat_ikesa_params);
	kfree_rcu(sa, rcu);
}

/**
 * esp_nat_ikesa_del() - forget an IKE SA
 * @all: all IKE SAs
 * @sa: the IKE SA; the caller has taken it from its contexts
 *
 * Context: @all->lock held.
 */
void esp_nat_ikesa_del(struct esp_nat_ikesas *all, struct esp_nat_ikesa *sa)
{
	lockdep_assert_held(all->lock);
	esp_nat_ikesa_free(all, sa);
}

/* The oldest that is refused. */
static void esp_nat_ikesa_forget(struct esp_nat_ikesas *all)
{
	struct esp_nat_ikesa *sa;

	sa = list_first_entry(&all->refused, struct esp_nat_ikesa, list);
	list_del(&sa->list);
	all->nr_refused--;
	esp_nat_ikesa_free(all, sa);
}

/**
 * esp_nat_ikesa_refuse() - neither end of an IKE SA is heard from now on
 * @all: all IKE SAs
 * @sa: the IKE SA; the caller has taken it from its contexts
 *
 * Its context had to go, and whose else its peer is taken for would suffer. The
 * oldest of many is forgotten.
 *
 * Context: @all->lock held.
 */
void esp_nat_ikesa_refuse(struct esp_nat_ikesas *all, struct esp_nat_ikesa *sa)
{
	lockdep_assert_held(all->lock);

	sa->ctx = NULL;
	list_add_tail(&sa->list, &all->refused);
	if (++all->nr_refused > ESP_NAT_IKESA_REFUSED)
		esp_nat_ikesa_forget(all);
}

/**
 * esp_nat_ikesa_exit() - the reverse of esp_nat_ikesa_init()
 * @all: the IKE SAs, none that a context has
 *
 * Context: process. Nobody looks up any more.
 */
void esp_nat_ikesa_exit(struct esp_nat_ikesas *all)
{
	while (!list_empty(&all->refused))
		esp_nat_ikesa_forget(all);
	rhashtable_destroy(&all->by_spi);
}
