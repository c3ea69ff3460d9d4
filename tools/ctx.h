/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_CTX_H
#define _ESPNAT_CTX_H

#include "ep.h"
#include "nl.h"

/**
 * struct ctx - a context, as the kernel told of it
 * @nest: its attributes, a copy
 * @tb: the same by ESP_NAT_A_CTX_*
 * @actual: where it is
 * @presented: what daemon and xfrm are shown
 */
struct ctx {
	struct nlattr		*nest;
	const struct nlattr	*tb[ESP_NAT_A_CTX_MAX + 1];
	struct ep		actual;
	struct ep		presented;
};

/**
 * struct ctx_list - some of them
 * @ctx: they
 * @count: how many
 * @room: how many there is room for
 */
struct ctx_list {
	struct ctx	*ctx;
	size_t		count;
	size_t		room;
};

/**
 * struct ctx_filter - which ones
 * @peer: those there or born there; without a family, any
 * @presented: those that are presented so
 * @spi: the one that has an SA with this SPI, 0: any
 * @id: the one of that number, 0: any
 * @state: an enum esp_nat_state, -1: any
 * @aliased: those that have an alias
 */
struct ctx_filter {
	struct ep	peer;
	struct ep	presented;
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
