/* SPDX-License-Identifier: GPL-2.0 */
/* Packets of the targets: made of the input, looked at byte by byte. */
#ifndef _ESP_NAT_FUZZ_PACKET_H
#define _ESP_NAT_FUZZ_PACKET_H

#include <linux/skbuff.h>

#include "promise.h"

#define PACKET_MAX	0xffff
#define PACKET_MAC	14

/**
 * struct recipe - what the input says that a packet is
 * @flags: enum recipe_flags
 * @options: words of IPv4 options, or IPv6 extension headers
 * @headroom: words before it, but for the link layer's header
 * @linear: bytes behind the IP header that are linear
 * @summed: what is known of its checksum
 * @protocol: of IPv4, where it is neither UDP nor given
 * @memory: how many allocations succeed, with RECIPE_MEMORY
 */
struct recipe {
	uint16_t	flags;
	uint8_t		options;
	uint8_t		headroom;
	uint8_t		linear;
	uint8_t		summed;
	uint8_t		protocol;
	uint8_t		memory;
};

enum recipe_flags {
	RECIPE_RIGHT	= 1 << 0,	/* checksums are */
	RECIPE_NO_SUM	= 1 << 1,	/* of UDP */
	RECIPE_CLONED	= 1 << 2,
	RECIPE_FRAGMENT	= 1 << 3,
	RECIPE_IP6	= 1 << 4,
	RECIPE_UDP	= 1 << 5,
	RECIPE_MEMORY	= 1 << 6,	/* is short */
	RECIPE_GSO	= 1 << 7,
	RECIPE_MAC	= 1 << 8,	/* has its link layer's header */
	RECIPE_LONG	= 1 << 9,	/* as long as a packet can be, nearly */
	RECIPE_SOURCE	= 1 << 10,	/* that end is rewritten */
};

/**
 * struct packet - a packet, and what it was
 * @skb: the packet
 * @head: of @skb at first
 * @frag: of @skb at first
 * @shared: a clone has @head, too
 * @copy: of @head, if @shared
 * @room: bytes of @head
 * @offset: of what follows the IP header, from there
 */
struct packet {
	struct sk_buff	skb;
	unsigned char	*head;
	unsigned char	*frag;
	bool		shared;
	unsigned char	*copy;
	unsigned int	room;
	unsigned int	offset;
};

/**
 * struct flat - the bytes of a packet, for comparison
 * @len: how many
 * @byte: these
 */
struct flat {
	unsigned int	len;
	uint8_t		byte[PACKET_MAX + 1];
};

void packet_make(struct packet *p, const struct recipe *r, const uint8_t *bytes,
		 unsigned int len);
void packet_end(struct packet *p);
void packet_flatten(const struct sk_buff *skb, struct flat *to);

/* sums of one's complement, 0 to 0xfffe: 0 and 0xffff are one */
uint16_t sum_bytes(const uint8_t *byte, unsigned int len);
uint16_t sum_udp(const struct flat *f, unsigned int offset);
uint16_t sum_partial(const struct flat *f, unsigned int offset);
uint16_t sum_complete(const struct sk_buff *skb);

uint16_t get16(const uint8_t *at);
void put16(uint8_t *at, uint16_t value);

#endif /* _ESP_NAT_FUZZ_PACKET_H */
