// SPDX-License-Identifier: GPL-2.0
/* Of <linux/skbuff.h>, what is more than a line. */
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

/* Offsets from the head, after the data has moved in there. */
static void skb_moved(struct sk_buff *skb, int by)
{
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		skb->csum_start += by;
	if (skb_mac_header_was_set(skb))
		skb->mac_header += by;
	skb->network_header += by;
	skb->transport_header += by;
}

/* Into room of its own, with so much of it before, and so much of it linear. */
static bool skb_move(struct sk_buff *skb, unsigned int headroom,
		     unsigned int linear)
{
	unsigned int was = skb_headlen(skb), old = skb_headroom(skb);
	unsigned char *head = kzalloc(headroom + linear, GFP_ATOMIC);

	if (!head)
		return false;
	/* what lies before the data moves along */
	memcpy(head + headroom - old, skb->head, old + was);
	memcpy(head + headroom + was, skb->frag, linear - was);
	if (!skb->cloned)
		kfree(skb->head);
	skb->cloned = false;
	skb->head = head;
	skb->data = head + headroom;
	skb->end = skb->data + linear;
	skb->frag += linear - was;
	skb->data_len -= linear - was;
	skb_moved(skb, headroom - old);
	return true;
}

void *skb_push(struct sk_buff *skb, unsigned int len)
{
	assert(len <= skb_headroom(skb));
	skb->data -= len;
	skb->len += len;
	return skb->data;
}

void *__skb_pull(struct sk_buff *skb, unsigned int len)
{
	assert(len <= skb_headlen(skb));
	skb->data += len;
	skb->len -= len;
	return skb->data;
}

unsigned int skb_tailroom(const struct sk_buff *skb)
{
	return skb->data_len ? 0 : skb->end - skb->data - skb->len;
}

void *skb_put(struct sk_buff *skb, unsigned int len)
{
	void *tail = skb->data + skb->len;

	assert(len <= skb_tailroom(skb));
	skb->len += len;
	return tail;
}

void skb_trim(struct sk_buff *skb, unsigned int len)
{
	assert(!skb->data_len && len <= skb->len);
	skb->len = len;
}

bool pskb_may_pull(struct sk_buff *skb, unsigned int len)
{
	if (len > skb->len)
		return false;
	return skb_move(skb, skb_headroom(skb), max(len, skb_headlen(skb)));
}

int skb_ensure_writable(struct sk_buff *skb, unsigned int len)
{
	return pskb_may_pull(skb, len) ? 0 : -ENOMEM;
}

int skb_cow_head(struct sk_buff *skb, unsigned int headroom)
{
	/* headers are aligned */
	headroom += -headroom % 4;
	return skb_move(skb, max(headroom, skb_headroom(skb)),
			skb_headlen(skb)) ? 0 : -ENOMEM;
}
