/* SPDX-License-Identifier: GPL-2.0 */
/* Needs <linux/types.h> only and builds in user space. */
#ifndef _ESP_NAT_IKE_H
#define _ESP_NAT_IKE_H

#include "proto.h"

/**
 * enum esp_nat_ike_limits - what no daemon's message reaches
 * @ESP_NAT_IKE_PAYLOADS: payloads of a message; with more nothing is found
 * @ESP_NAT_IKE_DIGESTS: digests that are noted for each end
 */
enum esp_nat_ike_limits {
	ESP_NAT_IKE_PAYLOADS	= 64,
	ESP_NAT_IKE_DIGESTS	= 8,
};

/**
 * struct esp_nat_ike_msg - how a message is read, which may lie in pieces
 * @read: @len bytes at @offset of the message: where they are, or in @buf,
 *	which has room for them; NULL if they are not there. Asked for nothing
 *	beyond the length in the message's header
 * @data: for @read
 * @start: for @read: where in @data the message begins
 */
struct esp_nat_ike_msg {
	const void	*(*read)(const struct esp_nat_ike_msg *msg,
				 unsigned int offset, unsigned int len,
				 void *buf);
	const void	*data;
	unsigned int	start;
};

/**
 * struct esp_nat_ike_end - the digests that a message has for one end
 * @at: where in the message they are, in bytes
 * @count: how many of @at are set
 * @more: there were more
 */
struct esp_nat_ike_end {
	__u16	at[ESP_NAT_IKE_DIGESTS];
	__u8	count;
	__u8	more;
};

/**
 * struct esp_nat_ike_nat - the NAT detection payloads of a message
 * @source: its sender's own addresses
 * @dest: the address that it was sent to
 * @len: bytes of each digest, an enum esp_nat_digest; 0 if there is none
 */
struct esp_nat_ike_nat {
	struct esp_nat_ike_end	source;
	struct esp_nat_ike_end	dest;
	__u8			len;
};

int esp_nat_ike_carries(const struct esp_nat_ike_hdr *hdr);
int esp_nat_ike_find(const struct esp_nat_ike_msg *msg,
		     const struct esp_nat_ike_hdr *hdr,
		     struct esp_nat_ike_nat *nat);
int esp_nat_ike_refuses(const struct esp_nat_ike_msg *msg,
			const struct esp_nat_ike_hdr *hdr);

#endif /* _ESP_NAT_IKE_H */
