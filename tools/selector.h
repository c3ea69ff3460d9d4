/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_SELECTOR_H
#define _ESPNAT_SELECTOR_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * struct selector_packet - a packet that a rule is asked about
 * @proto: its protocol: IPPROTO_UDP or IPPROTO_ESP
 * @port: its destination port, 0: any
 * @device: the device by which it comes, NULL: any but the loopback device
 * @decrypted: it was under an SA, and its peer has an alias
 * @out: it is sent to the alias; else it comes from there
 * @first: the first alias, host byte order
 * @last: the last alias
 */
struct selector_packet {
	int		proto;
	unsigned int	port;
	const char	*device;
	bool		decrypted;
	bool		out;
	uint32_t	first;
	uint32_t	last;
};

/**
 * enum selector_fit - whether such packets match
 * @SELECTOR_NONE: no such packet does
 * @SELECTOR_UNREAD: it cannot be told
 * @SELECTOR_SOME: some do, those of certain addresses for example
 * @SELECTOR_ALL: all do
 */
enum selector_fit {
	SELECTOR_NONE,
	SELECTOR_UNREAD,
	SELECTOR_SOME,
	SELECTOR_ALL,
};

/**
 * struct selector_hint - what a match that fits tells about the rule
 * @names: the rule names the packet's port, or ESP
 * @dest: the rule names destination addresses, perhaps those of this host
 * @alias: the rule names addresses of aliases
 */
struct selector_hint {
	bool	names;
	bool	dest;
	bool	alias;
};

bool selector_prefix(const char *addr, int len, uint32_t *first,
		     uint32_t *last);
enum selector_fit selector_fits(const struct selector_packet *packet,
				const json_t *left, const char *op,
				const json_t *right,
				struct selector_hint *hint);

#endif /* _ESPNAT_SELECTOR_H */
