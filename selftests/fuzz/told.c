// SPDX-License-Identifier: GPL-2.0
/* What attributes tell of contexts: of those that come twice, the last. */
#include <libmnl/libmnl.h>
#include <string.h>

#include "told.h"
#include "uapi/linux/esp_nat.h"

/* ---- reading ---- */

static void told_end(const struct nlattr *nest, struct told_end *end)
{
	const struct nlattr *attr;
	const uint8_t *byte;

	memset(end, 0, sizeof(*end));
	mnl_attr_for_each_nested(attr, nest) {
		byte = mnl_attr_get_payload(attr);
		switch (mnl_attr_get_type(attr)) {
		case ESP_NAT_A_ENDPOINT_ADDR4:
			end->family = 4;
			memcpy(end->ip, byte, 4);
			break;
		case ESP_NAT_A_ENDPOINT_ADDR6:
			end->family = 6;
			memcpy(end->ip, byte, 16);
			break;
		case ESP_NAT_A_ENDPOINT_PORT:
			end->port = byte[0] << 8 | byte[1];
			break;
		}
	}
}

static void told_address(const struct nlattr *nest, struct told_end *end)
{
	told_end(nest, end);
	end->port = 0;
}

static void told_ike_sa(const struct nlattr *nest, const struct told_end *home,
			struct told_ike_sa *sa)
{
	const struct nlattr *attr;

	memset(sa, 0, sizeof(*sa));
	sa->peer = *home;
	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case ESP_NAT_A_IKE_SA_SPII:
			sa->spii = mnl_attr_get_u64(attr);
			break;
		case ESP_NAT_A_IKE_SA_SPIR:
			sa->spir = mnl_attr_get_u64(attr);
			break;
		case ESP_NAT_A_IKE_SA_PEER:
			told_address(attr, &sa->peer);
			break;
		case ESP_NAT_A_IKE_SA_NAT_PORT:
			sa->nat_port = 1;
			break;
		}
	}
	/* then its SPIs are enough */
	if (sa->spir)
		memset(&sa->peer, 0, sizeof(sa->peer));
}

static void told_ike_sas(const struct nlattr *nest, struct told_ctx *ctx)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) != ESP_NAT_A_CTX_IKE_SA)
			continue;
		if (ctx->ike_sas < TOLD_IKE_SAS)
			told_ike_sa(attr, &ctx->home,
				    &ctx->ike_sa[ctx->ike_sas]);
		ctx->ike_sas++;
	}
}

static void told_attr(const struct nlattr *attr, struct told_ctx *ctx)
{
	switch (mnl_attr_get_type(attr)) {
	case ESP_NAT_A_CTX_ACTUAL:
		told_end(attr, &ctx->actual);
		break;
	case ESP_NAT_A_CTX_PRESENTED:
		told_end(attr, &ctx->presented);
		break;
	case ESP_NAT_A_CTX_HOME:
		told_address(attr, &ctx->home);
		break;
	case ESP_NAT_A_CTX_LOCAL:
		told_address(attr, &ctx->local);
		break;
	case ESP_NAT_A_CTX_ALIASED:
		ctx->flag[0] = 1;
		break;
	case ESP_NAT_A_CTX_PLAIN_SA:
		ctx->flag[1] = 1;
		break;
	case ESP_NAT_A_CTX_USED_NAT_PORT:
		ctx->flag[2] = 1;
		break;
	case ESP_NAT_A_CTX_ROLE:
		ctx->number[0] = mnl_attr_get_u32(attr);
		break;
	case ESP_NAT_A_CTX_LOCAL_NAT:
		ctx->number[1] = mnl_attr_get_u32(attr);
		break;
	case ESP_NAT_A_CTX_PEER_NAT:
		ctx->number[2] = mnl_attr_get_u32(attr);
		break;
	case ESP_NAT_A_CTX_IKE_VERSION:
		ctx->number[3] = mnl_attr_get_u8(attr);
		break;
	case ESP_NAT_A_CTX_SPII:
		ctx->spii = mnl_attr_get_u64(attr);
		break;
	}
}

/* The nest was validated. */
void told_ctx(const struct nlattr *nest, struct told_ctx *ctx)
{
	const struct nlattr *attr;

	memset(ctx, 0, sizeof(*ctx));
	mnl_attr_for_each_nested(attr, nest)
		told_attr(attr, ctx);
	told_ike_sas(nest, ctx);
}

/* ---- what a gateway has then ---- */

static bool same_address(const struct told_end *a, const struct told_end *b)
{
	return a->family == b->family && !memcmp(a->ip, b->ip, sizeof(a->ip));
}

/* Is that who is found there? An alias is one client's, whatever its port. */
static bool told_there(const struct told_ctx *old, const struct told_ctx *new)
{
	if (!same_address(&old->presented, &new->presented))
		return false;
	return old->flag[0] || (old->presented.port == new->presented.port &&
				same_address(&old->local, &new->local));
}

/* One whose SAs came first, so that nothing else was known of it. */
static bool told_adopted(const struct told_ctx *old, const struct told_ctx *new)
{
	return new->spii && !old->spii && !old->ike_sas && !old->flag[0] &&
	       !new->flag[0] && same_address(&old->home, &new->home);
}

/* One more was imported. Return: false if that is not to be done. */
bool told_add(struct told *all, const struct told_ctx *ctx)
{
	struct told_ctx *old;
	size_t i;

	for (i = 0; i < all->count; i++)
		if (told_there(&all->ctx[i], ctx))
			break;
	old = &all->ctx[i];
	if (i < all->count && told_adopted(old, ctx)) {
		all->count--;
		memmove(old, old + 1, (all->count - i) * sizeof(*old));
	} else if (i < all->count) {
		return old->flag[0] == ctx->flag[0] && old->spii == ctx->spii &&
		       same_address(&old->home, &ctx->home);
	}
	if (all->count == TOLD_CONTEXTS)
		return false;
	all->ctx[all->count++] = *ctx;
	return true;
}
