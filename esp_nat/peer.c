// SPDX-License-Identifier: GPL-2.0
/* Actual addresses, each with one or many clients behind it. */
#include <linux/slab.h>

#include "peer.h"

/* An address rests so long after its last SA went, in seconds. */
#define ESP_NAT_PEER_REST_SECS	30

static const struct rhashtable_params esp_nat_peer_params = {
	.key_len		= sizeof(struct esp_nat_addr),
	.key_offset		= offsetof(struct esp_nat_peer, addr),
	.head_offset		= offsetof(struct esp_nat_peer, node),
	.automatic_shrinking	= true,
};

/**
 * esp_nat_peer_init() - make the table of actual addresses
 * @en: the namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_peer_init(struct esp_nat_net *en)
{
	return rhashtable_init(&en->table.peer, &esp_nat_peer_params);
}

/**
 * esp_nat_peer_exit() - the reverse of esp_nat_peer_init()
 * @en: the namespace; its table is empty
 *
 * Context: process.
 */
void esp_nat_peer_exit(struct esp_nat_net *en)
{
	rhashtable_destroy(&en->table.peer);
}

static struct esp_nat_peer *esp_nat_peer_find(struct esp_nat_net *en,
					      const struct esp_nat_addr *addr)
{
	lockdep_assert_held(&en->table.lock);
	return rhashtable_lookup_fast(&en->table.peer, addr,
				      esp_nat_peer_params);
}

/**
 * esp_nat_peer_get() - a context more at this address
 * @en: the namespace
 * @addr: actual address
 *
 * Context: &esp_nat_table.lock held.
 * Return: its record, to be given to esp_nat_peer_put(); NULL for want of
 * memory.
 */
struct esp_nat_peer *esp_nat_peer_get(struct esp_nat_net *en,
				      const struct esp_nat_addr *addr)
{
	struct esp_nat_peer *peer = esp_nat_peer_find(en, addr);

	if (!peer) {
		peer = kzalloc(sizeof(*peer), GFP_ATOMIC | __GFP_NOWARN);
		if (!peer)
			return NULL;
		peer->addr = *addr;
		if (rhashtable_insert_fast(&en->table.peer, &peer->node,
					   esp_nat_peer_params)) {
			kfree(peer);
			return NULL;
		}
	}
	peer->contexts++;
	return peer;
}

/**
 * esp_nat_peer_put() - a context less at this address
 * @en: the namespace
 * @peer: its record
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_peer_put(struct esp_nat_net *en, struct esp_nat_peer *peer)
{
	lockdep_assert_held(&en->table.lock);

	if (--peer->contexts)
		return;
	rhashtable_remove_fast(&en->table.peer, &peer->node,
			       esp_nat_peer_params);
	kfree_rcu(peer, rcu);
}

/**
 * esp_nat_peer_rest() - the last SA of one presented with this address went
 * @peer: the address' record
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_peer_rest(struct esp_nat_peer *peer)
{
	peer->busy_until = jiffies + ESP_NAT_PEER_REST_SECS * HZ;
	peer->rested = true;
}

/**
 * esp_nat_peer_in_use() - is an address presented for somebody?
 * @en: the namespace
 * @addr: an actual address
 *
 * It is while an identity context there is half-open or has an SA, or has
 * lost its last one less than ESP_NAT_PEER_REST_SECS ago.
 *
 * Context: &esp_nat_table.lock held.
 * Return: true if a further client there needs an alias.
 */
bool esp_nat_peer_in_use(struct esp_nat_net *en,
			 const struct esp_nat_addr *addr)
{
	const struct esp_nat_peer *peer = esp_nat_peer_find(en, addr);

	return peer && (peer->busy || (peer->rested &&
				       time_before(jiffies, peer->busy_until)));
}

/**
 * esp_nat_peer_natted() - is an address that of a NAT?
 * @en: the namespace
 * @addr: an actual address
 *
 * Context: &esp_nat_table.lock held.
 * Return: true if a context there was found to be behind one.
 */
bool esp_nat_peer_natted(struct esp_nat_net *en,
			 const struct esp_nat_addr *addr)
{
	const struct esp_nat_peer *peer = esp_nat_peer_find(en, addr);

	return peer && peer->natted;
}

/**
 * esp_nat_peer_full() - has max_contexts_per_peer been reached?
 * @en: the namespace
 * @addr: an actual address
 *
 * Context: &esp_nat_table.lock held.
 * Return: true if no further client there is to be answered.
 */
bool esp_nat_peer_full(struct esp_nat_net *en, const struct esp_nat_addr *addr)
{
	const struct esp_nat_peer *peer = esp_nat_peer_find(en, addr);

	return peer && peer->confirmed >=
		       (unsigned int)READ_ONCE(en->cfg.max_contexts_per_peer);
}
