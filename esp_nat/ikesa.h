/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_IKESA_H
#define _ESP_NAT_IKESA_H

#include <linux/list.h>
#include <linux/rhashtable.h>
#include <linux/spinlock.h>

#include "endpoint.h"
#include "position.h"

struct esp_nat_ctx;

/**
 * struct esp_nat_ikesa_key - what an IKE SA is found by
 * @spii: SPIi
 * @spir: SPIr, zero while it is not known
 * @peer: the peer's actual address while @spir is zero, else all zero: SPIi
 *	alone is chosen by the peer
 * @zero: padding, always zero
 */
struct esp_nat_ikesa_key {
	__be64			spii;
	__be64			spir;
	struct esp_nat_addr	peer;
	u32			zero;
};

/**
 * struct esp_nat_ikesa - an IKE SA, or the half-open beginning of one
 * @node: in &esp_nat_ikesas.by_spi
 * @key: its SPIs
 * @ctx: the context whose it is; NULL: refused, its context had to go
 * @guest: context of one who speaks under it from elsewhere, until the daemon has
 *	made or moved SAs there: a peer that has moved (MOBIKE, RFC 4555), or that was
 *	taken for another client; or NULL
 * @list: in @ctx' list, or in &esp_nat_ikesas.refused
 * @from: actual endpoint of the last message from the peer that is no answer
 * @local: address of this end that it came to
 * @presented: the endpoint that the daemon was shown for it
 * @msgid: its message id
 * @heard_at: jiffies when it came
 * @heard: the five above are set
 * @answered: jiffies when the daemon began to answer that, if @is_answered
 * @is_answered: it did
 * @nat_port: the peer speaks, or is spoken to, on nat_port
 * @born: jiffies when the peer, or this end, began it
 * @folded: jiffies when its context was found to be @ctx, if @is_folded
 * @is_folded: it was
 * @joined: it began on nat_port, where @ctx was known
 * @learned: its beginning was not seen, the daemon's answers tell of it
 * @echoed: the peer has sent its SPIr
 * @proven: the daemon has authenticated the peer
 * @proven_at: actual endpoint that it answered then
 * @pos: what its messages have told of the NATs
 * @rcu: for kfree_rcu(); rhashtable's readers need it
 */
struct esp_nat_ikesa {
	struct rhash_head		node;
	struct esp_nat_ikesa_key	key;
	struct esp_nat_ctx		*ctx;
	struct esp_nat_ctx		*guest;
	struct list_head		list;
	struct esp_nat_ep		from;
	struct esp_nat_addr		local;
	struct esp_nat_ep		presented;
	struct esp_nat_ep		proven_at;
	__be32				msgid;
	unsigned long			heard_at;
	unsigned long			answered;
	unsigned long			born;
	unsigned long			folded;
	bool				heard;
	bool				is_answered;
	bool				is_folded;
	bool				joined;
	bool				learned;
	bool				echoed;
	bool				proven;
	bool				nat_port;
	struct esp_nat_position		pos;
	struct rcu_head			rcu;
};

/**
 * struct esp_nat_ikesas - the IKE SAs of a namespace
 * @by_spi: by their SPIs
 * @refused: those that are refused, the oldest first
 * @nr_refused: how many
 * @lock: what serialises those who look them up or change them
 */
struct esp_nat_ikesas {
	struct rhashtable	by_spi;
	struct list_head	refused;
	unsigned int		nr_refused;
	spinlock_t		*lock;	/* the table's */
};

int esp_nat_ikesa_init(struct esp_nat_ikesas *all, spinlock_t *lock);
void esp_nat_ikesa_exit(struct esp_nat_ikesas *all);
struct esp_nat_ikesa *esp_nat_ikesa_find(struct esp_nat_ikesas *all, __be64 spii,
					 __be64 spir,
					 const struct esp_nat_addr *peer);
struct esp_nat_ikesa *esp_nat_ikesa_add(struct esp_nat_ikesas *all, __be64 spii,
					__be64 spir,
					const struct esp_nat_addr *peer);
void esp_nat_ikesa_refuse(struct esp_nat_ikesas *all,
			  struct esp_nat_ikesa *sa);
void esp_nat_ikesa_del(struct esp_nat_ikesas *all, struct esp_nat_ikesa *sa);

#endif /* _ESP_NAT_IKESA_H */
