// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer on the reading of an export: the input is the file. Whatever stands
 * there, the message that it makes is one that netlink can walk through, and
 * has as many contexts as were counted.
 */
#include <string.h>

#include "nl.h"
#include "promise.h"
#include "transfer.h"

#define GENL_HDRLEN	4

static void check(const struct transfer *t)
{
	const struct nlattr *attr;
	size_t contexts = 0, bytes = 0;

	PROMISE(t->nlh->nlmsg_len <= t->size);
	mnl_attr_for_each(attr, t->nlh, GENL_HDRLEN) {
		PROMISE(mnl_attr_get_type(attr) == ESP_NAT_A_MSG_CTX);
		bytes += MNL_ALIGN(attr->nla_len);
		contexts++;
	}
	PROMISE(contexts == t->count);
	PROMISE(bytes == mnl_nlmsg_get_payload_len(t->nlh) - GENL_HDRLEN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct transfer t = { .size = 256 };
	char *text = malloc(size + 1), *line, *next;
	const char *wrong = NULL;

	t.nlh = malloc(t.size);
	PROMISE(text && t.nlh);
	memcpy(text, data, size);
	text[size] = '\0';
	nl_begin_in(t.nlh, ESP_NAT_CMD_CTX_IMPORT, 0);
	for (line = text; !wrong && *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		wrong = transfer_read_line(&t, line);
	}
	if (!wrong)
		check(&t);
	free(t.nlh);
	free(text);
	return 0;
}
