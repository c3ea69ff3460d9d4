// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer on addresses and ports in packets: the input is what to do, how the
 * packet lies in memory, and its bytes. Each time all of it is compared with what
 * it was: nothing but what was asked for, and its checksums, has changed; right
 * checksums are right, wrong ones are wrong by as much; done back, it is the packet
 * that it was.
 */
#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/kernel.h>
#include <linux/udp.h>
#include <string.h>

#include "packet.h"
#include "rewrite.h"

int allocations;
unsigned long jiffies;

/* Where in the headers. */
enum at {
	IP4_LEN		= 2,
	IP4_PROTOCOL	= 9,
	IP4_SUM		= 10,
	IP4_SOURCE	= 12,
	IP4_DEST	= 16,
	IP6_LEN		= 4,
	UDP_LEN		= 4,
	UDP_SUM		= 6,
	ICMP_SUM	= 2,
	ICMP_MTU	= 6,
	ICMP_QUOTED	= 8,
};

/**
 * struct input - the input's beginning
 * @what: index of what to do
 * @more: a number, if that needs one
 * @recipe: how the packet is made
 * @ip: new address, network byte order
 * @port: new port, network byte order
 * @dport: another one
 */
struct input {
	uint8_t		what;
	uint8_t		more;
	struct recipe	recipe;
	uint8_t		ip[4];
	uint8_t		port[2];
	uint8_t		dport[2];
};

static const struct input *in;
static struct packet packet;
static struct flat before, after;

static struct esp_nat_ep ep(const uint8_t *ip, const uint8_t *port)
{
	struct esp_nat_ep ep = { .addr.family = AF_INET };

	memcpy(&ep.addr.ip.ip, ip, 4);
	memcpy(&ep.port, port, 2);
	return ep;
}

/* A field that may have changed is made what it was; true if it has. */
static bool restore(unsigned int at, unsigned int len)
{
	bool changed = memcmp(after.byte + at, before.byte + at, len);

	memcpy(after.byte + at, before.byte + at, len);
	return changed;
}

static bool has(unsigned int at, const void *bytes, unsigned int len)
{
	return !memcmp(after.byte + at, bytes, len);
}

static void same(void)
{
	PROMISE(after.len == before.len);
	PROMISE(!memcmp(after.byte, before.byte, before.len));
}

/* It could not be done, and it is the packet that it was. */
static void refused(int err, bool too_short)
{
	PROMISE(err == -ENOMEM && (too_short || !allocations));
	packet_flatten(&packet.skb, &after);
	same();
}

/* What a device has summed up, or is to sum up, goes with what has changed. */
static void check_summed(unsigned int offset, bool summed)
{
	const struct sk_buff *skb = &packet.skb;

	PROMISE(skb->ip_summed == in->recipe.summed);
	if (skb->ip_summed == CHECKSUM_COMPLETE && summed)
		PROMISE(sum_complete(skb) == sum_bytes(after.byte, after.len));
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return;
	PROMISE(skb->head + skb->csum_start == skb->data + offset);
	PROMISE(skb->csum_offset == UDP_SUM);
}

/* Of the whole datagram, or for a device that does the rest. */
static uint16_t sum_of(const struct flat *f, unsigned int offset)
{
	return in->recipe.summed == CHECKSUM_PARTIAL ? sum_partial(f, offset) :
						       sum_udp(f, offset);
}

/* No checksum stays none, and none becomes zero, which says that there is none. */
static void check_udp(unsigned int offset)
{
	bool summed = get16(before.byte + offset + UDP_SUM);

	if (summed || in->recipe.summed == CHECKSUM_PARTIAL) {
		PROMISE(get16(after.byte + offset + UDP_SUM));
		PROMISE(sum_of(&after, offset) == sum_of(&before, offset));
	} else {
		PROMISE(!get16(after.byte + offset + UDP_SUM));
	}
	check_summed(offset, summed);
}

static void check_ip(void)
{
	unsigned int len = before.byte[0] % 16 * 4;

	if (before.byte[0] >> 4 == 4)
		PROMISE(sum_bytes(after.byte, len) ==
			sum_bytes(before.byte, len));
}

/* Zero and 0xffff are the same, but where the checksum was right it is so again. */
static void back_sum(unsigned int at)
{
	if (in->recipe.flags & RECIPE_RIGHT &&
	    in->recipe.summed != CHECKSUM_PARTIAL)
		return;
	PROMISE(get16(after.byte + at) % 0xffff ==
		get16(before.byte + at) % 0xffff);
	restore(at, 2);
}

/* ---- IPv4's ends ---- */

static bool has_udp(void)
{
	return before.byte[IP4_PROTOCOL] == IPPROTO_UDP &&
	       !(get16(before.byte + 6) & 0x1fff);
}

static int turn(bool source, const struct esp_nat_ep *to)
{
	return source ? esp_nat_rewrite_source(&packet.skb, to) :
			esp_nat_rewrite_dest(&packet.skb, to);
}

static void check_end(unsigned int ip, unsigned int port, bool udp,
		      const struct esp_nat_ep *to)
{
	PROMISE(has(ip, &to->addr.ip.ip, 4));
	check_ip();
	if (udp) {
		PROMISE(has(port, &to->port, 2));
		check_udp(packet.offset);
		restore(port, 2);
		restore(packet.offset + UDP_SUM, 2);
	} else {
		check_summed(packet.offset, true);
	}
	restore(ip, 4);
	restore(IP4_SUM, 2);
	same();
}

static void end(void)
{
	bool source = in->recipe.flags & RECIPE_SOURCE, udp = has_udp();
	unsigned int ip = source ? IP4_SOURCE : IP4_DEST;
	unsigned int port = packet.offset + (source ? 0 : 2);
	struct esp_nat_ep to = ep(in->ip, in->port), was;
	int err;

	was = ep(before.byte + ip, before.byte + port);
	err = turn(source, &to);
	if (err || (udp && before.len < packet.offset + 8)) {
		refused(err, udp && before.len < packet.offset + 8);
		return;
	}
	packet_flatten(&packet.skb, &after);
	check_end(ip, port, udp, &to);
	if (turn(source, &was))
		return;
	packet_flatten(&packet.skb, &after);
	check_summed(packet.offset, !udp ||
		     get16(before.byte + packet.offset + UDP_SUM));
	back_sum(IP4_SUM);
	if (udp)
		back_sum(packet.offset + UDP_SUM);
	same();
}

/* ---- a port ---- */

static void port(void)
{
	bool source = in->recipe.flags & RECIPE_SOURCE;
	unsigned int at = packet.offset + (source ? 0 : 2);
	__be16 to, was;
	int err;

	memcpy(&to, in->port, 2);
	memcpy(&was, before.byte + at, 2);
	err = esp_nat_rewrite_port(&packet.skb, packet.offset, source, to);
	if (err || before.len < packet.offset + 8) {
		refused(err, before.len < packet.offset + 8);
		return;
	}
	packet_flatten(&packet.skb, &after);
	PROMISE(has(at, &to, 2));
	check_udp(packet.offset);
	restore(at, 2);
	restore(packet.offset + UDP_SUM, 2);
	same();
	if (esp_nat_rewrite_port(&packet.skb, packet.offset, source, was))
		return;
	packet_flatten(&packet.skb, &after);
	back_sum(packet.offset + UDP_SUM);
	same();
}

/* ---- the non-ESP marker ---- */

static unsigned int ip_len(void)
{
	return after.byte[0] >> 4 == 4 ? get16(after.byte + IP4_LEN) :
					 get16(after.byte + IP6_LEN) + 40u;
}

/* Its bytes are those that it was, but lengths and sums. */
static void check_grown(unsigned int len, int by)
{
	unsigned int ip = before.byte[0] >> 4 == 4 ? IP4_LEN : IP6_LEN;
	unsigned int uh = packet.offset;
	const struct sk_buff *skb = &packet.skb;

	PROMISE(after.len == before.len + by && ip_len() == after.len);
	PROMISE(get16(after.byte + uh + UDP_LEN) ==
		(uint16_t)(get16(before.byte + uh + UDP_LEN) + by));
	PROMISE(skb_network_offset(skb) == 0);
	PROMISE(skb_transport_header(skb) == skb->data + uh);
	check_ip();
	check_udp(uh);
	if (before.byte[0] >> 4 == 4)
		restore(IP4_SUM, 2);
	restore(ip, 2);
	restore(uh + UDP_LEN, 2);
	restore(uh + UDP_SUM, 2);
	PROMISE(!memcmp(after.byte, before.byte, len));
}

static void marker_back(int err)
{
	if (err)
		return;
	packet_flatten(&packet.skb, &after);
	check_udp(packet.offset);
	if (before.byte[0] >> 4 == 4)
		back_sum(IP4_SUM);
	back_sum(packet.offset + UDP_SUM);
	same();
}

static void add_marker(void)
{
	unsigned int len = packet.offset + 8;
	int err;

	err = esp_nat_rewrite_add_marker(&packet.skb, packet.offset);
	if (before.len + 4 > PACKET_MAX || in->recipe.flags & RECIPE_GSO) {
		PROMISE(err == -EMSGSIZE);
		packet_flatten(&packet.skb, &after);
		same();
		return;
	}
	if (err || before.len < len) {
		refused(err, before.len < len);
		return;
	}
	packet_flatten(&packet.skb, &after);
	PROMISE(has(len, "\0\0\0\0", 4));
	PROMISE(has(len + 4, before.byte + len, before.len - len));
	check_grown(len, 4);
	marker_back(esp_nat_rewrite_del_marker(&packet.skb, packet.offset));
}

static void del_marker(void)
{
	unsigned int len = packet.offset + 8;
	int err;

	/* the caller has seen one */
	if (before.len >= len + 4 && !has(len, "\0\0\0\0", 4))
		return;
	err = esp_nat_rewrite_del_marker(&packet.skb, packet.offset);
	if (err || before.len < len + 4) {
		refused(err, before.len < len + 4);
		return;
	}
	packet_flatten(&packet.skb, &after);
	PROMISE(has(len, before.byte + len + 4, after.len - len));
	check_grown(len, -4);
	if (!(in->recipe.flags & RECIPE_GSO))
		marker_back(esp_nat_rewrite_add_marker(&packet.skb,
						       packet.offset));
}

/* ---- ESP in UDP ---- */

/* Before it leaves. */
static void encap(void)
{
	unsigned int ihl = packet.offset;
	__be16 sport, dport;
	uint8_t udp[8] = { };
	int err;

	memcpy(&sport, in->port, 2);
	memcpy(&dport, in->dport, 2);
	err = esp_nat_rewrite_encap(&packet.skb, sport, dport);
	packet_flatten(&packet.skb, &after);
	if (before.len + 8 > PACKET_MAX) {
		PROMISE(err == -EMSGSIZE);
		same();
		return;
	}
	if (err) {
		refused(err, false);
		return;
	}
	memcpy(udp, &sport, 2);
	memcpy(udp + 2, &dport, 2);
	put16(udp + UDP_LEN, before.len - ihl + 8);
	PROMISE(after.len == before.len + 8 && ip_len() == after.len);
	PROMISE(after.byte[IP4_PROTOCOL] == IPPROTO_UDP);
	PROMISE(has(ihl, udp, 8));
	PROMISE(has(ihl + 8, before.byte + ihl, before.len - ihl));
	PROMISE(skb_network_offset(&packet.skb) == 0);
	PROMISE((uint8_t *)udp_hdr(&packet.skb) == packet.skb.data + ihl);
	restore(IP4_LEN, 2);
	restore(IP4_PROTOCOL, 1);
	PROMISE(has(0, before.byte, ihl));
}

/* The headers before ESP that has come: what they are, and where. */
static void check_before(unsigned int udp, const struct esp_nat_ep *src)
{
	const struct sk_buff *skb = &packet.skb;
	const uint8_t *ip = skb_network_header(skb);
	uint8_t want[64];

	memcpy(want, before.byte, packet.offset);
	want[IP4_PROTOCOL] = udp ? IPPROTO_UDP : IPPROTO_ESP;
	memcpy(want + IP4_SOURCE, &src->addr.ip.ip, 4);
	PROMISE(ip + packet.offset + udp == skb->data);
	PROMISE(!memcmp(ip, want, packet.offset));
	if (skb_mac_header_was_set(skb)) {
		memset(want, 0x5a, PACKET_MAC);
		PROMISE(skb_mac_header(skb) + PACKET_MAC == ip);
		PROMISE(!memcmp(skb_mac_header(skb), want, PACKET_MAC));
	}
	packet_flatten(skb, &after);
	PROMISE(after.len == before.len - packet.offset);
	PROMISE(has(0, before.byte + packet.offset, after.len));
}

static void udp_before(void)
{
	struct esp_nat_ep to = ep(in->ip, in->port);
	struct esp_nat_ep was = ep(before.byte + IP4_SOURCE, in->port);
	struct sk_buff *skb = &packet.skb;
	__be16 dport;
	uint8_t *uh;
	int err;

	memcpy(&dport, in->dport, 2);
	__skb_pull(skb, packet.offset);
	err = esp_nat_rewrite_add_udp(skb, &to, dport);
	if (err) {
		PROMISE(err == -ENOMEM && !allocations);
		PROMISE(skb->data == skb_network_header(skb) + packet.offset);
		skb_push(skb, packet.offset);
		refused(err, false);
		return;
	}
	check_before(8, &to);
	uh = skb->data - 8;
	PROMISE(!memcmp(uh, &to.port, 2) && !memcmp(uh + 2, &dport, 2));
	PROMISE(get16(uh + UDP_LEN) == (uint16_t)(skb->len + 8));
	PROMISE(!get16(uh + UDP_SUM));
	esp_nat_rewrite_esp_source(ip_hdr(skb), (struct udphdr *)uh, &was);
	check_before(8, &was);
	esp_nat_rewrite_del_udp(skb);
	check_before(0, &was);
	esp_nat_rewrite_esp_source(ip_hdr(skb), NULL, &to);
	check_before(0, &to);
}

/* ---- ICMP errors ---- */

static uint16_t sum_icmp(const struct flat *f)
{
	return sum_bytes(f->byte + packet.offset, f->len - packet.offset);
}

static void check_icmp(void)
{
	PROMISE(sum_icmp(&after) == sum_icmp(&before));
	check_summed(packet.offset, true);
	restore(packet.offset + ICMP_SUM, 2);
}

static void mtu(void)
{
	unsigned int at = packet.offset + ICMP_MTU, less = in->more;
	int err;

	err = esp_nat_rewrite_mtu(&packet.skb, less);
	if (err || before.len < packet.offset + 8) {
		refused(err, before.len < packet.offset + 8);
		return;
	}
	packet_flatten(&packet.skb, &after);
	PROMISE(get16(after.byte + at) ==
		(uint16_t)(get16(before.byte + at) - less));
	check_icmp();
	restore(at, 2);
	same();
}

/* *@ihl: of the quoted header, which the caller has seen to be whole */
static bool quotes(unsigned int at, unsigned int *ihl)
{
	*ihl = before.byte[at] % 16 * 4;
	return skb_headlen(&packet.skb) >= at + 20 && *ihl >= 20 &&
	       skb_headlen(&packet.skb) >= at + *ihl;
}

static void quoted(void)
{
	unsigned int at = packet.offset + ICMP_QUOTED, ihl;
	struct esp_nat_ep to = ep(in->ip, in->port);
	bool udp;
	int err;

	if (!quotes(at, &ihl))
		return;
	udp = before.byte[at + IP4_PROTOCOL] == IPPROTO_UDP;
	err = esp_nat_rewrite_quoted(&packet.skb, at, &to);
	if (err || (udp && before.len < at + ihl + 8)) {
		refused(err, udp && before.len < at + ihl + 8);
		return;
	}
	packet_flatten(&packet.skb, &after);
	PROMISE(has(at + IP4_DEST, &to.addr.ip.ip, 4));
	PROMISE(sum_bytes(after.byte + at, ihl) ==
		sum_bytes(before.byte + at, ihl));
	check_icmp();
	restore(at + IP4_DEST, 4);
	restore(at + IP4_SUM, 2);
	if (udp) {
		PROMISE(has(at + ihl + 2, &to.port, 2));
		restore(at + ihl + 2, 2);
	}
	same();
}

/* ---- what to do ---- */

/**
 * struct deed - something that can be done to a packet
 * @run: does it, and looks at what it has become
 * @set: flags that its packets have
 * @clear: flags that they do not have
 * @protocol: of IPv4, or 0: any
 * @partial: a device may have to sum it up
 */
struct deed {
	void		(*run)(void);
	uint16_t	set;
	uint16_t	clear;
	uint8_t		protocol;
	bool		partial;
};

static const struct deed deeds[] = {
	{ end, 0, RECIPE_IP6 | RECIPE_LONG, 0, true },
	{ port, RECIPE_UDP, RECIPE_LONG, 0, true },
	{ add_marker, RECIPE_UDP, RECIPE_FRAGMENT, 0, true },
	{ del_marker, RECIPE_UDP, RECIPE_FRAGMENT | RECIPE_LONG, 0, true },
	{ encap, 0, RECIPE_IP6 | RECIPE_UDP, IPPROTO_ESP, false },
	{ udp_before, 0, RECIPE_IP6 | RECIPE_UDP, IPPROTO_ESP, false },
	{ mtu, 0, RECIPE_IP6 | RECIPE_UDP | RECIPE_LONG, IPPROTO_ICMP,
	  false },
	{ quoted, 0, RECIPE_IP6 | RECIPE_UDP | RECIPE_LONG, IPPROTO_ICMP,
	  false },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input;
	const struct deed *deed;
	struct recipe *r = &input.recipe;

	if (size < sizeof(input))
		return 0;
	memcpy(&input, data, sizeof(input));
	in = &input;
	deed = &deeds[input.what % ARRAY_SIZE(deeds)];
	r->flags = (r->flags | deed->set) & ~deed->clear;
	/* they take long, too: as few as there are in the corpus */
	if (memcmp(input.ip, "long", 4))
		r->flags &= ~RECIPE_LONG;
	r->summed %= CHECKSUM_PARTIAL + 1;
	if (deed->protocol)
		r->protocol = deed->protocol;
	if (r->summed == CHECKSUM_PARTIAL &&
	    (!deed->partial || !(r->flags & RECIPE_UDP) ||
	     r->flags & RECIPE_FRAGMENT))
		r->summed = CHECKSUM_NONE;
	packet_make(&packet, r, data + sizeof(input), size - sizeof(input));
	packet_flatten(&packet.skb, &before);
	packet_flatten(&packet.skb, &after);
	deed->run();
	packet_end(&packet);
	return 0;
}
