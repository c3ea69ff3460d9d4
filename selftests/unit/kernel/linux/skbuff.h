/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A packet: a linear part that has no byte more than it needs, and what lies in
 * pages. What may move it does so, each time, so that the sanitizer sees who goes
 * on with an old pointer; what is shared with a clone stays behind.
 */
#ifndef _UNIT_LINUX_SKBUFF_H
#define _UNIT_LINUX_SKBUFF_H

#include <linux/types.h>

#define CHECKSUM_NONE		0
#define CHECKSUM_UNNECESSARY	1
#define CHECKSUM_COMPLETE	2
#define CHECKSUM_PARTIAL	3

struct net_device;
struct sock;

/**
 * struct sk_buff - a packet
 * @sk: whose it is
 * @len: bytes of it
 * @data_len: bytes of that in @frag
 * @head: begin of the room for the linear part
 * @data: begin of the linear part
 * @end: end of the room
 * @frag: the rest
 * @cloned: another has @head, too
 * @gso: it is many packets
 * @ip_summed: what is known of its checksum
 * @csum: with CHECKSUM_COMPLETE, the sum over all from @data on
 * @csum_start: with CHECKSUM_PARTIAL, where it begins, from @head
 * @csum_offset: and where it goes, from there
 * @mac_header: from @head, or ~0
 * @network_header: from @head
 * @transport_header: from @head
 */
struct sk_buff {
	struct sock	*sk;
	unsigned int	len;
	unsigned int	data_len;
	unsigned char	*head;
	unsigned char	*data;
	unsigned char	*end;
	unsigned char	*frag;
	bool		cloned;
	bool		gso;
	u8		ip_summed;
	__wsum		csum;
	u16		csum_start;
	u16		csum_offset;
	u16		mac_header;
	u16		network_header;
	u16		transport_header;
};

#define skb_headlen(skb)		((skb)->len - (skb)->data_len)
#define skb_headroom(skb)		((unsigned int)((skb)->data - (skb)->head))
#define skb_is_gso(skb)			((skb)->gso)
#define skb_mac_header_was_set(skb)	((skb)->mac_header != (u16)~0U)
#define skb_mac_header(skb)		((skb)->head + (skb)->mac_header)
#define skb_network_header(skb)		((skb)->head + (skb)->network_header)
#define skb_transport_header(skb)	((skb)->head + (skb)->transport_header)
#define skb_network_offset(skb) \
	((int)(skb_network_header(skb) - (skb)->data))
#define skb_reset_network_header(skb) \
	((skb)->network_header = (skb)->data - (skb)->head)
#define skb_set_transport_header(skb, offset) \
	((skb)->transport_header = (skb)->data - (skb)->head + (offset))

/* kernel/skbuff.c */
void *skb_push(struct sk_buff *skb, unsigned int len);
void *__skb_pull(struct sk_buff *skb, unsigned int len);
void *skb_put(struct sk_buff *skb, unsigned int len);
void skb_trim(struct sk_buff *skb, unsigned int len);
unsigned int skb_tailroom(const struct sk_buff *skb);
bool pskb_may_pull(struct sk_buff *skb, unsigned int len);
int skb_ensure_writable(struct sk_buff *skb, unsigned int len);
int skb_cow_head(struct sk_buff *skb, unsigned int headroom);

#endif /* _UNIT_LINUX_SKBUFF_H */
