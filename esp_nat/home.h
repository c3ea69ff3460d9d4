/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_HOME_H
#define _ESP_NAT_HOME_H

#include <linux/list.h>
#include <linux/rhashtable.h>
#include <linux/spinlock.h>

#include "endpoint.h"

/**
 * struct esp_nat_home - a real address that contexts were born at
 * @node: in &esp_nat_homes.by_addr
 * @addr: the address; with @local, the key
 * @local: the address of this end that they speak to
 * @contexts: contexts whose home it is
 * @confirmed: how many of them count against max_contexts_per_peer
 * @half: half-open ones, the oldest first: that have not echoed an SPIr; that have
 * @nr_half: how many of each
 * @live: how many of them have an SA
 * @busy: how many are presented with it and half-open or with an SA
 * @aliased: how many have an alias, whether or not they have SAs still
 * @busy_until: jiffies; if @rested, and some are @aliased, in use till then though
 *	@busy is 0
 * @rested: the last SA of one presented with it has gone
 * @natted: one was found to be behind a NAT, which then has this address
 * @owned: one was found to have no NAT: the address is its own
 * @rcu: for kfree_rcu()
 */
struct esp_nat_home {
	struct rhash_head	node;
	struct esp_nat_addr	addr;
	struct esp_nat_addr	local;
	unsigned int		contexts;
	unsigned int		confirmed;
	struct list_head	half[2];
	unsigned int		nr_half[2];
	unsigned int		live;
	unsigned int		busy;
	unsigned int		aliased;
	unsigned long		busy_until;
	bool			rested;
	bool			natted;
	bool			owned;
	struct rcu_head		rcu;
};

/**
 * struct esp_nat_homes - the homes of a namespace's contexts
 * @by_addr: by address
 * @lock: what serialises those who look them up or change them
 */
struct esp_nat_homes {
	struct rhashtable	by_addr;
	spinlock_t		*lock;	/* the table's */
};

int esp_nat_home_init(struct esp_nat_homes *all, spinlock_t *lock);
void esp_nat_home_exit(struct esp_nat_homes *all);
struct esp_nat_home *esp_nat_home_get(struct esp_nat_homes *all,
				      const struct esp_nat_addr *addr,
				      const struct esp_nat_addr *local);
void esp_nat_home_put(struct esp_nat_homes *all, struct esp_nat_home *home);
void esp_nat_home_more(struct esp_nat_home *home, struct list_head *half,
		       bool echoed);
void esp_nat_home_less(struct esp_nat_home *home, struct list_head *half,
		       bool echoed);
struct list_head *esp_nat_home_oldest(struct esp_nat_home *home, bool echoed,
				      unsigned int most);
void esp_nat_home_rest(struct esp_nat_homes *all, struct esp_nat_home *home);
bool esp_nat_home_in_use(struct esp_nat_homes *all,
			 const struct esp_nat_addr *addr,
			 const struct esp_nat_addr *local);
bool esp_nat_home_natted(struct esp_nat_homes *all,
			 const struct esp_nat_addr *addr,
			 const struct esp_nat_addr *local);
bool esp_nat_home_owned(struct esp_nat_homes *all,
			const struct esp_nat_addr *addr,
			const struct esp_nat_addr *local);
bool esp_nat_home_full(struct esp_nat_homes *all,
		       const struct esp_nat_addr *addr,
		       const struct esp_nat_addr *local, unsigned int most);

#endif /* _ESP_NAT_HOME_H */
