// SPDX-License-Identifier: GPL-2.0
/*
 * NAT detection payloads: messages as daemons send them, and everything that
 * can be wrong with one. Each message is a heap block of just its length, so
 * that the address sanitizer sees a byte read too many.
 */
#include <asm/byteorder.h>
#include <stdbool.h>
#include <string.h>

#include "classify.h"
#include "ike.h"
#include "test.h"

enum {
	SA = 1, KE = 4, NONCE1 = 10, VENDOR1 = 13, NAT_D = 20,
	SA2 = 33, KE2 = 34, NONCE2 = 40, NOTIFY = 41, VENDOR2 = 43, SK = 46,
	XP = 130, SOURCE = 16388, DEST = 16389, FRAGMENT = 132,
	MD5 = 16, SHA1 = 20, SHA256 = 32, SHA384 = 48, SHA512 = 64
};

/* the real end of a payload, or a length that lies */
enum { LIE = 0x8000, PAYLOADS = 12 };

/*
 * size: bytes of the body; of a notify: of its data. notify: its type. spi:
 * its SPI size. length: what the payload claims, with LIE.
 */
struct payload {
	unsigned char	type;
	unsigned int	size;
	unsigned int	notify;
	unsigned int	spi;
	unsigned int	length;
};

struct head {
	unsigned char	version;
	unsigned char	exchange;
	unsigned char	flags;
};

/*
 * source, dest: how many digests there are; len: their bytes. cut: bytes that
 * the message's length lacks, trail: bytes behind its last payload.
 */
struct message {
	const char	*name;
	struct head	head;
	struct payload	payload[PAYLOADS];
	unsigned int	source;
	unsigned int	dest;
	unsigned int	len;
	unsigned int	cut;
	unsigned int	trail;
};

#define SRC_IP	{ NOTIFY, SHA1, SOURCE, 0, 0 }
#define DST_IP	{ NOTIFY, SHA1, DEST, 0, 0 }
#define INIT	{ 0x20, 34, 0x08 }
#define INITED	{ 0x20, 34, 0x20 }
#define MAIN	{ 0x10, 2, 0 }
#define AGGR	{ 0x10, 4, 0 }

static const struct message messages[] = {
	{ "IKE_SA_INIT request of strongSwan", INIT,
	  { { SA2, 44, 0, 0, 0 }, { KE2, 260, 0, 0, 0 }, { NONCE2, 32, 0, 0, 0 },
	    SRC_IP, DST_IP, { NOTIFY, 0, 16430, 0, 0 },
	    { NOTIFY, 8, 16431, 0, 0 }, { NOTIFY, 0, 16406, 0, 0 } },
	  1, 1, SHA1, 0, 0 },
	{ "IKE_SA_INIT response", INITED,
	  { { SA2, 44, 0, 0, 0 }, { KE2, 260, 0, 0, 0 }, { NONCE2, 32, 0, 0, 0 },
	    SRC_IP, DST_IP }, 1, 1, SHA1, 0, 0 },
	{ "IKE_SA_INIT, destination first, minor version 1", { 0x21, 34, 0x08 },
	  { DST_IP, SRC_IP }, 1, 1, SHA1, 0, 0 },
	{ "three sources", INIT, { SRC_IP, SRC_IP, SRC_IP, DST_IP },
	  3, 1, SHA1, 0, 0 },
	{ "two destinations", INIT, { SRC_IP, DST_IP, DST_IP },
	  1, 2, SHA1, 0, 0 },
	{ "source only", INIT, { SRC_IP }, 1, 0, SHA1, 0, 0 },
	{ "destination only", INIT, { DST_IP }, 0, 1, SHA1, 0, 0 },
	{ "a notify with an SPI", INIT, { { NOTIFY, SHA1, SOURCE, 4, 0 } },
	  1, 0, SHA1, 0, 0 },
	{ "a COOKIE", INITED, { { NOTIFY, 20, 16390, 0, 0 } }, 0, 0, 0, 0, 0 },
	{ "INVALID_KE_PAYLOAD", INITED, { { NOTIFY, 2, 17, 0, 0 } },
	  0, 0, 0, 0, 0 },
	{ "nothing in it", INIT, { { 0 } }, 0, 0, 0, 0, 0 },
	{ "a digest of 19 bytes", INIT, { { NOTIFY, 19, SOURCE, 0, 0 }, DST_IP },
	  0, 1, SHA1, 0, 0 },
	{ "a digest of 21 bytes", INIT, { { NOTIFY, 21, SOURCE, 0, 0 }, DST_IP },
	  0, 1, SHA1, 0, 0 },
	{ "IKEv2 knows no MD5", INIT, { { NOTIFY, 16, SOURCE, 0, 0 } },
	  0, 0, 0, 0, 0 },
	{ "IKEv2 knows no SHA-256", INIT, { { NOTIFY, 32, SOURCE, 0, 0 } },
	  0, 0, 0, 0, 0 },
	{ "no digest at all", INIT, { { NOTIFY, 0, SOURCE, 0, 0 } },
	  0, 0, 0, 0, 0 },
	{ "an SPI that fills the notify", INIT,
	  { { NOTIFY, 0, SOURCE, 20, 0 } }, 0, 0, 0, 0, 0 },
	{ "a notify shorter than its header", INIT,
	  { { NOTIFY, 0, SOURCE, 0, LIE | 7 }, SRC_IP }, 0, 0, 0, 0, 0 },
	{ "IKEv1's payloads in IKEv2", INIT,
	  { { NAT_D, SHA1, 0, 0, 0 }, { XP, SHA1, 0, 0, 0 } }, 0, 0, 0, 0, 0 },
	{ "IKE_AUTH", { 0x20, 35, 0x08 }, { SRC_IP, DST_IP }, 0, 0, 0, 0, 0 },
	{ "IKE_AUTH, encrypted fragment", { 0x20, 35, 0x08 },
	  { { 53, 400, 0, 0, 0 } }, 0, 0, 0, 0, 0 },
	{ "an encrypted payload in IKE_SA_INIT", INIT, { { SK, 64, 0, 0, 0 } },
	  0, 0, 0, 0, 0 },
	{ "version 3", { 0x30, 34, 0x08 }, { SRC_IP, DST_IP }, 0, 0, 0, 0, 0 },

	{ "main mode, first, Windows 7", MAIN,
	  { { SA, 200, 0, 0, 0 }, { VENDOR1, 20, 0, 0, 0 },
	    { VENDOR1, 16, 0, 0, 0 }, { VENDOR1, 16, 0, 0, 0 },
	    { VENDOR1, 16, 0, 0, 0 } }, 0, 0, 0, 0, 0 },
	{ "main mode, third, SHA-1", MAIN,
	  { { KE, 256, 0, 0, 0 }, { NONCE1, 48, 0, 0, 0 },
	    { NAT_D, SHA1, 0, 0, 0 }, { NAT_D, SHA1, 0, 0, 0 } },
	  1, 1, SHA1, 0, 0 },
	{ "main mode, third, Windows XP, MD5", MAIN,
	  { { KE, 128, 0, 0, 0 }, { NONCE1, 20, 0, 0, 0 },
	    { XP, MD5, 0, 0, 0 }, { XP, MD5, 0, 0, 0 } }, 1, 1, MD5, 0, 0 },
	{ "main mode, third, Windows XP, SHA-1", MAIN,
	  { { KE, 128, 0, 0, 0 }, { NONCE1, 20, 0, 0, 0 },
	    { XP, SHA1, 0, 0, 0 }, { XP, SHA1, 0, 0, 0 } }, 1, 1, SHA1, 0, 0 },
	{ "main mode, SHA-256, three addresses of its own", MAIN,
	  { { NAT_D, SHA256, 0, 0, 0 }, { NAT_D, SHA256, 0, 0, 0 },
	    { NAT_D, SHA256, 0, 0, 0 }, { NAT_D, SHA256, 0, 0, 0 } },
	  3, 1, SHA256, 0, 0 },
	{ "main mode, SHA-384", MAIN,
	  { { NAT_D, SHA384, 0, 0, 0 }, { NAT_D, SHA384, 0, 0, 0 } },
	  1, 1, SHA384, 0, 0 },
	{ "main mode, SHA-512", MAIN,
	  { { NAT_D, SHA512, 0, 0, 0 }, { NAT_D, SHA512, 0, 0, 0 } },
	  1, 1, SHA512, 0, 0 },
	{ "aggressive mode, second", AGGR,
	  { { SA, 52, 0, 0, 0 }, { KE, 128, 0, 0, 0 }, { NONCE1, 32, 0, 0, 0 },
	    { 5, 8, 0, 0, 0 }, { 8, 20, 0, 0, 0 }, { NAT_D, SHA1, 0, 0, 0 },
	    { NAT_D, SHA1, 0, 0, 0 }, { VENDOR1, 16, 0, 0, 0 } },
	  1, 1, SHA1, 0, 0 },
	{ "the first is the remote end's", MAIN, { { NAT_D, SHA1, 0, 0, 0 } },
	  0, 1, SHA1, 0, 0 },
	{ "the first of a length that no hash has", MAIN,
	  { { NAT_D, 19, 0, 0, 0 }, { NAT_D, SHA1, 0, 0, 0 } },
	  1, 0, SHA1, 0, 0 },
	{ "the second of another hash", MAIN,
	  { { NAT_D, SHA1, 0, 0, 0 }, { NAT_D, MD5, 0, 0, 0 },
	    { NAT_D, SHA1, 0, 0, 0 } }, 1, 1, SHA1, 0, 0 },
	{ "NAT-D without digest", MAIN, { { NAT_D, 0, 0, 0, 0 } },
	  0, 0, 0, 0, 0 },
	{ "NAT-D of 28 bytes", MAIN, { { NAT_D, 28, 0, 0, 0 } },
	  0, 0, 0, 0, 0 },
	{ "IKEv2's notifies in IKEv1", MAIN, { SRC_IP, DST_IP }, 0, 0, 0, 0, 0 },
	{ "encrypted main mode", { 0x10, 2, 0x01 },
	  { { NAT_D, SHA1, 0, 0, 0 }, { NAT_D, SHA1, 0, 0, 0 } },
	  0, 0, 0, 0, 0 },
	{ "main mode with the commit bit", { 0x10, 2, 0x02 },
	  { { NAT_D, SHA1, 0, 0, 0 }, { NAT_D, SHA1, 0, 0, 0 } },
	  1, 1, SHA1, 0, 0 },
	{ "a fragment of IKEv1", MAIN, { { FRAGMENT, 400, 0, 0, 0 } },
	  0, 0, 0, 0, 0 },
	{ "quick mode", { 0x10, 32, 0 }, { { NAT_D, SHA1, 0, 0, 0 } },
	  0, 0, 0, 0, 0 },
	{ "informational", { 0x10, 5, 0 }, { { NAT_D, SHA1, 0, 0, 0 } },
	  0, 0, 0, 0, 0 },

	{ "bytes behind the last payload", INIT, { SRC_IP, DST_IP },
	  1, 1, SHA1, 0, 5 },
	{ "the last payload is a byte too long", INIT, { SRC_IP, DST_IP },
	  0, 0, 0, 1, 0 },
	{ "the last payload's header is cut", INIT,
	  { SRC_IP, DST_IP, { VENDOR2, 0, 0, 0, 0 } }, 0, 0, 0, 1, 0 },
	{ "the last payload is missing", INIT,
	  { SRC_IP, DST_IP, { VENDOR2, 0, 0, 0, 0 } }, 0, 0, 0, 4, 0 },
	{ "a payload of length 0", INIT,
	  { SRC_IP, { VENDOR2, 8, 0, 0, LIE | 0 }, DST_IP }, 0, 0, 0, 0, 0 },
	{ "a payload of length 3", INIT,
	  { SRC_IP, { VENDOR2, 8, 0, 0, LIE | 3 }, DST_IP }, 0, 0, 0, 0, 0 },
	{ "the last payload has length 0", INIT,
	  { SRC_IP, { VENDOR2, 8, 0, 0, LIE | 0 } }, 0, 0, 0, 0, 0 },
	{ "the last payload has length 3", INIT,
	  { SRC_IP, { VENDOR2, 8, 0, 0, LIE | 3 } }, 0, 0, 0, 0, 0 },
	{ "a notify of 7 bytes ends the message", INIT,
	  { SRC_IP, { NOTIFY, 0, DEST, 0, LIE | 7 } }, 1, 0, SHA1, 1, 0 },
	{ "a payload of length 4", INIT,
	  { SRC_IP, { VENDOR2, 0, 0, 0, 0 }, DST_IP }, 1, 1, SHA1, 0, 0 },
	{ "a payload of 32767 bytes", INIT,
	  { SRC_IP, DST_IP, { VENDOR2, 8, 0, 0, LIE | 0x7fff } },
	  0, 0, 0, 0, 0 },
	{ "a NAT-D that ends behind the message", MAIN,
	  { { NAT_D, SHA1, 0, 0, 0 }, { NAT_D, SHA1, 0, 0, LIE | 25 } },
	  0, 0, 0, 0, 0 },
};

/* how long the message is that is being read */
static unsigned int block_len;

static const void *read_pointer(const struct esp_nat_ike_msg *msg,
				unsigned int offset, unsigned int len,
				void *buf)
{
	(void)buf;
	if (offset + len > block_len) {
		fprintf(stderr, "%u bytes at %u of %u\n", len, offset,
			block_len);
		abort();
	}
	return (const unsigned char *)msg->data + msg->start + offset;
}

static const void *read_copy(const struct esp_nat_ike_msg *msg,
			     unsigned int offset, unsigned int len, void *buf)
{
	return memcpy(buf, read_pointer(msg, offset, len, buf), len);
}

static const void *read_nothing(const struct esp_nat_ike_msg *msg,
				unsigned int offset, unsigned int len,
				void *buf)
{
	(void)msg, (void)offset, (void)len, (void)buf;
	return NULL;
}

static unsigned int put_payload(unsigned char *at, const struct payload *p,
				unsigned char next)
{
	unsigned int head = p->type == NOTIFY ? 8 : 4;
	unsigned int size = head + p->spi + p->size;
	unsigned int length = p->length & LIE ? p->length & ~LIE : size;

	memset(at, 0xa5, size);
	at[0] = next;
	at[1] = 0;
	at[2] = length >> 8;
	at[3] = length;
	if (p->type == NOTIFY) {
		at[4] = 0;
		at[5] = p->spi;
		at[6] = p->notify >> 8;
		at[7] = p->notify;
	}
	return size;
}

/* Writes a message to @at and returns its length. */
static unsigned int put(unsigned char *at, const struct message *m)
{
	unsigned int len = ESP_NAT_IKE_HDR_LEN, i;

	memset(at, 0x11, len);
	at[16] = m->payload[0].type;
	at[17] = m->head.version;
	at[18] = m->head.exchange;
	at[19] = m->head.flags;
	for (i = 0; i < PAYLOADS && m->payload[i].type; i++)
		len += put_payload(at + len, &m->payload[i],
				   i + 1 < PAYLOADS ? m->payload[i + 1].type : 0);
	memset(at + len, 0x5a, m->trail);
	return len + m->trail - m->cut;
}

static void set_length(unsigned char *at, unsigned int len)
{
	__be32 be = __cpu_to_be32(len);

	memcpy(at + 24, &be, sizeof(be));
}

/* Looks at a copy of just its length. */
static int find(const unsigned char *at, unsigned int len,
		typeof(((struct esp_nat_ike_msg *)0)->read) read,
		struct esp_nat_ike_nat *nat)
{
	unsigned char *data = malloc(len);
	struct esp_nat_ike_msg msg = { .read = read, .data = data - 3,
				       .start = 3 };
	struct esp_nat_ike_hdr hdr;
	int found;

	memcpy(data, at, len);
	set_length(data, len);
	memcpy(&hdr, data, ESP_NAT_IKE_HDR_LEN);
	block_len = len;
	found = esp_nat_ike_find(&msg, &hdr, nat);
	free(data);
	return found;
}

static void test(const struct message *m, const char *what, long got,
		 long want)
{
	char name[120];

	snprintf(name, sizeof(name), "%s: %s", m->name, what);
	test_is(name, got, want);
}

static void message(const struct message *m)
{
	struct esp_nat_ike_nat nat, copied;
	unsigned char data[4096];
	unsigned int len = put(data, m);
	int found = find(data, len, read_pointer, &nat);

	test(m, "found", found, m->len != 0);
	test(m, "sources", nat.source.count, m->source);
	test(m, "destinations", nat.dest.count, m->dest);
	test(m, "bytes of a digest", nat.len, m->len);
	found = find(data, len, read_copy, &copied);
	test(m, "the same in pieces", memcmp(&nat, &copied, sizeof(nat)), 0);
}

/* Where the digests are, in a message whose bytes all differ there. */
static void places(void)
{
	static const struct message v2 = {
		"", INIT, { { SA2, 40, 0, 0, 0 }, SRC_IP,
			    { NOTIFY, SHA1, DEST, 3, 0 } }, 0, 0, 0, 0, 0
	};
	static const struct message v1 = {
		"", MAIN, { { KE, 128, 0, 0, 0 }, { XP, MD5, 0, 0, 0 },
			    { XP, MD5, 0, 0, 0 } }, 0, 0, 0, 0, 0
	};
	struct esp_nat_ike_nat nat;
	unsigned char data[4096];

	find(data, put(data, &v2), read_pointer, &nat);
	test_is("IKEv2: the source is at", nat.source.at[0], 28 + 44 + 8);
	test_is("IKEv2: the destination is at", nat.dest.at[0],
		28 + 44 + 28 + 8 + 3);
	find(data, put(data, &v1), read_pointer, &nat);
	test_is("IKEv1: the destination is at", nat.dest.at[0], 28 + 132 + 4);
	test_is("IKEv1: the source is at", nat.source.at[0], 28 + 132 + 24);
}

/* So many payloads of a type, in a message of this version. */
static int many(unsigned int count, const struct payload *p, bool v2,
		struct esp_nat_ike_nat *nat)
{
	static unsigned char data[70000];
	unsigned int len = ESP_NAT_IKE_HDR_LEN, i;

	memset(data, 0x11, len);
	data[16] = p->type;
	data[17] = v2 ? 0x20 : 0x10;
	data[18] = v2 ? 34 : 2;
	data[19] = 0;
	for (i = 0; i < count; i++)
		len += put_payload(data + len, p, i + 1 < count ? p->type : 0);
	return find(data, len, read_pointer, nat);
}

static void caps(void)
{
	static const struct payload source = SRC_IP;
	static const struct payload nat_d = { NAT_D, MD5, 0, 0, 0 };
	static const struct payload big = { NAT_D, 16000, 0, 0, 0 };
	struct esp_nat_ike_nat nat;

	many(ESP_NAT_IKE_DIGESTS, &source, true, &nat);
	test_is("as many sources as fit", nat.source.count, 8);
	test_is("are no more than that", nat.source.more, 0);
	many(ESP_NAT_IKE_DIGESTS + 1, &source, true, &nat);
	test_is("one more does not fit", nat.source.count, 8);
	test_is("which is told", nat.source.more, 1);
	many(ESP_NAT_IKE_DIGESTS + 2, &nat_d, false, &nat);
	test_is("IKEv1: one does not fit", nat.source.count, 8);
	test_is("IKEv1: which is told", nat.source.more, 1);
	test_is("as many payloads as are looked at",
		many(ESP_NAT_IKE_PAYLOADS, &source, true, &nat), 1);
	test_is("one more is too many",
		many(ESP_NAT_IKE_PAYLOADS + 1, &source, true, &nat), 0);
	test_is("nothing of it counts", nat.source.count, 0);
	test_is("a message of 64,044 bytes", many(4, &big, false, &nat), 0);
}

/* What is not found though it is there: the length says that it cannot be. */
static int claims(const unsigned char *at, unsigned int len)
{
	struct esp_nat_ike_msg msg = { .read = read_pointer, .data = at };
	struct esp_nat_ike_nat nat;
	struct esp_nat_ike_hdr hdr;

	block_len = 0x10010;
	memcpy(&hdr, at, ESP_NAT_IKE_HDR_LEN);
	hdr.length = __cpu_to_be32(len);
	return esp_nat_ike_find(&msg, &hdr, &nat);
}

static void lengths(void)
{
	static const struct message m = { "", INIT, { SRC_IP, DST_IP },
					  0, 0, 0, 0, 0 };
	static unsigned char data[0x10010];
	struct esp_nat_ike_nat nat;
	unsigned int len = put(data, &m), cut, found = 0;

	for (cut = ESP_NAT_IKE_HDR_LEN; cut < len; cut++)
		found += find(data, cut, read_pointer, &nat);
	test_is("found in no beginning of a message", found, 0);
	test_is("unreadable", find(data, len, read_nothing, &nat), 0);
	test_is("of 65535 bytes", claims(data, 0xffff), 1);
	test_is("longer than UDP", claims(data, 0x10000), 0);
	test_is("shorter than its header", claims(data, 27), 0);
}

/* Unencrypted, and NO_PROPOSAL_CHOSEN before all else. */
static int refuses(unsigned char version, unsigned char exchange,
		   unsigned char flags, unsigned char payload,
		   unsigned char type, unsigned int len)
{
	unsigned char data[ESP_NAT_IKE_HDR_LEN + 12] = {
		[16] = payload, version, exchange, flags,
		[28] = 0, 0, 0, 12,
	};
	struct esp_nat_ike_msg msg = { .read = read_pointer, .data = data };
	struct esp_nat_ike_hdr hdr;

	data[28 + (version == 0x10 ? 11 : 7)] = type;
	set_length(data, len);
	memcpy(&hdr, data, ESP_NAT_IKE_HDR_LEN);
	block_len = len;
	return !!esp_nat_ike_refuses(&msg, &hdr);
}

static void refusals(void)
{
	test_is("IKEv1: a refusal", refuses(0x10, 5, 0, 11, 14, 40), 1);
	test_is("IKEv1: encrypted, which is no refusal of a first message",
		refuses(0x10, 5, 1, 11, 14, 40), 0);
	test_is("IKEv1: main mode", refuses(0x10, 2, 0, 11, 14, 40), 0);
	test_is("IKEv1: another payload", refuses(0x10, 5, 0, 12, 14, 40), 0);
	test_is("IKEv1: another notification",
		refuses(0x10, 5, 0, 11, 24, 40), 0);
	test_is("IKEv1: cut off", refuses(0x10, 5, 0, 11, 14, 39), 0);
	test_is("IKEv2: a refusal", refuses(0x20, 34, 0x20, 41, 14, 36), 1);
	test_is("IKEv2: a request", refuses(0x20, 34, 8, 41, 14, 36), 0);
	test_is("IKEv2: another group is wanted",
		refuses(0x20, 34, 0x20, 41, 17, 36), 0);
	test_is("IKEv2: another exchange",
		refuses(0x20, 35, 0x20, 41, 14, 36), 0);
	test_is("IKEv2: cut off", refuses(0x20, 34, 0x20, 41, 14, 35), 0);
}

int main(void)
{
	unsigned int i;

	test_begin(5 * ARRAY_SIZE(messages) + 4 + 10 + 5 + 11);
	for (i = 0; i < ARRAY_SIZE(messages); i++)
		message(&messages[i]);
	places();
	caps();
	lengths();
	refusals();
	return test_end();
}
