// SPDX-License-Identifier: GPL-2.0
/*
 * The index of IKE SAs. It learns from both directions: SPIi from the peer's
 * first message, SPIr from the daemon's answer (RFC 7296 2.6).
 */
#include <linux/slab.h>

#include "ikesa.h"

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
 * esp_nat_ikesa_init() - make the index of a namespace
 * @en: the namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_ikesa_init(struct esp_nat_net *en)
{
	return rhashtable_init(&en->table.ikesa, &esp_nat_ikesa_params);
}

/**
 * esp_nat_ikesa_exit() - the reverse of esp_nat_ikesa_init()
 * @en: the namespace; its index is empty
 *
 * Context: process.
 */
void esp_nat_ikesa_exit(struct esp_nat_net *en)
{
	rhashtable_destroy(&en->table.ikesa);
}

/**
 * esp_nat_ikesa_find() - find an IKE SA
 * @en: the namespace
 * @spii: SPIi
 * @spir: SPIr; 0 finds the half-open one
 * @peer: the peer's actual address, looked at if @spir is 0
 *
 * Context: &esp_nat_table.lock held.
 * Return: the IKE SA or NULL.
 */
struct esp_nat_ikesa *esp_nat_ikesa_find(struct esp_nat_net *en, __be64 spii,
					 __be64 spir,
					 const struct esp_nat_addr *peer)
{
	struct esp_nat_ikesa_key key = esp_nat_ikesa_key(spii, spir, peer);

	lockdep_assert_held(&en->table.lock);
	return rhashtable_lookup_fast(&en->table.ikesa, &key,
				      esp_nat_ikesa_params);
}

/**
 * esp_nat_ikesa_add() - learn an IKE SA that is not known
 * @en: the namespace
 * @spii: SPIi
 * @spir: SPIr, 0 for a half-open one
 * @peer: the peer's actual address
 *
 * Context: &esp_nat_table.lock held. The caller sets the context.
 * Return: the new IKE SA, NULL for want of memory.
 */
struct esp_nat_ikesa *esp_nat_ikesa_add(struct esp_nat_net *en, __be64 spii,
					__be64 spir,
					const struct esp_nat_addr *peer)
{
	struct esp_nat_ikesa *sa;

	lockdep_assert_held(&en->table.lock);

	sa = kzalloc(sizeof(*sa), GFP_ATOMIC | __GFP_NOWARN);
	if (!sa)
		return NULL;
	sa->key = esp_nat_ikesa_key(spii, spir, peer);
	INIT_LIST_HEAD(&sa->list);
	if (rhashtable_insert_fast(&en->table.ikesa, &sa->node,
				   esp_nat_ikesa_params)) {
		kfree(sa);
		return NULL;
	}
	return sa;
}

/**
 * esp_nat_ikesa_del() - forget an IKE SA
 * @en: the namespace
 * @sa: the IKE SA; the caller has taken it from its contexts
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_ikesa_del(struct esp_nat_net *en, struct esp_nat_ikesa *sa)
{
	lockdep_assert_held(&en->table.lock);

	rhashtable_remove_fast(&en->table.ikesa, &sa->node,
			       esp_nat_ikesa_params);
	kfree_rcu(sa, rcu);
}
