// SPDX-License-Identifier: GPL-2.0
/*
 * RFC 3948 2.1 - 2.3 at every boundary. Each payload is a heap block of just
 * its length, so that the address sanitizer sees a byte read too many.
 */
#include <asm/byteorder.h>
#include <stdbool.h>
#include <string.h>

#include "classify.h"
#include "test.h"

enum {
	KEEPALIVE = ESP_NAT_CLASS_KEEPALIVE,
	IKE = ESP_NAT_CLASS_IKE,
	ESP = ESP_NAT_CLASS_ESP,
	RUNT = ESP_NAT_CLASS_RUNT,
	SHORT = ESP_NAT_CLASS_IKE_SHORT,
	LENGTH = ESP_NAT_CLASS_IKE_LENGTH
};

/* head: the first bytes, zeros follow; ike_len: written where IKE has it */
struct payload {
	const char	*name;
	bool		nat_port;
	unsigned int	len;
	unsigned int	head_len;
	unsigned char	head[8];
	__u32		ike_len;
	long		want;
};

static const struct payload payloads[] = {
	{ "empty", true, 0, 0, {}, 0, RUNT },
	{ "keepalive", true, 1, 1, { 0xff }, 0, KEEPALIVE },
	{ "one other byte", true, 1, 1, { 0xfe }, 0, RUNT },
	{ "one zero byte", true, 1, 1, { 0 }, 0, RUNT },
	{ "two bytes 0xFF", true, 2, 2, { 0xff, 0xff }, 0, RUNT },
	{ "three bytes", true, 3, 3, { 1, 2, 3 }, 0, RUNT },
	{ "an SPI alone", true, 4, 4, { 0, 0, 1, 0 }, 0, RUNT },
	{ "seven bytes of ESP", true, 7, 4, { 0, 0, 1, 0 }, 0, RUNT },
	{ "an ESP header", true, 8, 4, { 0, 0, 1, 0 }, 0, ESP },
	{ "ESP, last byte of the SPI", true, 60, 4, { 0, 0, 0, 1 }, 0, ESP },
	{ "ESP, first byte of the SPI", true, 60, 1, { 0x80 }, 0, ESP },
	{ "ESP, SPI 0xFFFFFFFF", true, 60, 4, { 255, 255, 255, 255 }, 0, ESP },
	{ "the marker alone", true, 4, 0, {}, 0, SHORT },
	{ "marker and a byte less than a header", true, 31, 0, {}, 28, SHORT },
	{ "marker and a header", true, 32, 0, {}, 28, IKE },
	{ "length a byte too small", true, 32, 0, {}, 27, LENGTH },
	{ "length zero", true, 32, 0, {}, 0, LENGTH },
	{ "length a byte too large", true, 32, 0, {}, 29, LENGTH },
	{ "length 2^32 - 1", true, 200, 0, {}, 0xffffffff, LENGTH },
	{ "length with the marker counted in", true, 100, 0, {}, 100, LENGTH },
	{ "length just so", true, 100, 0, {}, 96, IKE },
	{ "bytes behind the message", true, 100, 0, {}, 90, IKE },
	{ "ike_port: empty", false, 0, 0, {}, 0, SHORT },
	{ "ike_port: a keepalive", false, 1, 1, { 0xff }, 0, SHORT },
	{ "ike_port: 27 bytes", false, 27, 0, {}, 28, SHORT },
	{ "ike_port: a header", false, 28, 0, {}, 28, IKE },
	{ "ike_port: length too large", false, 28, 0, {}, 29, LENGTH },
	{ "ike_port: SPIi is no marker", false, 64, 8, { 0 }, 64, IKE },
};

static void classify(const struct payload *p)
{
	unsigned int ike = p->nat_port ? ESP_NAT_MARKER_LEN : 0;
	__be32 ike_len = __cpu_to_be32(p->ike_len);
	/* what callers have read: no more than they promise */
	unsigned int most = ike + ESP_NAT_IKE_HDR_LEN;
	unsigned int have = p->len < most ? p->len : most;
	struct esp_nat_ike_hdr hdr;
	unsigned char *data;
	long got;

	data = calloc(1, have);
	memcpy(data, p->head, p->head_len < have ? p->head_len : have);
	if (have == most && p->want != ESP)
		memcpy(data + ike + 24, &ike_len, sizeof(ike_len));
	got = p->nat_port ? esp_nat_classify_nat(data, p->len, &hdr) :
			    esp_nat_classify_ike(data, p->len, &hdr);
	test_is(p->name, got, p->want);
	free(data);
}

/* What a header says: by version, exchange and flags. */
struct header {
	const char	*name;
	__u64		spii;
	__u64		spir;
	__u8		version;
	__u8		exchange;
	__u8		flags;
	bool		opens;
	bool		answers;
	bool		proves;
	bool		shakes;
};

static const struct header headers[] = {
	{ "IKEv1 main mode, first", 1, 0, 0x10, 2, 0, true, true, false, true },
	{ "IKEv1 aggressive mode, first", 1, 0, 0x10, 4, 0, true, true, false, true },
	{ "IKEv1 main mode, later", 1, 2, 0x10, 2, 0, false, true, false, true },
	{ "IKEv1 quick mode without SPIr", 1, 0, 0x10, 32, 0, false, true, false, false },
	{ "IKEv1 informational without SPIr", 1, 0, 0x10, 5, 0, false, true, false, false },
	{ "IKEv1 base mode", 1, 0, 0x10, 1, 0, false, true, false, false },
	{ "IKEv1 with IKEv2's exchange", 1, 0, 0x10, 34, 8, false, true, false, false },
	{ "IKE_SA_INIT request", 1, 0, 0x20, 34, 0x08, true, false, false, true },
	{ "IKE_SA_INIT request, minor version 1", 1, 0, 0x21, 34, 0x08, true, false, false, true },
	{ "IKE_SA_INIT request, version flag", 1, 0, 0x20, 34, 0x18, true, false, false, true },
	{ "IKE_SA_INIT response", 1, 2, 0x20, 34, 0x20, false, true, false, true },
	{ "COOKIE (IKE_SA_INIT response)", 1, 0, 0x20, 34, 0x20, false, true, false, true },
	{ "IKE_SA_INIT, both flags", 1, 0, 0x20, 34, 0x28, false, true, false, true },
	{ "IKE_SA_INIT, no flag", 1, 0, 0x20, 34, 0, false, false, false, true },
	{ "IKE_SA_INIT with SPIr", 1, 2, 0x20, 34, 0x08, false, false, false, true },
	{ "IKE_AUTH request", 1, 2, 0x20, 35, 0x08, false, false, false, true },
	{ "IKE_AUTH request without SPIr", 1, 0, 0x20, 35, 0x08, false, false, false, true },
	{ "INFORMATIONAL of the responder", 1, 2, 0x20, 37, 0, false, false, true, false },
	{ "IKEv2 with main mode's exchange", 1, 0, 0x20, 2, 0x08, false, false, false, false },
	{ "SPIi zero", 0, 0, 0x20, 34, 0x08, false, false, false, true },
	{ "version 0", 1, 0, 0x00, 34, 0x08, false, true, false, false },
	{ "version 3", 1, 0, 0x30, 34, 0x08, false, true, false, false },
	{ "IKEv1 main mode, encrypted", 1, 2, 0x10, 2, 1, false, true, true, true },
	{ "IKEv1 aggressive mode, encrypted", 1, 2, 0x10, 4, 1, false, true, false, true },
	{ "IKEv1 quick mode", 1, 2, 0x10, 32, 1, false, true, true, false },
	{ "IKEv1 quick mode in the clear", 1, 2, 0x10, 32, 0, false, true, false, false },
	{ "IKEv1 informational, encrypted", 1, 2, 0x10, 5, 1, false, true, false, false },
	{ "IKE_AUTH response", 1, 2, 0x20, 35, 0x20, false, true, false, true },
	{ "CREATE_CHILD_SA response", 1, 2, 0x20, 36, 0x20, false, true, true, false },
	{ "INFORMATIONAL response", 1, 2, 0x20, 37, 0x20, false, true, true, false },
};

static void header(const struct header *h)
{
	struct esp_nat_ike_hdr hdr = {
		.spii = __cpu_to_be64(h->spii),
		.spir = __cpu_to_be64(h->spir),
		.version = h->version,
		.exchange = h->exchange,
		.flags = h->flags,
	};
	char name[80];

	snprintf(name, sizeof(name), "%s: opens", h->name);
	test_is(name, !!esp_nat_classify_opens(&hdr), h->opens);
	snprintf(name, sizeof(name), "%s: answers", h->name);
	test_is(name, !!esp_nat_classify_answers(&hdr), h->answers);
	snprintf(name, sizeof(name), "%s: proves", h->name);
	test_is(name, !!esp_nat_classify_proves(&hdr), h->proves);
	snprintf(name, sizeof(name), "%s: is of a handshake", h->name);
	test_is(name, !!esp_nat_classify_shakes(&hdr), h->shakes);
	snprintf(name, sizeof(name), "%s: version", h->name);
	test_is(name, esp_nat_classify_major(&hdr), h->version >> 4);
}

/* Every field of a header is where RFC 7296 3.1 has it. */
static void fields(void)
{
	static const unsigned char wire[] = {
		0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
		0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18,
		0x21, 0x20, 0x22, 0x08, 0x31, 0x32, 0x33, 0x34,
		0x00, 0x00, 0x00, 0x1c,
	};
	struct esp_nat_ike_hdr hdr;

	test_is("a header is IKE",
		esp_nat_classify_ike(wire, sizeof(wire), &hdr), IKE);
	test_is("SPIi", __be64_to_cpu(hdr.spii) == 0x0102030405060708, true);
	test_is("SPIr", __be64_to_cpu(hdr.spir) == 0x1112131415161718, true);
	test_is("next payload", hdr.next_payload, 0x21);
	test_is("version", hdr.version, 0x20);
	test_is("exchange", hdr.exchange, 0x22);
	test_is("flags", hdr.flags, 0x08);
	test_is("message id", __be32_to_cpu(hdr.msgid), 0x31323334);
	test_is("length", __be32_to_cpu(hdr.length), 28);
}

int main(void)
{
	unsigned int i;

	test_begin(ARRAY_SIZE(payloads) + 5 * ARRAY_SIZE(headers) + 9);
	for (i = 0; i < ARRAY_SIZE(payloads); i++)
		classify(&payloads[i]);
	for (i = 0; i < ARRAY_SIZE(headers); i++)
		header(&headers[i]);
	fields();
	return test_end();
}
