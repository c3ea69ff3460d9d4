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
 * enum esp_nat_exchange - IKE exchange types that open an IKE SA
 * @ESP_NAT_EXCH_MAIN: IKEv1 Identity Protection (RFC 2408 3.1)
 * @ESP_NAT_EXCH_AGGRESSIVE: IKEv1 Aggressive
 * @ESP_NAT_EXCH_SA_INIT: IKEv2 IKE_SA_INIT (RFC 7296 3.1)
 */
enum esp_nat_exchange {
	ESP_NAT_EXCH_MAIN	= 2,
	ESP_NAT_EXCH_AGGRESSIVE	= 4,
	ESP_NAT_EXCH_SA_INIT	= 34,
};

/**
 * enum esp_nat_ike_flags - IKEv2 header flags (RFC 7296 3.1)
 * @ESP_NAT_IKE_INITIATOR: sent by the original initiator of the IKE SA
 * @ESP_NAT_IKE_RESPONSE: an answer to the request with the same message id
 */
enum esp_nat_ike_flags {
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
