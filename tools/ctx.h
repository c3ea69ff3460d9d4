/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_CTX_H
#define _ESPNAT_CTX_H

#include "ep.h"
#include "nl.h"

/**
 * struct ctx - a context
 * @nest: a copy of its attributes
 * @tb: its attributes by ESP_NAT_A_CTX_*
 * @actual: its actual endpoint
 * @presented: the endpoint that is presented to daemon and xfrm
 */
struct ctx {
	struct nlattr		*nest;
	const struct nlattr	*tb[ESP_NAT_A_CTX_MAX + 1];
	struct ep		actual;
	struct ep		presented;
};

/**
 * struct ctx_list - a list of contexts
 * @ctx: the contexts
 * @count: how many there are
 * @room: for how many there is room
 */
struct ctx_list {
	struct ctx	*ctx;
	size_t		count;
	size_t		room;
};

/**
 * struct ctx_filter - which contexts are wanted
 * @peer: those that are or were born at this endpoint; without a family, any
 * @presented: those with this presented endpoint; without a family, any
 * @local: those that have dialled this address of the gateway's; without a
 *	family, any
 * @spi: the one that has an SA with this SPI, 0: any
 * @id: the one with this number, 0: any
 * @state: an enum esp_nat_state, -1: any
 * @aliased: only those that have an alias
 */
struct ctx_filter {
	struct ep	peer;
	struct ep	presented;
	struct ep	local;
	uint32_t	spi;
	uint64_t	id;
	int		state;
	bool		aliased;
};

bool ctx_read(const struct nlattr *nest, struct ctx *ctx);
int ctx_get_whole(struct ctx_list *list, const struct ctx_filter *filter);
int ctx_get(struct ctx_list *list, const struct ctx_filter *filter);
void ctx_free(struct ctx_list *list);
int ctx_parse_filter(int argc, char **argv, struct ctx_filter *filter);
void ctx_print(const struct ctx *ctx, bool more);

#endif /* _ESPNAT_CTX_H */
