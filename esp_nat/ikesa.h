/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_IKESA_H
#define _ESP_NAT_IKESA_H

#include "net.h"
#include "path.h"

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
 * @node: in &esp_nat_table.ikesa
 * @key: its SPIs
 * @ctx: the context whose it is
 * @guest: context of the foreign address that the peer was last heard from,
 *	until the daemon has moved its SAs there (MOBIKE, RFC 4555), or NULL
 * @list: in @ctx' list
 * @from: actual endpoint of the last message from the peer
 * @shown: the endpoint that the daemon was shown for it
 * @msgid: its message id
 * @heard: the three above are set
 * @nat_port: the peer speaks, or is spoken to, on nat_port
 * @path: what its messages have told of the path
 * @rcu: for kfree_rcu(); rhashtable's readers need it
 */
struct esp_nat_ikesa {
	struct rhash_head		node;
	struct esp_nat_ikesa_key	key;
	struct esp_nat_ctx		*ctx;
	struct esp_nat_ctx		*guest;
	struct list_head		list;
	struct esp_nat_ep		from;
	struct esp_nat_ep		shown;
	__be32				msgid;
	bool				heard;
	bool				nat_port;
	struct esp_nat_path		path;
	struct rcu_head			rcu;
};

int esp_nat_ikesa_init(struct esp_nat_net *en);
void esp_nat_ikesa_exit(struct esp_nat_net *en);
struct esp_nat_ikesa *esp_nat_ikesa_find(struct esp_nat_net *en, __be64 spii,
					 __be64 spir,
					 const struct esp_nat_addr *peer);
struct esp_nat_ikesa *esp_nat_ikesa_add(struct esp_nat_net *en, __be64 spii,
					__be64 spir,
					const struct esp_nat_addr *peer);
void esp_nat_ikesa_del(struct esp_nat_net *en, struct esp_nat_ikesa *sa);

#endif /* _ESP_NAT_IKESA_H */
