/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FORGE_H
#define _FORGE_H

#include <netinet/in.h>

#include "learn.h"

/**
 * enum forge_kind - what is forged
 * @FORGE_IKE: UDP to 500 or 4500 with an IKE header
 * @FORGE_ESP: ESP, in UDP or not, mostly of an SA that is there
 * @FORGE_SHORT: keepalives, and what is shorter than anything
 * @FORGE_ICMP: an error that quotes what the gateway has sent
 * @FORGE_FLIPPED: a genuine frame with bits inverted
 * @FORGE_IPV6: IKE and ESP behind extension headers
 */
enum forge_kind {
	FORGE_IKE,
	FORGE_ESP,
	FORGE_SHORT,
	FORGE_ICMP,
	FORGE_FLIPPED,
	FORGE_IPV6,
	FORGE_KINDS
};

extern const char * const forge_names[FORGE_KINDS];

/* The next frame, perhaps in two fragments: one or two packets. gateway6: NULL if
 * there is no IPv6.
 */
unsigned int forge(const struct learned *l, const struct in6_addr *gateway6,
		   struct packet out[2], enum forge_kind *kind);

#endif /* _FORGE_H */
