// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer on telling keepalives, IKE and ESP apart: the input is a UDP payload
 * of nat_port. What is said of it is compared with what its bytes are, one by
 * one; no more of them may be read than classify.h asks for.
 */
#include <string.h>

#include "classify.h"
#include "promise.h"

#define UNTOUCHED	0xa5

/* Of an IKE message, where RFC 7296 3.1 has them. */
#define AT_SPIR		8
#define AT_VERSION	17
#define AT_EXCHANGE	18
#define AT_FLAGS	19
#define AT_LENGTH	24

static int all_zero(const uint8_t *byte, size_t len)
{
	while (len)
		if (byte[--len])
			return 0;
	return 1;
}

/* The first bytes that the file may look at, and none behind them. */
static uint8_t *sniff(const uint8_t *data, size_t size, size_t most)
{
	size_t len = size < most ? size : most;
	uint8_t *copy = malloc(len);

	PROMISE(copy || !len);
	if (len)
		memcpy(copy, data, len);
	return copy;
}

static int want_ike(const uint8_t *data, size_t size)
{
	uint64_t length;

	if (size < ESP_NAT_IKE_HDR_LEN)
		return ESP_NAT_CLASS_IKE_SHORT;
	length = (uint64_t)data[AT_LENGTH] << 24 | data[AT_LENGTH + 1] << 16 |
		 data[AT_LENGTH + 2] << 8 | data[AT_LENGTH + 3];
	return length >= ESP_NAT_IKE_HDR_LEN && length <= size ?
	       ESP_NAT_CLASS_IKE : ESP_NAT_CLASS_IKE_LENGTH;
}

static int want_nat(const uint8_t *data, size_t size)
{
	if (size == 1 && data[0] == 0xff)
		return ESP_NAT_CLASS_KEEPALIVE;
	if (size >= 4 && all_zero(data, 4))
		return want_ike(data + 4, size - 4);
	return size >= 8 ? ESP_NAT_CLASS_ESP : ESP_NAT_CLASS_RUNT;
}

/* Which of these a message is, is told by few of its bytes. */
static void check_message(const uint8_t *data, const struct esp_nat_ike_hdr *hdr)
{
	int major = data[AT_VERSION] / 16, exchange = data[AT_EXCHANGE];
	int encrypted = data[AT_FLAGS] % 2;
	int initiator = data[AT_FLAGS] / 8 % 2, response = data[AT_FLAGS] / 32 % 2;
	int first = !all_zero(data, 8) && all_zero(data + AT_SPIR, 8);
	int opens = 0, proves = 0;

	if (major == 1) {
		opens = first && (exchange == 2 || exchange == 4);
		proves = encrypted && (exchange == 2 || exchange == 32);
	} else if (major == 2) {
		opens = first && exchange == 34 && initiator && !response;
		proves = exchange == 36 || exchange == 37;
	}
	PROMISE(esp_nat_classify_major(hdr) == major);
	PROMISE(!esp_nat_classify_opens(hdr) == !opens);
	PROMISE(!esp_nat_classify_proves(hdr) == !proves);
	PROMISE(!esp_nat_classify_answers(hdr) == (major == 2 && !response));
}

/* The header is told of a message only, and then as it stands there. */
static void check(const uint8_t *data, int class,
		  const struct esp_nat_ike_hdr *hdr)
{
	struct esp_nat_ike_hdr none;

	if (class == ESP_NAT_CLASS_IKE) {
		PROMISE(!memcmp(hdr, data, ESP_NAT_IKE_HDR_LEN));
		check_message(data, hdr);
		return;
	}
	memset(&none, UNTOUCHED, sizeof(none));
	PROMISE(!memcmp(hdr, &none, sizeof(none)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *few = sniff(data, size, ESP_NAT_SNIFF_LEN);
	struct esp_nat_ike_hdr hdr;
	int class;

	memset(&hdr, UNTOUCHED, sizeof(hdr));
	class = esp_nat_classify_nat(few, size, &hdr);
	PROMISE(class == want_nat(data, size));
	check(data + ESP_NAT_MARKER_LEN, class, &hdr);
	free(few);

	few = sniff(data, size, ESP_NAT_IKE_HDR_LEN);
	memset(&hdr, UNTOUCHED, sizeof(hdr));
	class = esp_nat_classify_ike(few, size, &hdr);
	PROMISE(class == want_ike(data, size));
	check(data, class, &hdr);
	free(few);
	return 0;
}
