/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PACKET_H
#define _PACKET_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#define PACKET_MAX	2000
#define PACKET_ETH	14	/* bytes of an Ethernet header */

/**
 * struct packet - a frame in the making: what is inside first
 * @room: its bytes lie at the end of this
 * @len: how many
 */
struct packet {
	__u8	room[PACKET_MAX];
	size_t	len;
};

/* A seed's numbers. */
void packet_seed(__u64 seed);
__u32 packet_random(void);
/* less than n */
__u32 packet_below(__u32 n);
bool packet_chance(unsigned int percent);
/* one of n */
__u32 packet_pick(const __u32 *from, size_t n);
#define packet_one(...)						\
	packet_pick((const __u32[]){ __VA_ARGS__ },			\
		    sizeof((const __u32[]){ __VA_ARGS__ }) / 4)

__u8 *packet_data(struct packet *p);
/* Put bytes in front of it; their place, zero. */
__u8 *packet_push(struct packet *p, size_t len);
/* Cut it off behind so many bytes. */
void packet_trim(struct packet *p, size_t len);
/* Put so many random bytes in front of it. */
void packet_push_random(struct packet *p, size_t len);

void packet_put16(__u8 *at, __u16 value);
void packet_put32(__u8 *at, __u32 value);
__u16 packet_get16(const __u8 *at);
__u32 packet_get32(const __u8 *at);
/* The Internet checksum, on top of a sum. */
__u16 packet_sum(const __u8 *data, size_t len, __u32 sum);

#endif /* _PACKET_H */
