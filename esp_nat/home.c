// SPDX-License-Identifier: GPL-2.0
/* Homes: real addresses, each with one or many contexts. */
#include <linux/slab.h>

#include "gfp.h"
#include "home.h"

/* A home rests so long after its last SA went, in seconds. */
#define ESP_NAT_HOME_REST_SECS	30

static const struct rhashtable_params esp_nat_home_params = {
	.key_len		= 2 * sizeof(struct esp_nat_addr),
	.key_offset		= offsetof(struct esp_nat_home, addr),
	.head_offset		= offsetof(struct esp_nat_home, node),
	.automatic_shrinking	= true,
};

/**
 * esp_nat_home_init() - make an empty index
 * @all: to be made
 * @lock: what serialises those who look them up or change them
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_home_init(struct esp_nat_homes *all, spinlock_t *lock)
{
	all->lock = lock;
	return rhashtable_init(&all->by_addr, &esp_nat_home_params);
}

/**
 * esp_nat_home_exit() - the reverse of esp_nat_home_init()
 * @all: the homes, none
 *
 * Context: process.
 */
void esp_nat_home_exit(struct esp_nat_homes *all)
{
	rhashtable_destroy(&all->by_addr);
}

static struct esp_nat_home *esp_nat_home_find(struct esp_nat_homes *all,
					      const struct esp_nat_addr *addr,
					      const struct esp_nat_addr *local)
{
	const struct esp_nat_addr key[2] = { *addr, *local };

	lockdep_assert_held(all->lock);
	return rhashtable_lookup_fast(&all->by_addr, key,
				      esp_nat_home_params);
}

/**
 * esp_nat_home_get() - a context more at this address
 * @all: all homes
 * @addr: actual address
 * @local: address of this end
 *
 * Context: @all->lock held.
 * Return: the home, to be given to esp_nat_home_put(); NULL for want of
 * memory.
 */
struct esp_nat_home *esp_nat_home_get(struct esp_nat_homes *all,
				      const struct esp_nat_addr *addr,
				      const struct esp_nat_addr *local)
{
	struct esp_nat_home *home = esp_nat_home_find(all, addr, local);

	if (!home) {
		home = kzalloc(sizeof(*home), ESP_NAT_GFP);
		if (!home)
			return NULL;
		home->addr = *addr;
		home->local = *local;
		INIT_LIST_HEAD(&home->half[0]);
		INIT_LIST_HEAD(&home->half[1]);
		if (rhashtable_insert_fast(&all->by_addr, &home->node,
					   esp_nat_home_params)) {
			kfree(home);
			return NULL;
		}
	}
	home->contexts++;
	return home;
}

/**
 * esp_nat_home_put() - a context less at this address
 * @all: all homes
 * @home: the home
 *
 * Context: @all->lock held.
 */
void esp_nat_home_put(struct esp_nat_homes *all, struct esp_nat_home *home)
{
	lockdep_assert_held(all->lock);

	if (--home->contexts)
		return;
	rhashtable_remove_fast(&all->by_addr, &home->node,
			       esp_nat_home_params);
	kfree_rcu(home, rcu);
}

/**
 * esp_nat_home_more() - a half-open context more at this address
 * @home: the home
 * @half: the context's place in its list
 * @echoed: it has echoed an SPIr
 *
 * Context: &esp_nat_homes.lock held.
 */
void esp_nat_home_more(struct esp_nat_home *home, struct list_head *half,
		       bool echoed)
{
	list_add_tail(half, &home->half[echoed]);
	home->nr_half[echoed]++;
}

/**
 * esp_nat_home_less() - a half-open context less at this address
 * @home: the home
 * @half: the context's place in its list
 * @echoed: it has echoed an SPIr
 *
 * Context: &esp_nat_homes.lock held.
 */
void esp_nat_home_less(struct esp_nat_home *home, struct list_head *half,
		       bool echoed)
{
	list_del(half);
	home->nr_half[echoed]--;
}

/**
 * esp_nat_home_oldest() - which half-open context has to go for another?
 * @home: the home
 * @echoed: the other one has echoed an SPIr: it does not take the place of one that
 *	has not, nor the other way round
 * @most: how many of each there may be
 *
 * Context: &esp_nat_homes.lock held.
 * Return: its place in its list; NULL: none has to.
 */
struct list_head *esp_nat_home_oldest(struct esp_nat_home *home, bool echoed,
				      unsigned int most)
{
	if (home->nr_half[echoed] < most || !home->nr_half[echoed])
		return NULL;
	return home->half[echoed].next;
}

/**
 * esp_nat_home_rest() - the last SA of one presented with this address went
 * @all: all homes
 * @home: the home
 *
 * Context: @all->lock held.
 */
void esp_nat_home_rest(struct esp_nat_homes *all, struct esp_nat_home *home)
{
	lockdep_assert_held(all->lock);

	home->busy_until = jiffies + ESP_NAT_HOME_REST_SECS * HZ;
	home->rested = true;
}

/**
 * esp_nat_home_in_use() - is an address presented for somebody?
 * @all: all homes
 * @addr: an actual address
 * @local: address of this end
 *
 * It is while an identity context there is half-open or has an SA, or has
 * lost its last one less than ESP_NAT_HOME_REST_SECS ago, and another has, or
 * lately had, an alias: the L2TP daemon may still speak to the one that went. Who
 * was alone, and comes back, has its address again.
 *
 * Context: @all->lock held.
 * Return: true if a further client there needs an alias.
 */
bool esp_nat_home_in_use(struct esp_nat_homes *all,
			 const struct esp_nat_addr *addr,
			 const struct esp_nat_addr *local)
{
	const struct esp_nat_home *home = esp_nat_home_find(all, addr, local);

	if (!home || home->busy)
		return home;
	return home->rested && home->aliased &&
	       time_before(jiffies, home->busy_until);
}

/**
 * esp_nat_home_natted() - is an address that of a NAT?
 * @all: all homes
 * @addr: an actual address
 * @local: address of this end
 *
 * Context: @all->lock held.
 * Return: true if a context there was found to be behind one.
 */
bool esp_nat_home_natted(struct esp_nat_homes *all,
			 const struct esp_nat_addr *addr,
			 const struct esp_nat_addr *local)
{
	const struct esp_nat_home *home = esp_nat_home_find(all, addr, local);

	return home && home->natted;
}

/**
 * esp_nat_home_owned() - is an address that of one peer, which has no NAT?
 * @all: all homes
 * @addr: an actual address
 * @local: address of this end
 *
 * Context: @all->lock held.
 * Return: true if a context there has echoed an SPIr and was found to have no
 * NAT, and none to have one.
 */
bool esp_nat_home_owned(struct esp_nat_homes *all,
			const struct esp_nat_addr *addr,
			const struct esp_nat_addr *local)
{
	const struct esp_nat_home *home = esp_nat_home_find(all, addr, local);

	return home && home->owned && !home->natted;
}

/**
 * esp_nat_home_full() - are there so many confirmed contexts?
 * @all: all homes
 * @addr: an actual address
 * @local: address of this end
 * @most: how many
 *
 * Context: @all->lock held.
 * Return: true if no further client there is to be answered.
 */
bool esp_nat_home_full(struct esp_nat_homes *all,
		       const struct esp_nat_addr *addr,
		       const struct esp_nat_addr *local, unsigned int most)
{
	const struct esp_nat_home *home = esp_nat_home_find(all, addr, local);

	return home && home->confirmed >= most;
}
