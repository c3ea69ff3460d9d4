/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sums of one's complement. A field that is part of a header makes up for what
 * changes in there; the pseudo header is in no packet, so that a sum over all
 * of the packet changes with the field.
 */
#ifndef _UNIT_NET_CHECKSUM_H
#define _UNIT_NET_CHECKSUM_H

#include <linux/skbuff.h>

#define CSUM_MANGLED_0	((__force __sum16)0xffff)

static inline __wsum csum_add(__wsum a, __wsum b)
{
	u64 sum = (u64)a + b;

	return sum + (sum >> 32);
}

static inline __wsum csum_sub(__wsum a, __wsum b)
{
	return csum_add(a, ~b);
}

static inline u16 csum_16(__wsum sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return sum + (sum >> 16);
}

static inline void csum_replace4(__sum16 *field, __be32 from, __be32 to)
{
	*field = ~csum_16(csum_add(csum_sub((u16)~*field, from), to));
}

static inline void csum_replace2(__sum16 *field, __be16 from, __be16 to)
{
	csum_replace4(field, from, to);
}

static inline void inet_proto_csum_replace4(__sum16 *field, struct sk_buff *skb,
					    __be32 from, __be32 to, bool pseudo)
{
	if (skb->ip_summed != CHECKSUM_PARTIAL) {
		csum_replace4(field, from, to);
		if (skb->ip_summed == CHECKSUM_COMPLETE && pseudo)
			skb->csum = csum_sub(csum_add(skb->csum, from), to);
	} else if (pseudo) {
		/* the device adds the rest */
		*field = csum_16(csum_add(csum_sub(*field, from), to));
	}
}

static inline void inet_proto_csum_replace2(__sum16 *field, struct sk_buff *skb,
					    __be16 from, __be16 to, bool pseudo)
{
	inet_proto_csum_replace4(field, skb, from, to, pseudo);
}

#endif /* _UNIT_NET_CHECKSUM_H */
