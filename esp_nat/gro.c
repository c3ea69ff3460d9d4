// SPDX-License-Identifier: GPL-2.0
/*
 * GRO of daemons' sockets. Where a daemon has set UDP_GRO, the kernel takes
 * UDP-encapsulated ESP in the socket's gro_receive, and no protocol handler
 * sees it before xfrm has. Such a socket gets ours in front of its own. No
 * reference to a socket is held, it would pin the namespace.
 */
#include <linux/udp.h>
#include <net/gro.h>
#include <net/ip.h>
#include <net/ipv6_stubs.h>
#include <net/udp.h>
#include <net/xfrm.h>

#include "gro.h"
#include "proto.h"
#include "up.h"

typedef struct sk_buff *(*esp_nat_gro_receive)(struct sock *sk,
					       struct list_head *head,
					       struct sk_buff *skb);

static esp_nat_gro_receive esp_nat_gro_theirs(const struct sock *sk)
{
#if IS_ENABLED(CONFIG_IPV6)
	if (sk->sk_family == AF_INET6)
		return READ_ONCE(ipv6_stub->xfrm6_gro_udp_encap_rcv);
#endif
	return xfrm4_gro_udp_encap_rcv;
}

/* GRO promises neither a linear header nor one that is ours to write. */
static bool esp_nat_gro_writable(struct sk_buff *skb)
{
	unsigned int len = skb_gro_offset(skb) + ESP_NAT_ESP_HDR_LEN;

	if (!pskb_may_pull(skb, len) || skb_cow_head(skb, 0))
		return false;
	NAPI_GRO_CB(skb)->frag0 = NULL;
	NAPI_GRO_CB(skb)->frag0_len = 0;
	return true;
}

static bool esp_nat_gro_is_esp(const struct sk_buff *skb)
{
	unsigned int off = skb_gro_offset(skb);
	__be32 buf, *spi;

	spi = skb_header_pointer(skb, off, sizeof(buf), &buf);
	return spi && *spi && skb->len - off > ESP_NAT_ESP_HDR_LEN &&
	       skb->protocol == htons(ETH_P_IP);
}

static struct sk_buff *esp_nat_gro_receive_skb(struct sock *sk,
					       struct list_head *head,
					       struct sk_buff *skb)
{
	struct esp_nat_net *en = esp_nat_net(sock_net(sk));
	struct esp_nat_ep was;
	struct sk_buff *pp = NULL;
	bool ours, take = true;

	ours = esp_nat_gro_is_esp(skb) && esp_nat_gro_writable(skb);
	if (ours)
		take = esp_nat_up->gro(en, skb, &was);

	if (take)
		pp = esp_nat_gro_theirs(sk)(sk, head, skb);
	else
		NAPI_GRO_CB(skb)->flush = 1;
	if (IS_ERR(pp) && PTR_ERR(pp) == -EINPROGRESS)
		/* @skb is xfrm's now, or gone */
		esp_nat_inc(en, in_esp_gro);
	else if (ours)
		esp_nat_up->gro_undo(skb, &was);
	return pp;
}

/* Never NULL: udp_gro_receive() loads the pointer twice. */
static void esp_nat_gro_swap(struct esp_nat_net *en, struct sock *sk, bool ours)
{
	esp_nat_gro_receive theirs = esp_nat_gro_theirs(sk);

	if (!ours)
		cmpxchg(&udp_sk(sk)->gro_receive, esp_nat_gro_receive_skb,
			theirs);
	else if (cmpxchg(&udp_sk(sk)->gro_receive, theirs,
			 esp_nat_gro_receive_skb) == theirs)
		esp_nat_inc(en, gro_hooked);
}

static void esp_nat_gro_slot(struct esp_nat_net *en, struct udp_hslot *slot,
			     int port, bool ours)
{
	struct sock *sk;

	spin_lock_bh(&slot->lock);
	sk_for_each(sk, &slot->head)
		if (net_eq(sock_net(sk), en->net) &&
		    (!port || inet_sk(sk)->inet_num == port))
			esp_nat_gro_swap(en, sk, ours);
	spin_unlock_bh(&slot->lock);
}

/**
 * esp_nat_gro_hook_port() - hook the sockets that nat_port has now
 * @en: the namespace
 *
 * Context: process or softirq.
 */
void esp_nat_gro_hook_port(struct esp_nat_net *en)
{
	struct udp_table *table = en->net->ipv4.udp_table;
	int port = READ_ONCE(en->cfg.nat_port);

	esp_nat_gro_slot(en, udp_hashslot(table, en->net, port), port, true);
}

/**
 * esp_nat_gro_hook_socket() - hook the socket that an IKE message is for
 * @en: the namespace
 * @skb: IPv4 UDP packet to nat_port, in LOCAL_IN
 *
 * Daemons open sockets, and set UDP_GRO, when they please.
 *
 * Context: softirq, RCU read side.
 */
void esp_nat_gro_hook_socket(struct esp_nat_net *en, struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct udphdr *uh = (void *)iph + iph->ihl * 4;
	struct sock *sk;

	sk = udp4_lib_lookup(en->net, iph->saddr, uh->source, iph->daddr,
			     uh->dest, inet_iif(skb));
	if (!sk)
		return;
	esp_nat_gro_swap(en, sk, true);
	sock_put(sk);
}

/**
 * esp_nat_gro_hooked() - is a socket hooked?
 * @sk: a UDP socket
 *
 * Context: any.
 * Return: true if it is.
 */
bool esp_nat_gro_hooked(const struct sock *sk)
{
	return READ_ONCE(udp_sk(sk)->gro_receive) == esp_nat_gro_receive_skb;
}

/**
 * esp_nat_gro_unhook() - give all sockets of a namespace back
 * @en: the namespace
 *
 * Context: process. When nothing hooks any more; a caller that goes away
 * waits for a grace period after it.
 */
void esp_nat_gro_unhook(struct esp_nat_net *en)
{
	struct udp_table *table = en->net->ipv4.udp_table;
	unsigned int i;

	for (i = 0; i <= table->mask; i++)
		esp_nat_gro_slot(en, &table->hash[i], 0, false);
}
