// SPDX-License-Identifier: GPL-2.0
/*
 * What unencrypted IKE messages tell: the NAT detection payloads, notifies of
 * IKEv2 (RFC 7296 2.23) and NAT-D of IKEv1 (RFC 3947 3.2); that a request is
 * refused. Pure: no kernel interface but <linux/string.h>, so that it runs under
 * the sanitizers and a fuzzer too.
 */
#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif
#include <asm/byteorder.h>

#include "classify.h"
#include "ike.h"

static unsigned int esp_nat_ike_u16(const __u8 *at)
{
	return at[0] << 8 | at[1];
}

/**
 * esp_nat_ike_carries() - may a message carry NAT detection in the clear?
 * @hdr: its header
 *
 * IKEv2: IKE_SA_INIT, request and response. IKEv1: main and aggressive mode,
 * until they are encrypted.
 *
 * Context: any.
 * Return: non-zero if it may.
 */
int esp_nat_ike_carries(const struct esp_nat_ike_hdr *hdr)
{
	switch (esp_nat_classify_major(hdr)) {
	case 1:
		return (hdr->exchange == ESP_NAT_EXCH_MAIN ||
			hdr->exchange == ESP_NAT_EXCH_AGGRESSIVE) &&
		       !(hdr->flags & ESP_NAT_IKE_ENCRYPTED);
	case 2:
		return hdr->exchange == ESP_NAT_EXCH_SA_INIT;
	default:
		return 0;
	}
}

static int esp_nat_ike_is_digest(unsigned int len)
{
	switch (len) {
	case ESP_NAT_DIGEST_MD5:
	case ESP_NAT_DIGEST_SHA1:
	case ESP_NAT_DIGEST_SHA256:
	case ESP_NAT_DIGEST_SHA384:
	case ESP_NAT_DIGEST_SHA512:
		return 1;
	default:
		return 0;
	}
}

/* An IKE SA has one hash: what has another length than the first is none. */
static void esp_nat_ike_note(struct esp_nat_ike_nat *nat,
			     struct esp_nat_ike_end *end, unsigned int at,
			     unsigned int len)
{
	if (!esp_nat_ike_is_digest(len) || (nat->len && nat->len != len))
		return;
	nat->len = len;
	if (end->count == ESP_NAT_IKE_DIGESTS)
		end->more = 1;
	else
		end->at[end->count++] = at;
}

static void esp_nat_ike_notify(const struct esp_nat_ike_msg *msg,
			       unsigned int at, unsigned int len,
			       struct esp_nat_ike_nat *nat)
{
	__u8 buf[ESP_NAT_NOTIFY_HDR_LEN];
	unsigned int type, skip;
	const __u8 *head;

	if (len < sizeof(buf))
		return;
	head = msg->read(msg, at, sizeof(buf), buf);
	if (!head)
		return;
	type = esp_nat_ike_u16(head + 6);
	skip = sizeof(buf) + head[5];
	if (len != skip + ESP_NAT_DIGEST_SHA1)
		return;
	if (type == ESP_NAT_NOTIFY_SOURCE_IP)
		esp_nat_ike_note(nat, &nat->source, at + skip, len - skip);
	else if (type == ESP_NAT_NOTIFY_DESTINATION_IP)
		esp_nat_ike_note(nat, &nat->dest, at + skip, len - skip);
}

/*
 * One payload. *@nat_d counts the NAT-D of IKEv1: the first is the remote end's,
 * the others are the sender's own.
 */
static void esp_nat_ike_payload(const struct esp_nat_ike_msg *msg, int major,
				unsigned int type, unsigned int at,
				unsigned int len, unsigned int *nat_d,
				struct esp_nat_ike_nat *nat)
{
	if (major == 2 && type == ESP_NAT_PAYLOAD_NOTIFY)
		esp_nat_ike_notify(msg, at, len, nat);
	else if (major == 1 && (type == ESP_NAT_PAYLOAD_NAT_D ||
				type == ESP_NAT_PAYLOAD_NAT_D_DRAFT))
		esp_nat_ike_note(nat, (*nat_d)++ ? &nat->source : &nat->dest,
				 at + ESP_NAT_PAYLOAD_HDR_LEN,
				 len - ESP_NAT_PAYLOAD_HDR_LEN);
}

/* The chain of payloads; zero if it is broken, or has too many. */
static int esp_nat_ike_walk(const struct esp_nat_ike_msg *msg,
			    const struct esp_nat_ike_hdr *hdr,
			    struct esp_nat_ike_nat *nat)
{
	int major = esp_nat_classify_major(hdr);
	__u32 at = ESP_NAT_IKE_HDR_LEN, end = __be32_to_cpu(hdr->length);
	unsigned int type = hdr->next_payload, n, len, nat_d = 0;
	__u8 buf[ESP_NAT_PAYLOAD_HDR_LEN];
	const __u8 *head;

	for (n = 0; type != ESP_NAT_PAYLOAD_NONE; n++) {
		if (n == ESP_NAT_IKE_PAYLOADS || end - at < sizeof(buf))
			return 0;
		head = msg->read(msg, at, sizeof(buf), buf);
		if (!head)
			return 0;
		len = esp_nat_ike_u16(head + 2);
		if (len < sizeof(buf) || len > end - at)
			return 0;
		esp_nat_ike_payload(msg, major, type, at, len, &nat_d, nat);
		type = head[0];
		at += len;
	}
	return 1;
}

/**
 * esp_nat_ike_find() - find the NAT detection payloads of a message
 * @msg: how to read it
 * @hdr: its header, whose length fits what was received
 * @nat: receives what was found
 *
 * A digest of a length that no hash has is no digest. Of a message whose chain
 * of payloads is broken nothing counts: no daemon would take it. Bytes behind
 * the last payload are tolerated.
 *
 * Context: any.
 * Return: non-zero if there is any digest.
 */
int esp_nat_ike_find(const struct esp_nat_ike_msg *msg,
		     const struct esp_nat_ike_hdr *hdr,
		     struct esp_nat_ike_nat *nat)
{
	__u32 len = __be32_to_cpu(hdr->length);

	memset(nat, 0, sizeof(*nat));
	/* no longer than @at of struct esp_nat_ike_end can tell */
	if (!esp_nat_ike_carries(hdr) || len < ESP_NAT_IKE_HDR_LEN ||
	    len > 0xffff)
		return 0;
	if (!esp_nat_ike_walk(msg, hdr, nat))
		memset(nat, 0, sizeof(*nat));
	return nat->len != 0;
}

/* May it be a refusal of each version? */
static int esp_nat_ike_tells_v1(const struct esp_nat_ike_hdr *hdr)
{
	return hdr->exchange == ESP_NAT_EXCH_INFORMATIONAL &&
	       !(hdr->flags & ESP_NAT_IKE_ENCRYPTED) &&
	       hdr->next_payload == ESP_NAT_PAYLOAD_NOTIFY_V1;
}

static int esp_nat_ike_tells_v2(const struct esp_nat_ike_hdr *hdr)
{
	return hdr->exchange == ESP_NAT_EXCH_SA_INIT &&
	       (hdr->flags & ESP_NAT_IKE_RESPONSE) &&
	       hdr->next_payload == ESP_NAT_PAYLOAD_NOTIFY;
}

/**
 * esp_nat_ike_refuses() - does a message refuse the request for an IKE SA?
 * @msg: how to read it
 * @hdr: its header, whose length fits what was received
 *
 * NO_PROPOSAL_CHOSEN, unencrypted, and nothing before it: so do daemons answer a
 * peer that they have no configuration for, too.
 *
 * Context: any.
 * Return: non-zero if it does.
 */
int esp_nat_ike_refuses(const struct esp_nat_ike_msg *msg,
			const struct esp_nat_ike_hdr *hdr)
{
	int v1 = esp_nat_classify_major(hdr) == 1;
	unsigned int len = v1 ? ESP_NAT_NOTIFY_V1_HDR_LEN :
				ESP_NAT_NOTIFY_HDR_LEN;
	__u8 buf[ESP_NAT_NOTIFY_V1_HDR_LEN];
	const __u8 *head;

	if (!(v1 ? esp_nat_ike_tells_v1(hdr) : esp_nat_ike_tells_v2(hdr)))
		return 0;
	if (__be32_to_cpu(hdr->length) < ESP_NAT_IKE_HDR_LEN + len)
		return 0;
	head = msg->read(msg, ESP_NAT_IKE_HDR_LEN, len, buf);
	return head &&
	       esp_nat_ike_u16(head + len - 2) == ESP_NAT_NOTIFY_NO_PROPOSAL;
}
