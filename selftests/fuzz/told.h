/* SPDX-License-Identifier: GPL-2.0 */
/* What attributes tell of contexts, read without the module and its kernel. */
#ifndef _ESP_NAT_FUZZ_TOLD_H
#define _ESP_NAT_FUZZ_TOLD_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOLD_CONTEXTS	64
#define TOLD_IKE_SAS	16

struct told_end {
	uint8_t		ip[16];
	uint32_t	family;		/* 4 or 6 */
	uint32_t	port;
};

/**
 * struct told_ike_sa - an IKE SA
 * @spii: SPIi, as it stands there
 * @spir: SPIr, likewise
 * @peer: who opened it, while @spir is 0
 * @nat_port: it is on nat_port
 */
struct told_ike_sa {
	uint64_t	spii;
	uint64_t	spir;
	struct told_end	peer;
	uint32_t	nat_port;
};

/**
 * struct told_ctx - a context, as an export has what lasts of it
 * @actual: where it is
 * @presented: what daemon and xfrm are shown
 * @home: its address at birth
 * @local: this end's address
 * @number: role, position of both ends, IKE version
 * @flag: has an alias, an SA without encapsulation, was heard on nat_port
 * @spii: SPIi that opened it
 * @ike_sas: how many, some may be beyond @ike_sa
 * @ike_sa: its IKE SAs
 */
struct told_ctx {
	struct told_end		actual, presented, home, local;
	uint32_t		number[4];
	uint32_t		flag[3];
	uint64_t		spii;
	uint64_t		ike_sas;
	struct told_ike_sa	ike_sa[TOLD_IKE_SAS];
};

/**
 * struct told - the contexts that there are
 * @count: how many
 * @ctx: these, the oldest first
 */
struct told {
	size_t		count;
	struct told_ctx	ctx[TOLD_CONTEXTS];
};

void told_ctx(const struct nlattr *nest, struct told_ctx *ctx);
bool told_add(struct told *all, const struct told_ctx *ctx);

#endif /* _ESP_NAT_FUZZ_TOLD_H */
