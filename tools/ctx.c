// SPDX-License-Identifier: GPL-2.0
/* Contexts: asked for, filtered, printed. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "ctx.h"
#include "field.h"
#include "out.h"

/* How often a dump is repeated that changes have made inconsistent. */
#define CTX_TRIES	5

/**
 * ctx_read() - read a context from netlink
 * @nest: its nest, which must live as long as @ctx
 * @ctx: receives it
 *
 * Return: false if an attribute is missing that every context has.
 */
bool ctx_read(const struct nlattr *nest, struct ctx *ctx)
{
	memset(ctx, 0, sizeof(*ctx));
	attr_nest(nest, ctx->tb, ESP_NAT_A_CTX_MAX);
	return ctx->tb[ESP_NAT_A_CTX_ID] && ctx->tb[ESP_NAT_A_CTX_ACTUAL] &&
	       ctx->tb[ESP_NAT_A_CTX_PRESENTED] &&
	       ep_get(ctx->tb[ESP_NAT_A_CTX_ACTUAL], &ctx->actual) &&
	       ep_get(ctx->tb[ESP_NAT_A_CTX_PRESENTED], &ctx->presented);
}

static bool ctx_add(const struct nlattr **tb, void *data)
{
	const struct nlattr *nest = tb[ESP_NAT_A_MSG_CTX];
	struct ctx_list *list = data;
	struct ctx *ctx;

	if (!nest)
		return true;
	if (list->count == list->room) {
		list->room = list->room ? 2 * list->room : 64;
		list->ctx = realloc(list->ctx, list->room * sizeof(*ctx));
		if (!list->ctx)
			abort();
	}
	ctx = &list->ctx[list->count];
	ctx->nest = malloc(nest->nla_len);
	if (!ctx->nest)
		abort();
	nest = memcpy(ctx->nest, nest, nest->nla_len);
	if (ctx_read(nest, ctx)) {
		ctx->nest = (struct nlattr *)nest;
		list->count++;
	} else {
		free((void *)nest);
	}
	return true;
}

/**
 * ctx_free() - free a list of contexts
 * @list: the list
 */
void ctx_free(struct ctx_list *list)
{
	while (list->count)
		free(list->ctx[--list->count].nest);
	free(list->ctx);
	memset(list, 0, sizeof(*list));
}

static bool ctx_wanted(const struct ctx *ctx, const struct ctx_filter *f)
{
	struct ep home, local;

	if (f->state >= 0 &&
	    attr_number(ctx->tb[ESP_NAT_A_CTX_STATE]) != (uint64_t)f->state)
		return false;
	if (f->aliased && !ctx->tb[ESP_NAT_A_CTX_ALIASED])
		return false;
	if (f->presented.family && !ep_matches(&f->presented, &ctx->presented))
		return false;
	if (f->local.family &&
	    (!ctx->tb[ESP_NAT_A_CTX_LOCAL] ||
	     !ep_get(ctx->tb[ESP_NAT_A_CTX_LOCAL], &local) ||
	     !ep_matches(&f->local, &local)))
		return false;
	if (!f->peer.family || ep_matches(&f->peer, &ctx->actual))
		return true;
	return !f->peer.port && ctx->tb[ESP_NAT_A_CTX_HOME] &&
	       ep_get(ctx->tb[ESP_NAT_A_CTX_HOME], &home) &&
	       ep_matches(&f->peer, &home);
}

static void ctx_sift(struct ctx_list *list, const struct ctx_filter *filter)
{
	size_t i, kept = 0;

	for (i = 0; i < list->count; i++) {
		if (ctx_wanted(&list->ctx[i], filter))
			list->ctx[kept++] = list->ctx[i];
		else
			free(list->ctx[i].nest);
	}
	list->count = kept;
}

static int ctx_get_one(struct ctx_list *list, const struct ctx_filter *filter)
{
	struct nlmsghdr *nlh = nl_begin(ESP_NAT_CMD_CTX_GET, 0);

	if (filter->id)
		mnl_attr_put_u64(nlh, ESP_NAT_A_MSG_ID, filter->id);
	else
		mnl_attr_put_u32(nlh, ESP_NAT_A_MSG_SPI, htonl(filter->spi));
	return nl_ask(nlh, ctx_add, list);
}

static int ctx_get_all(struct ctx_list *list)
{
	int tries, err = 0;

	for (tries = 0; tries < CTX_TRIES; tries++) {
		ctx_free(list);
		err = nl_ask(nl_begin(ESP_NAT_CMD_CTX_GET, NLM_F_DUMP),
			     ctx_add, list);
		if (err != -EINTR)
			return err;
	}
	return err;
}

/**
 * ctx_get_whole() - ask for contexts, a consistent list
 * @list: receives them; to be given to ctx_free()
 * @filter: which contexts
 *
 * Return: 0 or a negative errno; -EINTR: the list is not consistent.
 */
int ctx_get_whole(struct ctx_list *list, const struct ctx_filter *filter)
{
	int err;

	memset(list, 0, sizeof(*list));
	if (filter->id || filter->spi)
		err = ctx_get_one(list, filter);
	else
		err = ctx_get_all(list);
	if (!err || err == -EINTR)
		ctx_sift(list, filter);
	return err;
}

/**
 * ctx_get() - ask for contexts
 * @list: receives them; to be given to ctx_free()
 * @filter: which contexts
 *
 * If clients come and go all the time, the list may be inconsistent; a message
 * says so.
 *
 * Return: 0 or a negative errno.
 */
int ctx_get(struct ctx_list *list, const struct ctx_filter *filter)
{
	int err = ctx_get_whole(list, filter);

	if (err != -EINTR)
		return err;
	nl_complain(err);
	return 0;
}

/* ---- the words of a filter ---- */

static bool ctx_parse_number(const char *text, uint64_t max, uint64_t *number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*number = strtoull(text, &end, 0);
	return !*end && !errno && *number && *number <= max;
}

static bool ctx_parse_word(const char *word, const char *value,
			   struct ctx_filter *f)
{
	uint64_t number;

	if (!strcmp(word, "peer"))
		return ep_parse(value, &f->peer);
	if (!strcmp(word, "alias") || !strcmp(word, "presented"))
		return ep_parse(value, &f->presented);
	if (!strcmp(word, "local"))
		return ep_parse(value, &f->local) && !f->local.port;
	if (!strcmp(word, "id"))
		return ctx_parse_number(value, UINT64_MAX, &f->id);
	if (!strcmp(word, "spi")) {
		if (!ctx_parse_number(value, UINT32_MAX, &number))
			return false;
		f->spi = number;
		return true;
	}
	if (strcmp(word, "state"))
		return false;
	f->state = field_number(field_states, value);
	return f->state >= 0;
}

/**
 * ctx_parse_filter() - read the words of a filter
 * @argc: how many
 * @argv: the words
 * @filter: receives it
 *
 * Return: 0; 2: the words are wrong, which was printed.
 */
int ctx_parse_filter(int argc, char **argv, struct ctx_filter *filter)
{
	memset(filter, 0, sizeof(*filter));
	filter->state = -1;
	while (argc) {
		if (!strcmp(*argv, "aliased")) {
			filter->aliased = true;
			argc--, argv++;
			continue;
		}
		if (argc < 2 || !ctx_parse_word(argv[0], argv[1], filter)) {
			fprintf(stderr,
				"espnat: unknown filter \"%s%s%s\"; the filters are: peer ADDRESS[:PORT],\n"
				"alias ADDRESS, local ADDRESS, spi SPI, id NUMBER, state half|echoed|live|lost, aliased\n",
				argv[0], argc > 1 ? " " : "",
				argc > 1 ? argv[1] : "");
			return 2;
		}
		argc -= 2;
		argv += 2;
	}
	return 0;
}

/* ---- printing ---- */

static void ctx_print_field(const struct field *f, const struct nlattr *attr)
{
	struct ep ep;

	if (!attr)
		return;
	switch (f->kind) {
	case FIELD_ENDPOINT:
		if (ep_get(attr, &ep))
			out_ep(f->key, NULL, &ep);
		break;
	case FIELD_FLAG:
		out_flag(f->key, NULL, true);
		break;
	case FIELD_NUMBER:
		out_u64(f->key, NULL, attr_number(attr));
		break;
	case FIELD_NAME:
		out_str(f->key, NULL, field_name(f->names, attr_number(attr)));
		break;
	case FIELD_SPI:
		out_hex(f->key, NULL, field_spi(attr), 16);
		break;
	}
}

static void ctx_print_ike_sa(const struct nlattr *nest)
{
	const struct nlattr *tb[ESP_NAT_A_IKE_SA_MAX + 1];
	struct ep peer;

	attr_nest(nest, tb, ESP_NAT_A_IKE_SA_MAX);
	out_open(NULL, '{');
	out_hex("spii", "\n    ike-sa ", field_spi(tb[ESP_NAT_A_IKE_SA_SPII]),
		16);
	out_hex("spir", " ", field_spi(tb[ESP_NAT_A_IKE_SA_SPIR]), 16);
	out_flag("nat-port", " nat-port", tb[ESP_NAT_A_IKE_SA_NAT_PORT]);
	if (tb[ESP_NAT_A_IKE_SA_PEER] &&
	    ep_get(tb[ESP_NAT_A_IKE_SA_PEER], &peer))
		out_ep("peer", " peer ", &peer);
	out_close('}');
}

static void ctx_print_ike_sas(const struct ctx *ctx)
{
	const struct nlattr *attr;

	out_open("ike-sa", '[');
	mnl_attr_for_each_nested(attr, ctx->nest)
		if (mnl_attr_get_type(attr) == ESP_NAT_A_CTX_IKE_SA)
			ctx_print_ike_sa(attr);
	out_close(']');
}

static void ctx_text_seconds(const char *before, const struct nlattr *attr)
{
	uint64_t msecs = attr_number(attr);

	out_text("%s%llu.%01llu s", before, (unsigned long long)msecs / 1000,
		 (unsigned long long)msecs / 100 % 10);
}

static void ctx_text(const struct ctx *ctx)
{
	const struct nlattr * const *tb = ctx->tb;
	bool nat = attr_number(tb[ESP_NAT_A_CTX_PEER_NAT]) == ESP_NAT_BEHIND_YES;
	uint64_t rule = attr_number(tb[ESP_NAT_A_CTX_RULE]);
	struct ep local;

	out_ep(NULL, "", &ctx->actual);
	if (ctx->tb[ESP_NAT_A_CTX_ALIASED])
		out_ep(NULL, " alias ", &ctx->presented);
	else if (!ep_matches(&ctx->actual, &ctx->presented))
		out_ep(NULL, " presented ", &ctx->presented);
	if (tb[ESP_NAT_A_CTX_LOCAL] &&
	    ep_get(tb[ESP_NAT_A_CTX_LOCAL], &local))
		out_ep(NULL, " local ", &local);
	out_text(" id %llu %s",
		 (unsigned long long)attr_number(tb[ESP_NAT_A_CTX_ID]),
		 field_name(field_states, attr_number(tb[ESP_NAT_A_CTX_STATE])));
	out_text(" ikev%llu",
		 (unsigned long long)attr_number(tb[ESP_NAT_A_CTX_IKE_VERSION]));
	out_flag(NULL, " peer-nat", nat);
	out_flag(NULL, " local-nat", attr_number(tb[ESP_NAT_A_CTX_LOCAL_NAT]) ==
		 ESP_NAT_BEHIND_YES);
	out_flag(NULL, " plain-sa", tb[ESP_NAT_A_CTX_PLAIN_SA]);
	out_flag(NULL, " guest", tb[ESP_NAT_A_CTX_GUEST]);
	if (rule != ESP_NAT_RULE_ALLOW)
		out_text(" rule %s", field_name(field_rules, rule));
}

static void ctx_text_more(const struct ctx *ctx)
{
	const struct nlattr * const *tb = ctx->tb;

	ctx_text_seconds("\n    age ", tb[ESP_NAT_A_CTX_AGE]);
	ctx_text_seconds(" idle ", tb[ESP_NAT_A_CTX_IDLE]);
	out_text(" moves %llu drops %llu",
		 (unsigned long long)attr_number(tb[ESP_NAT_A_CTX_MOVES]),
		 (unsigned long long)attr_number(tb[ESP_NAT_A_CTX_DROPS]));
	out_text("\n    in %llu packets %llu bytes, out %llu packets %llu bytes",
		 (unsigned long long)attr_number(tb[ESP_NAT_A_CTX_RX_PACKETS]),
		 (unsigned long long)attr_number(tb[ESP_NAT_A_CTX_RX_BYTES]),
		 (unsigned long long)attr_number(tb[ESP_NAT_A_CTX_TX_PACKETS]),
		 (unsigned long long)attr_number(tb[ESP_NAT_A_CTX_TX_BYTES]));
}

/**
 * ctx_print() - print a context, without the end of its line
 * @ctx: the context
 * @more: with its packets and IKE SAs
 */
void ctx_print(const struct ctx *ctx, bool more)
{
	const struct field *f;

	for (f = fields; f->key; f++)
		if (more || !f->more)
			ctx_print_field(f, ctx->tb[f->type]);
	if (!out_json)
		ctx_text(ctx);
	if (!out_json && more)
		ctx_text_more(ctx);
	if (more)
		ctx_print_ike_sas(ctx);
}
