/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_SKBUFF_H
#define _UNIT_LINUX_SKBUFF_H

#include <linux/ip.h>
#include <linux/slab.h>
#include <linux/types.h>
#include <linux/udp.h>
#include <linux/workqueue.h>

#define CHECKSUM_UNNECESSARY	1

/* As much of a packet as a rule looks at; the test makes its own of it. */
struct sk_buff {
	struct iphdr	*nh;
	void		*data;
	unsigned int	len;
	u32		mark;
	u8		room[64];
	u8		ip_summed;
};

static inline struct iphdr *ip_hdr(const struct sk_buff *skb)
{
	return skb->nh;
}

#define pskb_may_pull(skb, n)	((skb)->len >= (n))
#define skb_unclone(skb, gfp)	((void)(skb), 0)
#define skb_gro_offset(skb)	((void)(skb), 0)

static inline struct sk_buff *alloc_skb(unsigned int size, int gfp)
{
	struct sk_buff *skb = kzalloc(sizeof(*skb), gfp);

	(void)size;
	if (skb)
		skb->data = skb->room + sizeof(skb->room) / 2;
	return skb;
}

#define kfree_skb(skb)				free(skb)
#define skb_reserve(skb, n)			((void)(skb))
#define skb_reset_transport_header(skb)		((void)(skb))

static inline void skb_put_u8(struct sk_buff *skb, u8 byte)
{
	((u8 *)skb->data)[skb->len++] = byte;
}

static inline void *skb_push(struct sk_buff *skb, unsigned int n)
{
	skb->len += n;
	skb->data = (u8 *)skb->data - n;
	assert((u8 *)skb->data >= skb->room);
	return skb->data;
}

#endif /* _UNIT_LINUX_SKBUFF_H */
