// SPDX-License-Identifier: GPL-2.0
/*
 * Tells keepalives, IKE and ESP apart (RFC 3948 2.1 - 2.3). Pure: no kernel
 * interface but <linux/string.h>, so that it runs under the sanitizers too.
 */
#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif
#include <asm/byteorder.h>

#include "classify.h"

/**
 * esp_nat_classify_ike() - look at a UDP payload that can only be IKE
 * @data: the payload's first min(@len, ESP_NAT_IKE_HDR_LEN) bytes
 * @len: length of the whole payload in bytes
 * @hdr: receives the header, for ESP_NAT_CLASS_IKE only
 *
 * What comes to ike_port, or follows a non-ESP marker. Bytes behind the
 * message are tolerated, as IKE daemons do.
 *
 * Context: any.
 * Return: ESP_NAT_CLASS_IKE, _IKE_SHORT or _IKE_LENGTH.
 */
enum esp_nat_class esp_nat_classify_ike(const void *data, unsigned int len,
					struct esp_nat_ike_hdr *hdr)
{
	struct esp_nat_ike_hdr h;
	__u32 msg_len;

	if (len < ESP_NAT_IKE_HDR_LEN)
		return ESP_NAT_CLASS_IKE_SHORT;

	memcpy(&h, data, ESP_NAT_IKE_HDR_LEN);
	msg_len = __be32_to_cpu(h.length);
	if (msg_len < ESP_NAT_IKE_HDR_LEN || msg_len > len)
		return ESP_NAT_CLASS_IKE_LENGTH;

	*hdr = h;
	return ESP_NAT_CLASS_IKE;
}

/**
 * esp_nat_classify_nat() - look at a UDP payload that came to nat_port
 * @data: the payload's first min(@len, ESP_NAT_SNIFF_LEN) bytes
 * @len: length of the whole payload in bytes
 * @hdr: receives the IKE header, for ESP_NAT_CLASS_IKE only
 *
 * RFC 3948 2.1: the SPI of UDP-encapsulated ESP is not zero; 2.2: four zero
 * bytes in its place are the non-ESP marker; 2.3: one byte 0xFF is a keepalive.
 *
 * Context: any.
 * Return: the payload's class.
 */
enum esp_nat_class esp_nat_classify_nat(const void *data, unsigned int len,
					struct esp_nat_ike_hdr *hdr)
{
	static const __u8 marker[ESP_NAT_MARKER_LEN];
	const __u8 *byte = data;

	if (len == 1 && byte[0] == ESP_NAT_KEEPALIVE)
		return ESP_NAT_CLASS_KEEPALIVE;
	if (len < sizeof(marker))
		return ESP_NAT_CLASS_RUNT;
	if (!memcmp(data, marker, sizeof(marker)))
		return esp_nat_classify_ike(byte + sizeof(marker),
					    len - sizeof(marker), hdr);
	if (len < ESP_NAT_ESP_HDR_LEN)
		return ESP_NAT_CLASS_RUNT;
	return ESP_NAT_CLASS_ESP;
}

/**
 * esp_nat_classify_major() - the IKE version of a message
 * @hdr: its header
 *
 * Context: any.
 * Return: the major version, 1 or 2 with the protocols that exist.
 */
int esp_nat_classify_major(const struct esp_nat_ike_hdr *hdr)
{
	return hdr->version >> 4;
}

/**
 * esp_nat_classify_opens() - is this a request for a new IKE SA?
 * @hdr: the message's header
 *
 * IKEv1: Main or Aggressive Mode (RFC 2408 3.1); IKEv2: IKE_SA_INIT with the
 * initiator flag and without the response flag (RFC 7296 3.1). Its SPIr is
 * zero, its SPIi is not (RFC 7296 2.6).
 *
 * Context: any.
 * Return: non-zero if it is.
 */
int esp_nat_classify_opens(const struct esp_nat_ike_hdr *hdr)
{
	if (!hdr->spii || hdr->spir)
		return 0;

	switch (esp_nat_classify_major(hdr)) {
	case 1:
		return hdr->exchange == ESP_NAT_EXCH_MAIN ||
		       hdr->exchange == ESP_NAT_EXCH_AGGRESSIVE;
	case 2:
		return hdr->exchange == ESP_NAT_EXCH_SA_INIT &&
		       (hdr->flags & (ESP_NAT_IKE_INITIATOR |
				      ESP_NAT_IKE_RESPONSE)) ==
		       ESP_NAT_IKE_INITIATOR;
	default:
		return 0;
	}
}

/**
 * esp_nat_classify_answers() - may this message answer an earlier one?
 * @hdr: the message's header
 *
 * IKEv2 marks answers; IKEv1 does not, there the message id has to do
 * (RFC 2408 3.1).
 *
 * Context: any.
 * Return: non-zero if it may.
 */
int esp_nat_classify_answers(const struct esp_nat_ike_hdr *hdr)
{
	return esp_nat_classify_major(hdr) != 2 ||
	       (hdr->flags & ESP_NAT_IKE_RESPONSE);
}

/**
 * esp_nat_classify_shakes() - is this a message of a handshake?
 * @hdr: the message's header
 *
 * Of one that opens an IKE SA, up to where both ends are authenticated. No IKE SA
 * that was rekeyed inside another has any.
 *
 * Context: any.
 * Return: non-zero if it is.
 */
int esp_nat_classify_shakes(const struct esp_nat_ike_hdr *hdr)
{
	switch (hdr->exchange) {
	case ESP_NAT_EXCH_MAIN:
	case ESP_NAT_EXCH_AGGRESSIVE:
		return esp_nat_classify_major(hdr) == 1;
	case ESP_NAT_EXCH_SA_INIT:
	case ESP_NAT_EXCH_AUTH:
		return esp_nat_classify_major(hdr) == 2;
	default:
		return 0;
	}
}

/**
 * esp_nat_classify_proves() - does a daemon say this only to a peer that it has
 *	authenticated?
 * @hdr: the header of a message of the daemon's, which is the responder
 *
 * IKEv1: its last message of Main Mode, which alone of its is encrypted, and
 * Quick Mode (RFC 2409, section 5). IKEv2: all after IKE_AUTH, whose own answer may
 * be a refusal (RFC 7296, section 2.21.2).
 *
 * Context: any.
 * Return: non-zero if so.
 */
int esp_nat_classify_proves(const struct esp_nat_ike_hdr *hdr)
{
	switch (hdr->exchange) {
	case ESP_NAT_EXCH_MAIN:
	case ESP_NAT_EXCH_QUICK:
		return esp_nat_classify_major(hdr) == 1 &&
		       (hdr->flags & ESP_NAT_IKE_ENCRYPTED);
	case ESP_NAT_EXCH_CREATE_CHILD:
	case ESP_NAT_EXCH_INFORMATIONAL2:
		return esp_nat_classify_major(hdr) == 2;
	default:
		return 0;
	}
}
