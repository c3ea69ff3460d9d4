// SPDX-License-Identifier: GPL-2.0
/*
 * espnat export, espnat import: contexts as text, one a line. The first line
 * names the format, the last one has the number of contexts.
 */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "cmd.h"
#include "ctx.h"
#include "field.h"
#include "transfer.h"

#define TRANSFER_FIRST	"esp_nat-export 1"
#define TRANSFER_WORDS	128
/* The nest of a context is shorter than this. */
#define TRANSFER_CTX	8192

/* ---- export ---- */

static void transfer_write_field(FILE *to, const struct field *f,
				 const struct nlattr *attr)
{
	char text[EP_TEXT];
	struct ep ep;

	switch (f->kind) {
	case FIELD_ENDPOINT:
		if (ep_get(attr, &ep))
			fprintf(to, " %s %s", f->key, ep_format(&ep, text));
		break;
	case FIELD_FLAG:
		fprintf(to, " %s", f->key);
		break;
	case FIELD_NUMBER:
		fprintf(to, " %s %llu", f->key,
			(unsigned long long)attr_number(attr));
		break;
	case FIELD_NAME:
		fprintf(to, " %s %s", f->key,
			field_name(f->names, attr_number(attr)));
		break;
	case FIELD_SPI:
		fprintf(to, " %s 0x%016llx", f->key,
			(unsigned long long)field_spi(attr));
		break;
	}
}

static void transfer_write_ike_sa(FILE *to, const struct nlattr *nest)
{
	const struct nlattr *tb[ESP_NAT_A_IKE_SA_MAX + 1];
	char text[EP_TEXT];
	struct ep peer;

	attr_nest(nest, tb, ESP_NAT_A_IKE_SA_MAX);
	fprintf(to, " ike-sa 0x%016llx/0x%016llx",
		(unsigned long long)field_spi(tb[ESP_NAT_A_IKE_SA_SPII]),
		(unsigned long long)field_spi(tb[ESP_NAT_A_IKE_SA_SPIR]));
	if (tb[ESP_NAT_A_IKE_SA_NAT_PORT])
		fprintf(to, "/nat-port");
	if (tb[ESP_NAT_A_IKE_SA_PEER] &&
	    ep_get(tb[ESP_NAT_A_IKE_SA_PEER], &peer))
		fprintf(to, "/%s", ep_addr(&peer, text));
}

/* Half-open contexts do not last, and IPv6 has no aliases. */
static bool transfer_worth(const struct ctx *ctx)
{
	return attr_number(ctx->tb[ESP_NAT_A_CTX_STATE]) >= ESP_NAT_CTX_LIVE &&
	       ctx->presented.family == AF_INET;
}

/**
 * transfer_write() - write a context's line
 * @to: where
 * @ctx: the context
 */
void transfer_write(FILE *to, const struct ctx *ctx)
{
	const struct nlattr *attr;
	const struct field *f;

	fprintf(to, "context");
	for (f = fields; f->key; f++)
		if (f->lasts && ctx->tb[f->type])
			transfer_write_field(to, f, ctx->tb[f->type]);
	mnl_attr_for_each_nested(attr, ctx->nest)
		if (mnl_attr_get_type(attr) == ESP_NAT_A_CTX_IKE_SA)
			transfer_write_ike_sa(to, attr);
	fprintf(to, "\n");
}

/**
 * transfer_export() - write the contexts, for another gateway
 * @argc: 0
 * @argv: nothing
 *
 * Return: an enum cmd_status.
 */
int transfer_export(int argc, char **argv)
{
	struct ctx_filter any = { .state = -1 };
	struct ctx_list list;
	size_t i, count = 0;
	int err;

	if (cmd_no_more(argc, argv))
		return CMD_USAGE;
	if (!nl_open())
		return CMD_FAILED;
	err = ctx_get_whole(&list, &any);
	if (err) {
		ctx_free(&list);
		return cmd_status(err);
	}
	printf(TRANSFER_FIRST "\n");
	for (i = 0; i < list.count; i++) {
		if (!transfer_worth(&list.ctx[i]))
			continue;
		transfer_write(stdout, &list.ctx[i]);
		count++;
	}
	printf("end %zu\n", count);
	ctx_free(&list);
	if (fflush(stdout) || ferror(stdout)) {
		perror("espnat: export");
		return CMD_FAILED;
	}
	return CMD_OK;
}

/* ---- import ---- */

static bool transfer_spi(const char *text, char **end, uint64_t *spi)
{
	if (strncmp(text, "0x", 2) ||
	    strspn(text + 2, "0123456789abcdefABCDEF") != 16)
		return false;
	*spi = htobe64(strtoull(text + 2, end, 16));
	return true;
}

static bool transfer_number(const char *text, uint64_t *number)
{
	char *end;

	*number = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end;
}

static bool transfer_read_ike_sa(struct nlmsghdr *nlh, const char *text)
{
	struct nlattr *nest;
	uint64_t spii, spir;
	struct ep peer;
	char *end;

	if (!transfer_spi(text, &end, &spii) || *end != '/' ||
	    !transfer_spi(end + 1, &end, &spir))
		return false;
	nest = mnl_attr_nest_start(nlh, ESP_NAT_A_CTX_IKE_SA);
	mnl_attr_put_u64(nlh, ESP_NAT_A_IKE_SA_SPII, spii);
	mnl_attr_put_u64(nlh, ESP_NAT_A_IKE_SA_SPIR, spir);
	if (!strncmp(end, "/nat-port", 9)) {
		mnl_attr_put(nlh, ESP_NAT_A_IKE_SA_NAT_PORT, 0, NULL);
		end += 9;
	}
	if (*end == '/' && ep_parse(end + 1, &peer) && !peer.port) {
		ep_put(nlh, ESP_NAT_A_IKE_SA_PEER, &peer);
		end = "";
	}
	mnl_attr_nest_end(nlh, nest);
	return !*end;
}

static bool transfer_read_value(struct nlmsghdr *nlh, const struct field *f,
				const char *text)
{
	uint64_t number;
	struct ep ep;
	char *end;
	int name;

	switch (f->kind) {
	case FIELD_ENDPOINT:
		if (!ep_parse(text, &ep))
			return false;
		ep_put(nlh, f->type, &ep);
		return true;
	case FIELD_NUMBER:
		if (!transfer_number(text, &number) || number > UINT8_MAX)
			return false;
		mnl_attr_put_u8(nlh, f->type, number);
		return true;
	case FIELD_NAME:
		name = field_number(f->names, text);
		if (name < 0)
			return false;
		mnl_attr_put_u32(nlh, f->type, name);
		return true;
	case FIELD_SPI:
		if (!transfer_spi(text, &end, &number) || *end)
			return false;
		mnl_attr_put_u64(nlh, f->type, number);
		return true;
	default:
		return false;
	}
}

/* Read a word and its value, if it has one. Return: how many words; 0: error. */
static int transfer_read_word(struct nlmsghdr *nlh, char **words, int count)
{
	const struct field *f = field_find(words[0]);

	if (!strcmp(words[0], "ike-sa"))
		return count > 1 && transfer_read_ike_sa(nlh, words[1]) ? 2 : 0;
	if (!f || !f->lasts)
		return 0;
	if (f->kind == FIELD_FLAG) {
		mnl_attr_put(nlh, f->type, 0, NULL);
		return 1;
	}
	return count > 1 && transfer_read_value(nlh, f, words[1]) ? 2 : 0;
}

static int transfer_split(char *line, char **words)
{
	char *save, *word;
	int count = 0;

	for (word = strtok_r(line, " \t\n", &save); word;
	     word = strtok_r(NULL, " \t\n", &save)) {
		if (count == TRANSFER_WORDS)
			return -1;
		words[count++] = word;
	}
	return count;
}

static const char *transfer_read_context(struct nlmsghdr *nlh, char **words,
					 int count)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, ESP_NAT_A_MSG_CTX);
	uint32_t before = nlh->nlmsg_len;
	int i, step;

	for (i = 1; i < count; i += step) {
		step = transfer_read_word(nlh, words + i, count - i);
		if (!step)
			return words[i];
		if (nlh->nlmsg_len - before > TRANSFER_CTX)
			return "this context is too long";
	}
	mnl_attr_nest_end(nlh, nest);
	return NULL;
}

static bool transfer_room(struct transfer *t)
{
	size_t need = t->nlh->nlmsg_len + 2 * TRANSFER_CTX;

	if (need <= t->size)
		return true;
	t->size = 2 * need;
	t->nlh = realloc(t->nlh, t->size);
	if (!t->nlh)
		abort();
	return true;
}

static const char *transfer_read_end(struct transfer *t, char **words,
				     int count)
{
	uint64_t contexts;

	if (count != 2 || !transfer_number(words[1], &contexts) ||
	    contexts != t->count)
		return "wrong number of contexts: the file is incomplete";
	t->ended = true;
	return NULL;
}

/**
 * transfer_read_line() - read a line of an export
 * @t: what has been read before; its message grows
 * @line: the line; is cut into words
 *
 * Return: NULL, or what is wrong with it.
 */
const char *transfer_read_line(struct transfer *t, char *line)
{
	char *words[TRANSFER_WORDS];
	int count;

	if (!t->begun) {
		line[strcspn(line, "\n")] = '\0';
		t->begun = true;
		if (strcmp(line, TRANSFER_FIRST))
			return "this is not a file of espnat export";
		return NULL;
	}
	count = transfer_split(line, words);
	if (count < 0)
		return "too many words";
	if (!count)
		return NULL;
	if (t->ended)
		return "there is a line after the end";
	if (!strcmp(words[0], "end"))
		return transfer_read_end(t, words, count);
	if (strcmp(words[0], "context"))
		return words[0];
	transfer_room(t);
	t->count++;
	return transfer_read_context(t->nlh, words, count);
}

static bool transfer_read(struct transfer *t, FILE *from)
{
	unsigned int number = 0;
	const char *wrong = NULL;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while (!wrong && (len = getline(&line, &size, from)) >= 0) {
		number++;
		wrong = strlen(line) != (size_t)len ? "this is not text" :
			transfer_read_line(t, line);
	}
	if (wrong)
		fprintf(stderr, "espnat: import: line %u: %s\n", number, wrong);
	else if (!t->ended)
		fprintf(stderr,
			"espnat: import: the file is incomplete: its last line is missing\n");
	free(line);
	return !wrong && t->ended;
}

/**
 * transfer_import() - take over contexts that another gateway has exported
 * @argc: 0
 * @argv: nothing
 *
 * All of them or none.
 *
 * Return: an enum cmd_status.
 */
int transfer_import(int argc, char **argv)
{
	struct transfer t = { .size = 1 << 16 };
	int status = CMD_FAILED;

	if (cmd_no_more(argc, argv))
		return CMD_USAGE;
	if (!nl_open())
		return CMD_FAILED;
	t.nlh = malloc(t.size);
	if (!t.nlh)
		abort();
	nl_begin_in(t.nlh, ESP_NAT_CMD_CTX_IMPORT, 0);
	if (transfer_read(&t, stdin) &&
	    (!t.count || nl_send_large(t.nlh->nlmsg_len)))
		status = t.count ? cmd_status(nl_ask(t.nlh, NULL, NULL)) :
				   CMD_OK;
	free(t.nlh);
	return status;
}
