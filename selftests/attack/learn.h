/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LEARN_H
#define _LEARN_H

#include "packet.h"

#define LEARN_FRAMES	256
#define LEARN_SPIS	64

/**
 * struct learned - what genuine traffic to the gateway has told
 * @frame: frames, without the room before them
 * @len: their lengths
 * @frames: how many
 * @eth: an Ethernet header to the gateway
 * @gateway: its address, host byte order
 * @client: the address of those behind NAT, host byte order
 * @spi: SPIs of ESP that it takes
 * @spis: how many
 * @cookie: SPIi and SPIr of IKE SAs, on the wire
 * @cookies: how many
 * @port: ports that clients' UDP comes from
 * @ports: how many
 */
struct learned {
	__u8		frame[LEARN_FRAMES][PACKET_MAX];
	size_t		len[LEARN_FRAMES];
	size_t		frames;
	__u8		eth[PACKET_ETH];
	__u32	gateway;
	__u32	client;
	__u32	spi[LEARN_SPIS];
	size_t		spis;
	__u8		cookie[LEARN_SPIS][16];
	size_t		cookies;
	__u16	port[LEARN_SPIS];
	size_t		ports;
};

/* From what a device sends to an address (host byte order): at most so many
 * frames, for so many seconds. 0, or -1 with errno.
 */
int learn_from(struct learned *l, const char *dev, __u32 gateway,
	       size_t frames, int seconds);

#endif /* _LEARN_H */
