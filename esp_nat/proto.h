/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The wire: what UDP port 4500 and port 500 carry (RFC 3948, RFC 7296 3.1,
 * RFC 2408 3.1). Needs <linux/types.h> only and builds in user space.
 */
#ifndef _ESP_NAT_PROTO_H
#define _ESP_NAT_PROTO_H

#include <linux/types.h>

/**
 * enum esp_nat_proto - sizes and values of the wire formats
 * @ESP_NAT_MARKER_LEN: non-ESP marker, four zero bytes (RFC 3948 2.2)
 * @ESP_NAT_KEEPALIVE: the only byte of a NAT keepalive (RFC 3948 2.3)
 * @ESP_NAT_ESP_HDR_LEN: SPI and sequence number (RFC 4303 2)
 * @ESP_NAT_UDP_LEN: the UDP header before ESP (RFC 3948 2.1)
 * @ESP_NAT_IKE_HDR_LEN: the fixed IKE header (RFC 7296 3.1)
 * @ESP_NAT_SNIFF_LEN: bytes of a UDP payload that suffice to classify it
 */
enum esp_nat_proto {
	ESP_NAT_MARKER_LEN	= 4,
	ESP_NAT_KEEPALIVE	= 0xff,
	ESP_NAT_ESP_HDR_LEN	= 8,
	ESP_NAT_UDP_LEN		= 8,
	ESP_NAT_IKE_HDR_LEN	= 28,
	ESP_NAT_SNIFF_LEN	= ESP_NAT_MARKER_LEN + ESP_NAT_IKE_HDR_LEN,
};

/**
 * enum esp_nat_exchange - IKE exchange types that open an IKE SA, or refuse one
 * @ESP_NAT_EXCH_MAIN: IKEv1 Identity Protection (RFC 2408 3.1)
 * @ESP_NAT_EXCH_AGGRESSIVE: IKEv1 Aggressive
 * @ESP_NAT_EXCH_INFORMATIONAL: IKEv1 Informational
 * @ESP_NAT_EXCH_QUICK: IKEv1 Quick Mode (RFC 2409 5.5)
 * @ESP_NAT_EXCH_SA_INIT: IKEv2 IKE_SA_INIT (RFC 7296 3.1)
 * @ESP_NAT_EXCH_AUTH: IKEv2 IKE_AUTH
 * @ESP_NAT_EXCH_CREATE_CHILD: IKEv2 CREATE_CHILD_SA
 * @ESP_NAT_EXCH_INFORMATIONAL2: IKEv2 INFORMATIONAL
 */
enum esp_nat_exchange {
	ESP_NAT_EXCH_MAIN		= 2,
	ESP_NAT_EXCH_AGGRESSIVE		= 4,
	ESP_NAT_EXCH_INFORMATIONAL	= 5,
	ESP_NAT_EXCH_QUICK		= 32,
	ESP_NAT_EXCH_SA_INIT		= 34,
	ESP_NAT_EXCH_AUTH		= 35,
	ESP_NAT_EXCH_CREATE_CHILD	= 36,
	ESP_NAT_EXCH_INFORMATIONAL2	= 37,
};

/**
 * enum esp_nat_payload - IKE payloads, where NAT detection or a refusal is concerned
 * @ESP_NAT_PAYLOAD_NONE: the end of the chain
 * @ESP_NAT_PAYLOAD_NOTIFY_V1: IKEv1: Notification (RFC 2408 3.14)
 * @ESP_NAT_PAYLOAD_NAT_D: IKEv1: NAT-D (RFC 3947 3.2)
 * @ESP_NAT_PAYLOAD_NOTIFY: IKEv2: Notify (RFC 7296 3.10)
 * @ESP_NAT_PAYLOAD_NAT_D_DRAFT: IKEv1: NAT-D of
 *	draft-ietf-ipsec-nat-t-ike-02 and -03, which Windows XP and 2003 speak
 * @ESP_NAT_PAYLOAD_HDR_LEN: next payload, flags, length (RFC 7296 3.2)
 * @ESP_NAT_NOTIFY_HDR_LEN: that, protocol, size of the SPI, type
 * @ESP_NAT_NOTIFY_V1_HDR_LEN: the same of IKEv1, which has a DOI before these
 */
enum esp_nat_payload {
	ESP_NAT_PAYLOAD_NONE		= 0,
	ESP_NAT_PAYLOAD_NOTIFY_V1	= 11,
	ESP_NAT_PAYLOAD_NAT_D		= 20,
	ESP_NAT_PAYLOAD_NOTIFY		= 41,
	ESP_NAT_PAYLOAD_NAT_D_DRAFT	= 130,
	ESP_NAT_PAYLOAD_HDR_LEN		= 4,
	ESP_NAT_NOTIFY_HDR_LEN		= 8,
	ESP_NAT_NOTIFY_V1_HDR_LEN	= 12,
};

/**
 * enum esp_nat_notify - notify messages (RFC 7296 2.23, 3.10.1, RFC 2408 3.14.1)
 * @ESP_NAT_NOTIFY_NO_PROPOSAL: NO_PROPOSAL_CHOSEN, of both versions
 * @ESP_NAT_NOTIFY_SOURCE_IP: NAT_DETECTION_SOURCE_IP
 * @ESP_NAT_NOTIFY_DESTINATION_IP: NAT_DETECTION_DESTINATION_IP
 */
enum esp_nat_notify {
	ESP_NAT_NOTIFY_NO_PROPOSAL	= 14,
	ESP_NAT_NOTIFY_SOURCE_IP	= 16388,
	ESP_NAT_NOTIFY_DESTINATION_IP	= 16389,
};

/**
 * enum esp_nat_digest - digests of NAT detection, told by their bytes
 * @ESP_NAT_DIGEST_MD5: IKEv1
 * @ESP_NAT_DIGEST_SHA1: IKEv1, and IKEv2 always
 * @ESP_NAT_DIGEST_SHA256: IKEv1
 * @ESP_NAT_DIGEST_SHA384: IKEv1
 * @ESP_NAT_DIGEST_SHA512: IKEv1
 */
enum esp_nat_digest {
	ESP_NAT_DIGEST_MD5	= 16,
	ESP_NAT_DIGEST_SHA1	= 20,
	ESP_NAT_DIGEST_SHA256	= 32,
	ESP_NAT_DIGEST_SHA384	= 48,
	ESP_NAT_DIGEST_SHA512	= 64,
};

/**
 * enum esp_nat_ike_flags - IKE header flags (RFC 7296 3.1, RFC 2408 3.1)
 * @ESP_NAT_IKE_ENCRYPTED: IKEv1: what follows the header is encrypted
 * @ESP_NAT_IKE_INITIATOR: IKEv2: sent by the original initiator of the IKE SA
 * @ESP_NAT_IKE_RESPONSE: IKEv2: an answer to the request with the same
 *	message id
 */
enum esp_nat_ike_flags {
	ESP_NAT_IKE_ENCRYPTED	= 0x01,
	ESP_NAT_IKE_INITIATOR	= 0x08,
	ESP_NAT_IKE_RESPONSE	= 0x20,
};

/**
 * struct esp_nat_ike_hdr - the fixed IKE header, ESP_NAT_IKE_HDR_LEN bytes
 * @spii: SPI (cookie) of the initiator
 * @spir: SPI (cookie) of the responder, zero in the first message
 * @next_payload: type of the first payload
 * @version: major version in the high nibble
 * @exchange: see enum esp_nat_exchange
 * @flags: see enum esp_nat_ike_flags; IKEv1 has others
 * @msgid: message id, big endian; zero throughout phase 1 of IKEv1
 * @length: bytes of header and payloads, big endian
 */
struct esp_nat_ike_hdr {
	__be64	spii;
	__be64	spir;
	__u8	next_payload;
	__u8	version;
	__u8	exchange;
	__u8	flags;
	__be32	msgid;
	__be32	length;
};

#endif /* _ESP_NAT_PROTO_H */
