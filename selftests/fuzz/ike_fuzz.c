// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer on the walk through an IKE message: the input is a UDP payload of
 * ike_port. Not only crashes count: whatever the message is, what is found in
 * it keeps the promises of ike.h.
 */
#include <asm/byteorder.h>
#include <string.h>

#include "classify.h"
#include "ike.h"
#include "promise.h"

/* how often the message in hand was read, and how long it says that it is */
static unsigned int reads, limit;

static const void *read_pointer(const struct esp_nat_ike_msg *msg,
				unsigned int offset, unsigned int len,
				void *buf)
{
	(void)buf;
	reads++;
	PROMISE(offset >= ESP_NAT_IKE_HDR_LEN);
	PROMISE(len <= ESP_NAT_NOTIFY_V1_HDR_LEN);
	PROMISE(offset <= limit && len <= limit - offset);
	return (const uint8_t *)msg->data + offset;
}

static const void *read_copy(const struct esp_nat_ike_msg *msg,
			     unsigned int offset, unsigned int len, void *buf)
{
	return memcpy(buf, read_pointer(msg, offset, len, buf), len);
}

/* Digests lie in the message, one behind the other. */
static void check_end(const struct esp_nat_ike_end *end, unsigned int len)
{
	unsigned int least = ESP_NAT_IKE_HDR_LEN + ESP_NAT_PAYLOAD_HDR_LEN, i;

	PROMISE(end->count <= ESP_NAT_IKE_DIGESTS);
	PROMISE(!end->more || end->count == ESP_NAT_IKE_DIGESTS);
	for (i = 0; i < end->count; i++) {
		PROMISE(end->at[i] >= least);
		PROMISE(end->at[i] + len <= limit);
		least = end->at[i] + len + ESP_NAT_PAYLOAD_HDR_LEN;
	}
	for (; i < ESP_NAT_IKE_DIGESTS; i++)
		PROMISE(!end->at[i]);
}

static void check_len(const struct esp_nat_ike_nat *nat, int major)
{
	switch (nat->len) {
	case ESP_NAT_DIGEST_SHA1:
		break;
	case ESP_NAT_DIGEST_MD5:
	case ESP_NAT_DIGEST_SHA256:
	case ESP_NAT_DIGEST_SHA384:
	case ESP_NAT_DIGEST_SHA512:
		PROMISE(major == 1);
		break;
	default:
		PROMISE(!"a length that no hash has");
	}
}

static void check(const struct esp_nat_ike_nat *nat, int found,
		  const struct esp_nat_ike_hdr *hdr)
{
	static const struct esp_nat_ike_nat nothing;

	PROMISE(reads <= 2 * ESP_NAT_IKE_PAYLOADS);
	if (!found) {
		PROMISE(!memcmp(nat, &nothing, sizeof(nothing)));
		return;
	}
	PROMISE(esp_nat_ike_carries(hdr));
	PROMISE(nat->source.count || nat->dest.count);
	check_len(nat, esp_nat_classify_major(hdr));
	check_end(&nat->source, nat->len);
	check_end(&nat->dest, nat->len);
	PROMISE(esp_nat_classify_major(hdr) != 1 || nat->dest.count <= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct esp_nat_ike_msg msg = { .read = read_pointer, .data = data };
	struct esp_nat_ike_nat nat, again;
	struct esp_nat_ike_hdr hdr;
	int found;

	if (esp_nat_classify_ike(data, size, &hdr) != ESP_NAT_CLASS_IKE)
		return 0;
	limit = __be32_to_cpu(hdr.length);
	PROMISE(limit <= size);
	reads = 0;
	found = esp_nat_ike_find(&msg, &hdr, &nat);
	check(&nat, found, &hdr);

	msg.read = read_copy;
	memset(&again, 0xa5, sizeof(again));
	PROMISE(esp_nat_ike_find(&msg, &hdr, &again) == found);
	PROMISE(!memcmp(&nat, &again, sizeof(nat)));
	found = esp_nat_ike_refuses(&msg, &hdr);
	msg.read = read_pointer;
	PROMISE(esp_nat_ike_refuses(&msg, &hdr) == found);
	return 0;
}
