/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_FWRULE_H
#define _ESPNAT_FWRULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A word of a rule, and the end. Longer ones are cut. */
#define FWRULE_WORD	128

/* How many ways one rule may send a packet, see struct fwrule. */
#define FWRULE_WAYS	16

/**
 * struct fwrule_packet - what a rule is asked about
 * @proto: its protocol, IPPROTO_*
 * @port: its destination port, 0: any
 * @decrypted: it was under an SA, and its peer is an alias
 * @out: and it goes there; else it comes from there
 * @first: the first alias, host byte order
 * @last: the last one
 */
struct fwrule_packet {
	int		proto;
	unsigned int	port;
	bool		decrypted;
	bool		out;
	uint32_t	first;
	uint32_t	last;
};

/**
 * enum fwrule_verdict - what becomes of a packet
 * @FWRULE_ACCEPT: it passes
 * @FWRULE_DROP: it does not
 * @FWRULE_RETURN: its chain is over
 * @FWRULE_JUMP: another chain, then this one again
 * @FWRULE_GOTO: another chain instead of this one
 */
enum fwrule_verdict {
	FWRULE_ACCEPT,
	FWRULE_DROP,
	FWRULE_RETURN,
	FWRULE_JUMP,
	FWRULE_GOTO,
};

/**
 * struct fwrule - what a rule does to a packet
 * @differs: nothing, it is for others
 * @names: it names the packet's protocol, port or alias
 * @alias: it names aliases
 * @device: it is for a device
 * @maybe: it is for some that are like the packet: of these addresses, marks
 * @count: how many ways
 * @way: where it sends the packet; several if a map decides by what is not known
 */
struct fwrule {
	bool			differs;
	bool			names;
	bool			alias;
	bool			device;
	bool			maybe;
	unsigned int		count;
	struct {
		enum fwrule_verdict	verdict;
		char			target[FWRULE_WORD];
	} way[FWRULE_WAYS];
};

bool fwrule_range(const char *text, uint32_t *first, uint32_t *last);
void fwrule_read(const char *text, const struct fwrule_packet *packet,
		 struct fwrule *rule);

#endif /* _ESPNAT_FWRULE_H */
