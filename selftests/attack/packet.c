// SPDX-License-Identifier: GPL-2.0
/* Frames in the making, and the numbers that they are made by. */
#include <string.h>

#include "packet.h"

static __u64 packet_state;

void packet_seed(__u64 seed)
{
	packet_state = seed * 0x9e3779b97f4a7c15ULL + 1;
}

/* xorshift64* */
__u32 packet_random(void)
{
	packet_state ^= packet_state >> 12;
	packet_state ^= packet_state << 25;
	packet_state ^= packet_state >> 27;
	return (packet_state * 0x2545f4914f6cdd1dULL) >> 32;
}

__u32 packet_below(__u32 n)
{
	return n ? packet_random() % n : 0;
}

bool packet_chance(unsigned int percent)
{
	return packet_below(100) < percent;
}

__u32 packet_pick(const __u32 *from, size_t n)
{
	return from[packet_below(n)];
}

__u8 *packet_data(struct packet *p)
{
	return p->room + PACKET_MAX - p->len;
}

__u8 *packet_push(struct packet *p, size_t len)
{
	if (p->len + len > PACKET_MAX)
		len = PACKET_MAX - p->len;
	p->len += len;
	return memset(packet_data(p), 0, len);
}

void packet_trim(struct packet *p, size_t len)
{
	__u8 *data = packet_data(p);
	size_t off = p->len - len;

	memmove(data + off, data, len);
	p->len = len;
}

void packet_push_random(struct packet *p, size_t len)
{
	__u8 *at = packet_push(p, len);

	while (len--)
		*at++ = packet_random();
}

void packet_put16(__u8 *at, __u16 value)
{
	at[0] = value >> 8;
	at[1] = value;
}

void packet_put32(__u8 *at, __u32 value)
{
	packet_put16(at, value >> 16);
	packet_put16(at + 2, value);
}

__u16 packet_get16(const __u8 *at)
{
	return at[0] << 8 | at[1];
}

__u32 packet_get32(const __u8 *at)
{
	return (__u32)packet_get16(at) << 16 | packet_get16(at + 2);
}

__u16 packet_sum(const __u8 *data, size_t len, __u32 sum)
{
	for (; len > 1; len -= 2, data += 2)
		sum += packet_get16(data);
	if (len)
		sum += *data << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}
