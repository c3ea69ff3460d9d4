// SPDX-License-Identifier: GPL-2.0
/* espnat: what is written is read as it was meant, and nothing else is. */
#include <linux/xfrm.h>
#include <stdbool.h>
#include <string.h>

#include "attr.h"
#include "cmd.h"
#include "ctx.h"
#include "ep.h"
#include "offload.h"
#include "out.h"
#include "test.h"
#include "transfer.h"

/* ---- endpoints ---- */

static const struct {
	const char *text;
	const char *again;
} endpoints[] = {
	{ "192.0.2.1", "192.0.2.1" },
	{ "192.0.2.1:4500", "192.0.2.1:4500" },
	{ "[192.0.2.1]:1", "192.0.2.1:1" },
	{ "2001:db8::1", "2001:db8::1" },
	{ "[2001:db8::1]", "2001:db8::1" },
	{ "[2001:db8::1]:65535", "[2001:db8::1]:65535" },
	{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
	{ "", NULL },
	{ "192.0.2", NULL },
	{ "192.0.2.1:", NULL },
	{ "192.0.2.1:0", NULL },
	{ "192.0.2.1:65536", NULL },
	{ "192.0.2.1:4500x", NULL },
	{ "192.0.2.1: 5", NULL },
	{ "[192.0.2.1", NULL },
	{ "[2001:db8::1]4500", NULL },
	{ "[2001:db8::1]:", NULL },
	{ "name", NULL },
	{ "[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]", NULL },
};

static void test_endpoints(void)
{
	char text[EP_TEXT], name[128];
	struct ep ep;
	size_t i;
	int good;

	for (i = 0; i < ARRAY_SIZE(endpoints); i++) {
		good = ep_parse(endpoints[i].text, &ep);
		if (good && endpoints[i].again)
			good = !strcmp(ep_format(&ep, text),
				       endpoints[i].again);
		snprintf(name, sizeof(name), "endpoint %s", endpoints[i].text);
		test_is(name, good, !!endpoints[i].again);
	}
}

/* ---- words ---- */

static int said;

static int say_show(int argc, char **argv)
{
	(void)argv;
	said = 10 + argc;
	return CMD_OK;
}

static int say_status(int argc, char **argv)
{
	(void)argv;
	said = 20 + argc;
	return CMD_OK;
}

static const struct cmd deeper[] = {
	{ "show", "", say_show, NULL },
	{ }
};

static const struct cmd words[] = {
	{ "status", "", say_status, NULL },
	{ "context", "", NULL, deeper },
	{ "stats", "", say_show, NULL },
	{ }
};

static int runs(const char *one, const char *two)
{
	char *argv[2] = { (char *)one, (char *)two };
	int argc = two ? 2 : one ? 1 : 0;
	int status;

	said = 0;
	status = cmd_run(words, "x", argc, argv);
	return status ? -status : said;
}

static void test_words(void)
{
	test_is("no word: the first", runs(NULL, NULL), 20);
	test_is("a word", runs("status", NULL), 20);
	test_is("its beginning, the first that fits", runs("s", NULL), 20);
	test_is("enough of it for another", runs("stats", NULL), 10);
	test_is("with something behind", runs("status", "x"), 21);
	test_is("an object: its first word", runs("c", NULL), 10);
	test_is("an object and a word", runs("context", "sh"), 10);
	test_is("no such word", runs("frob", NULL), -CMD_USAGE);
	test_is("an empty word", runs("", NULL), -CMD_USAGE);
	test_is("no such word of an object", runs("con", "x"), -CMD_USAGE);
}

/* ---- exports ---- */

#define FIRST	"esp_nat-export 1\n"
#define ENDS	"actual 203.0.113.1:40001 presented 198.18.0.1:40001 home 203.0.113.1"
#define WHOLE	"context " ENDS " local 198.51.100.1 aliased plain-sa" \
	" used-nat-port role responder local-nat no peer-nat yes ike-version 1" \
	" spii 0x0123456789abcdef" \
	" ike-sa 0x0123456789abcdef/0xfedcba9876543210/nat-port" \
	" ike-sa 0x1123456789abcdef/0x0000000000000000/203.0.113.1\n"

static const struct {
	const char *what;
	const char *text;
	int good;
} files[] = {
	{ "nothing", FIRST "end 0\n", 1 },
	{ "one", FIRST WHOLE "end 1\n", 1 },
	{ "an empty line", FIRST "\n" WHOLE "end 1\n", 1 },
	{ "another format", "esp_nat-export 2\nend 0\n", 0 },
	{ "no format", "end 0\n", 0 },
	{ "too few", FIRST WHOLE "end 2\n", 0 },
	{ "too many", FIRST WHOLE WHOLE "end 1\n", 0 },
	{ "an end that is none", FIRST "end x\n", 0 },
	{ "something behind the end", FIRST "end 0\n" WHOLE, 0 },
	{ "no such word", FIRST "context frob 1\nend 1\n", 0 },
	{ "what is not exported", FIRST "context age 1\nend 1\n", 0 },
	{ "no value", FIRST "context actual\nend 1\n", 0 },
	{ "no endpoint", FIRST "context actual x\nend 1\n", 0 },
	{ "no name", FIRST "context role x\nend 1\n", 0 },
	{ "no number", FIRST "context ike-version 1x\nend 1\n", 0 },
	{ "too large", FIRST "context ike-version 256\nend 1\n", 0 },
	{ "a short SPI", FIRST "context spii 0x01\nend 1\n", 0 },
	{ "a signed SPI", FIRST "context spii 0x-123456789abcdef\nend 1\n", 0 },
	{ "a signed number of contexts", FIRST "end +0\n", 0 },
	{ "half an IKE SA", FIRST "context ike-sa 0x0123456789abcdef\nend 1\n", 0 },
	{ "an IKE SA and more",
	  FIRST "context ike-sa 0x0123456789abcdef/0x0123456789abcdef/x\nend 1\n", 0 },
	{ "another line", FIRST "text\nend 0\n", 0 },
};

static int reads(struct transfer *t, const char *text)
{
	const char *wrong = NULL, *next;
	char line[2048];
	size_t len;

	*t = (struct transfer) { .size = 128 };
	t->nlh = malloc(t->size);
	nl_begin_in(t->nlh, ESP_NAT_CMD_CTX_IMPORT, 0);
	for (; !wrong && *text; text = next) {
		len = strcspn(text, "\n");
		next = text + len + !!text[len];
		memcpy(line, text, next - text);
		line[next - text] = '\0';
		wrong = transfer_read_line(t, line);
	}
	return !wrong && t->ended;
}

static int same_again(const struct transfer *t)
{
	const struct nlattr *attr = mnl_nlmsg_get_payload_offset(t->nlh, 4);
	struct ctx ctx = { .nest = (struct nlattr *)attr };
	char text[2048] = "";
	FILE *to = fmemopen(text, sizeof(text), "w");

	attr_nest(attr, ctx.tb, ESP_NAT_A_CTX_MAX);
	transfer_write(to, &ctx);
	fclose(to);
	return !strcmp(text, WHOLE);
}

static void test_files(void)
{
	struct transfer t;
	char name[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(name, sizeof(name), "export: %s", files[i].what);
		test_is(name, reads(&t, files[i].text), files[i].good);
		free(t.nlh);
	}
	reads(&t, FIRST WHOLE "end 1\n");
	test_is("export: written again as it was read", same_again(&t), 1);
	free(t.nlh);
}

/* ---- SAs that are left to a device ---- */

#define OFFLOAD_INBOUND	2
#define OFFLOAD_PACKET	4

static const struct {
	const char *what;
	unsigned short type;
	bool encap;
	bool offload;
	unsigned char flags;
	unsigned int ifindex;
} offloads[] = {
	{ "packet offload", XFRM_MSG_NEWSA, true, true, OFFLOAD_PACKET, 7 },
	{ "packet offload, inbound", XFRM_MSG_NEWSA, true, true,
	  OFFLOAD_PACKET | OFFLOAD_INBOUND, 7 },
	{ "crypto offload", XFRM_MSG_NEWSA, true, true, 0, 0 },
	{ "packet offload without encapsulation", XFRM_MSG_NEWSA, false, true,
	  OFFLOAD_PACKET, 0 },
	{ "no offload", XFRM_MSG_NEWSA, true, false, 0, 0 },
	{ "a policy", XFRM_MSG_NEWPOLICY, true, true, OFFLOAD_PACKET, 0 },
};

static void test_offload(void)
{
	struct xfrm_user_offload offload = { .ifindex = 7 };
	struct xfrm_encap_tmpl encap = { .encap_type = 2 };
	struct nlmsghdr *nlh;
	char buffer[1024];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(offloads); i++) {
		memset(buffer, 0, sizeof(buffer));
		nlh = mnl_nlmsg_put_header(buffer);
		nlh->nlmsg_type = offloads[i].type;
		mnl_nlmsg_put_extra_header(nlh, sizeof(struct xfrm_usersa_info));
		offload.flags = offloads[i].flags;
		if (offloads[i].offload)
			mnl_attr_put(nlh, XFRMA_OFFLOAD_DEV, sizeof(offload),
				     &offload);
		if (offloads[i].encap)
			mnl_attr_put(nlh, XFRMA_ENCAP, sizeof(encap), &encap);
		test_is(offloads[i].what, offload_ifindex(nlh),
			offloads[i].ifindex);
	}
}

int main(void)
{
	test_begin(ARRAY_SIZE(endpoints) + 10 + ARRAY_SIZE(files) + 1 +
		   ARRAY_SIZE(offloads));
	test_offload();
	test_endpoints();
	test_words();
	test_files();
	return test_end();
}
