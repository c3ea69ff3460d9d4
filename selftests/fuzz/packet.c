// SPDX-License-Identifier: GPL-2.0
/* Packets of the targets. Their sums are made of all bytes, each time anew. */
#include <linux/slab.h>

#include "packet.h"

uint16_t get16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

void put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value & 0xff;
}

/* ---- sums ---- */

uint16_t sum_bytes(const uint8_t *byte, unsigned int len)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? byte[i] : byte[i] << 8;
	return sum % 0xffff;
}

/* Of addresses, protocol and length (RFC 768, RFC 8200 8.1). */
static uint64_t sum_pseudo(const uint8_t *ip, const uint8_t *uh)
{
	bool ip4 = ip[0] >> 4 == 4;

	return sum_bytes(ip + (ip4 ? 12 : 8), ip4 ? 8 : 32) + 17 +
	       (uint64_t)get16(uh + 4);
}

/* 0 if the checksum is right. */
uint16_t sum_udp(const struct flat *f, unsigned int offset)
{
	const uint8_t *uh = f->byte + offset;

	return (sum_pseudo(f->byte, uh) + sum_bytes(uh, f->len - offset)) %
	       0xffff;
}

/* 0 if the field has the sum over the pseudo header, as a device wants it. */
uint16_t sum_partial(const struct flat *f, unsigned int offset)
{
	const uint8_t *uh = f->byte + offset;

	return (sum_pseudo(f->byte, uh) + 0xffff - get16(uh + 6)) % 0xffff;
}

/* What a device has summed up, as sum_bytes() has it. */
uint16_t sum_complete(const struct sk_buff *skb)
{
	uint16_t sum = skb->csum % 0xffff;

	return ntohs(sum) % 0xffff;
}

/* ---- making ---- */

/* A right one, as senders make it: the sum over a header is never zero (RFC 1071). */
static uint16_t checksum(uint16_t sum)
{
	return sum ? ~sum : 0;
}

static void packet_ip4(uint8_t *byte, unsigned int len, const struct recipe *r)
{
	byte[0] = 0x45 + r->options % 11;
	put16(byte + 2, len);
	if (!(r->flags & RECIPE_FRAGMENT))
		put16(byte + 6, 0x4000);
	byte[9] = r->flags & RECIPE_UDP ? 17 : r->protocol;
	if (r->flags & RECIPE_RIGHT) {
		put16(byte + 10, 0);
		put16(byte + 10, checksum(sum_bytes(byte, byte[0] % 16 * 4)));
	}
}

/* Extension headers are of no concern but for their length. */
static void packet_ip6(uint8_t *byte, unsigned int len, const struct recipe *r)
{
	byte[0] = 0x60 | byte[0] % 16;
	put16(byte + 4, len - 40);
	byte[6] = r->options % 4 ? 0 : 17;
}

static void packet_udp(struct flat *f, unsigned int offset,
		       const struct recipe *r)
{
	uint8_t *uh = f->byte + offset;
	uint16_t sum;

	if (f->len < offset + 8)
		return;
	if (!(r->flags & RECIPE_FRAGMENT))
		put16(uh + 4, f->len - offset);
	if (r->summed == CHECKSUM_PARTIAL) {
		put16(uh + 6, 0);
		put16(uh + 6, sum_partial(f, offset));
	} else if (r->flags & RECIPE_NO_SUM) {
		put16(uh + 6, 0);
	} else if (r->flags & RECIPE_RIGHT) {
		put16(uh + 6, 0);
		/* zero would say that there is none (RFC 768) */
		sum = checksum(sum_udp(f, offset));
		put16(uh + 6, sum ?: 0xffff);
	}
}

static unsigned int packet_flat(struct flat *f, const struct recipe *r,
				const uint8_t *bytes, unsigned int len)
{
	unsigned int offset = r->flags & RECIPE_IP6 ?
			      40 + r->options % 4 * 8 : 20 + r->options % 11 * 4;

	f->len = len < offset ? offset : len;
	if (r->flags & RECIPE_LONG)
		f->len = PACKET_MAX - r->memory % 16;
	memset(f->byte, 0, f->len);
	memcpy(f->byte, bytes, len);
	if (r->flags & RECIPE_IP6)
		packet_ip6(f->byte, f->len, r);
	else
		packet_ip4(f->byte, f->len, r);
	if (r->flags & (RECIPE_UDP | RECIPE_IP6))
		packet_udp(f, offset, r);
	return offset;
}

/* Linear as far as the IP header goes, at least. */
static void packet_place(struct packet *p, const struct flat *f,
			 const struct recipe *r)
{
	unsigned int linear = p->offset + r->linear;
	unsigned int headroom = 16 + r->headroom % 16 * 4;
	struct sk_buff *skb = &p->skb;

	if (linear > f->len)
		linear = f->len;
	p->room = headroom + linear;
	p->head = malloc(p->room);
	p->frag = malloc(f->len - linear + 1);
	PROMISE(p->head && p->frag);
	memset(p->head, 0x5a, headroom);
	memcpy(p->head + headroom, f->byte, linear);
	memcpy(p->frag, f->byte + linear, f->len - linear);
	*skb = (struct sk_buff) {
		.len = f->len, .data_len = f->len - linear,
		.head = p->head, .data = p->head + headroom,
		.end = p->head + p->room, .frag = p->frag,
		.cloned = r->flags & RECIPE_CLONED,
		.gso = r->flags & RECIPE_GSO,
		.ip_summed = r->summed, .csum_offset = 6,
		.csum_start = headroom + p->offset,
		.csum = ntohs(sum_bytes(f->byte, f->len)),
		.mac_header = r->flags & RECIPE_MAC ? headroom - PACKET_MAC :
						      (u16)~0U,
		.network_header = headroom,
		.transport_header = headroom + p->offset,
	};
}

/* A packet at its network header. */
void packet_make(struct packet *p, const struct recipe *r, const uint8_t *bytes,
		 unsigned int len)
{
	static struct flat f;

	p->offset = packet_flat(&f, r, bytes, len);
	packet_place(p, &f, r);
	p->shared = p->skb.cloned;
	if (p->shared) {
		p->copy = malloc(p->room);
		PROMISE(p->copy);
		memcpy(p->copy, p->head, p->room);
	}
	allocations = r->flags & RECIPE_MEMORY ? r->memory % 3 : -1;
}

/* Whoever has a clone of it sees the packet that it was. */
void packet_end(struct packet *p)
{
	if (p->shared) {
		PROMISE(!memcmp(p->head, p->copy, p->room));
		free(p->head);
		free(p->copy);
	}
	if (!p->skb.cloned)
		free(p->skb.head);
	free(p->frag);
}

void packet_flatten(const struct sk_buff *skb, struct flat *to)
{
	unsigned int linear = skb_headlen(skb);

	PROMISE(skb->len <= PACKET_MAX && skb->data_len <= skb->len);
	to->len = skb->len;
	memcpy(to->byte, skb->data, linear);
	memcpy(to->byte + linear, skb->frag, skb->data_len);
}
