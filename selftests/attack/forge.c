// SPDX-License-Identifier: GPL-2.0
/* Frames that nobody means well with. */
#include <net/ethernet.h>
#include <string.h>

#include "forge.h"

const char * const forge_names[FORGE_KINDS] = {
	"ike", "esp", "short", "icmp", "flipped", "ipv6",
};

/* ---- what is in UDP ---- */

static __u32 forge_spi(const struct learned *l)
{
	if (l->spis && packet_chance(70))
		return l->spi[packet_below(l->spis)];
	return packet_chance(20) ? 0 : packet_random();
}

/* Of an IKE SA that is there, of one that is begun, or of none. */
static void forge_cookies(const struct learned *l, __u8 *at)
{
	unsigned int i;

	for (i = 0; i < 16; i++)
		at[i] = packet_random();
	if (l->cookies && packet_chance(60))
		memcpy(at, l->cookie[packet_below(l->cookies)], 16);
	if (packet_chance(30))
		memset(at + 8, 0, 8);
	if (packet_chance(3))
		memset(at, 0, 8);
}

/* Payloads, one behind the other, whose lengths are mostly right. */
static void forge_payloads(struct packet *p, __u8 *first)
{
	unsigned int n = packet_below(6);
	__u8 *at, kind = 0;
	size_t len;

	while (n--) {
		len = packet_below(48);
		packet_push_random(p, len);
		at = packet_push(p, 4);
		at[0] = kind;
		packet_put16(at + 2, packet_chance(85) ? len + 4 : packet_random());
		kind = packet_one(1, 11, 20, 41, 130, 33, packet_below(256));
	}
	*first = kind;
}

static void forge_ike(const struct learned *l, struct packet *p)
{
	__u8 *ike, first;

	forge_payloads(p, &first);
	ike = packet_push(p, 28);
	forge_cookies(l, ike);
	ike[16] = packet_chance(80) ? first : packet_random();
	ike[17] = packet_one(0x10, 0x10, 0x20, 0x20, 0x21, packet_below(256));
	ike[18] = packet_one(2, 4, 5, 6, 32, 34, 35, 36, 37, 43, packet_below(256));
	ike[19] = packet_one(0, 1, 8, 0x20, 0x28, packet_below(256));
	packet_put32(ike + 20, packet_one(0, 0, 1, 2, packet_random()));
	packet_put32(ike + 24, packet_chance(85) ? p->len : packet_random());
	if (packet_chance(5))
		packet_trim(p, packet_below(p->len));
}

static void forge_esp(const struct learned *l, struct packet *p)
{
	__u8 *esp;

	packet_push_random(p, packet_below(packet_chance(80) ? 120 : 1300));
	esp = packet_push(p, 8);
	packet_put32(esp, forge_spi(l));
	packet_put32(esp + 4, packet_one(0, 1, packet_below(1000),
					 packet_random(), ~0U));
}

/* ---- UDP and IP ---- */

static __u16 forge_port(const struct learned *l)
{
	if (l->ports && packet_chance(70))
		return l->port[packet_below(l->ports)];
	return packet_one(0, 500, 4500, 1701, packet_below(65536));
}

static __u32 forge_source(const struct learned *l)
{
	if (packet_chance(65))
		return l->client;
	return packet_one(l->gateway, l->client + packet_below(256), 0,
			  INADDR_LOOPBACK, 0xe0000001, INADDR_BROADCAST,
			  0xc6120000 + packet_below(64),	/* an alias */
			  packet_random());
}

static __u32 forge_pseudo(const __u8 *addr, size_t len, size_t n)
{
	__u32 sum = IPPROTO_UDP + len;

	while (n) {
		n -= 2;
		sum += packet_get16(addr + n);
	}
	return sum;
}

/* Both addresses, of addrs bytes. */
static void forge_udp(const struct learned *l, struct packet *p, __u16 dport,
		      const __u8 *addr, size_t addrs)
{
	__u8 *udp = packet_push(p, 8);
	__u16 sum;

	packet_put16(udp, forge_port(l));
	packet_put16(udp + 2, dport);
	packet_put16(udp + 4, packet_chance(92) ? p->len :
		     packet_one(0, 7, 8, packet_below(p->len + 1),
				packet_below(65536)));
	if (packet_chance(15))
		return;		/* none */
	sum = packet_sum(udp, p->len, forge_pseudo(addr, p->len, addrs));
	packet_put16(udp + 6, packet_chance(95) ? sum ?: 0xffff : packet_random());
}

/* NOPs, a route that is recorded, or anything. */
static size_t forge_options(__u8 *at)
{
	size_t len = 4 * (1 + packet_below(10)), i;

	for (i = 0; i < len; i++)
		at[i] = packet_chance(50) ? 1 : packet_random();
	if (packet_chance(40) && len >= 12) {
		at[0] = 7;
		at[1] = len - 1;
		at[2] = 4;
	}
	return len;
}

static void forge_ip(struct packet *p, const __u8 *addr, __u8 protocol,
		     __u16 id, __u16 fragment)
{
	__u8 options[40], *ip;
	size_t len = packet_chance(10) ? forge_options(options) : 0;

	memcpy(packet_push(p, len), options, len);
	ip = packet_push(p, 20);
	ip[0] = packet_chance(99) ? 0x40 | (5 + len / 4) : packet_random();
	ip[1] = packet_chance(80) ? 0 : packet_random();
	packet_put16(ip + 2, packet_chance(96) ? p->len :
		     packet_one(0, 20, packet_below(p->len), packet_below(65536)));
	packet_put16(ip + 4, id);
	packet_put16(ip + 6, fragment | (packet_chance(30) ? 0x4000 : 0));
	ip[8] = packet_chance(95) ? 64 : packet_random();
	ip[9] = packet_chance(99) ? protocol : packet_random();
	memcpy(ip + 12, addr, 8);
	packet_put16(ip + 10, packet_sum(ip, 20 + len, 0));
	if (packet_chance(1))
		ip[10] ^= 1;
}

static void forge_ethernet(const struct learned *l, struct packet *p, __u16 type)
{
	__u8 *eth;

	/* behind what IP says is there */
	if (packet_chance(4) && p->len < 1400) {
		size_t more = packet_below(32);

		memmove(packet_data(p) - more, packet_data(p), p->len);
		p->len += more;
	}
	eth = packet_push(p, PACKET_ETH);
	memcpy(eth, l->eth, PACKET_ETH);
	packet_put16(eth + 12, type);
}

/* ---- the kinds ---- */

/* One packet, or two fragments of it that may overlap or leave a hole. */
static unsigned int forge_send(const struct learned *l, struct packet out[2],
			       const __u8 *addr, __u8 protocol)
{
	size_t cut = 8 * (1 + packet_below(out[0].len / 8 + 1)), from = cut;
	__u16 id = packet_random();
	struct packet *p = out;

	if (!packet_chance(12) || cut >= p->len) {
		forge_ip(p, addr, protocol, id, 0);
		forge_ethernet(l, p, ETHERTYPE_IP);
		return 1;
	}
	out[1].len = 0;
	memcpy(packet_push(&out[1], p->len - cut), packet_data(p) + cut,
	       p->len - cut);
	packet_trim(p, cut);
	if (packet_chance(20))
		from = 8 * packet_below(200);
	forge_ip(p, addr, protocol, id, 0x2000);
	forge_ip(&out[1], addr, protocol, id, from / 8);
	forge_ethernet(l, p, ETHERTYPE_IP);
	forge_ethernet(l, &out[1], ETHERTYPE_IP);
	return 2;
}

static void forge_addresses(const struct learned *l, __u8 *addr)
{
	packet_put32(addr, forge_source(l));
	packet_put32(addr + 4, packet_chance(98) ? l->gateway : packet_random());
}

static unsigned int forge_in_udp(const struct learned *l, struct packet out[2],
				 enum forge_kind kind)
{
	bool nat_port = kind == FORGE_ESP || packet_chance(60);
	__u8 addr[8], protocol = IPPROTO_UDP;

	forge_addresses(l, addr);
	if (kind == FORGE_IKE) {
		forge_ike(l, out);
		if (nat_port && packet_chance(95))
			packet_push(out, 4);
	} else if (kind == FORGE_ESP) {
		forge_esp(l, out);
	} else if (packet_chance(50)) {
		*packet_push(out, 1) = 0xff;
	} else {
		packet_push_random(out, packet_below(12));
	}
	if (kind == FORGE_ESP && packet_chance(30))
		protocol = IPPROTO_ESP;
	else
		forge_udp(l, out, nat_port ? 4500 : 500, addr, sizeof(addr));
	return forge_send(l, out, addr, protocol);
}

/* An error about IKE or ESP that the gateway has sent, or has not. */
static unsigned int forge_icmp(const struct learned *l, struct packet out[2])
{
	__u8 addr[8], quoted[8], *at;
	bool esp = packet_chance(30);

	packet_push_random(out, packet_below(60));
	at = packet_push(out, 8);
	packet_put32(quoted, l->gateway);
	packet_put32(quoted + 4, packet_chance(80) ? l->client : packet_random());
	if (esp) {
		packet_put32(at, forge_spi(l));
	} else {
		packet_put16(at, packet_one(500, 4500, packet_below(65536)));
		packet_put16(at + 2, forge_port(l));
		packet_put16(at + 4, packet_below(1400));
	}
	forge_ip(out, quoted, esp ? IPPROTO_ESP : IPPROTO_UDP, packet_random(),
		 packet_chance(95) ? 0 : packet_random());
	if (packet_chance(10))
		packet_trim(out, packet_below(out->len));
	at = packet_push(out, 8);
	at[0] = packet_one(3, 3, 3, 11, 12, packet_below(256));
	at[1] = packet_one(4, 4, 3, 1, packet_below(16));
	packet_put16(at + 6, packet_one(0, 68, 552, 576, 1400, packet_below(65536)));
	packet_put16(at + 2, packet_sum(at, out->len, 0));
	if (packet_chance(5))
		at[2] ^= 1;
	packet_put32(addr, packet_chance(50) ? l->client : packet_random());
	packet_put32(addr + 4, l->gateway);
	return forge_send(l, out, addr, IPPROTO_ICMP);
}

static unsigned int forge_flipped(const struct learned *l, struct packet out[2])
{
	size_t i = packet_below(l->frames), bits = 1 + packet_below(8), at;
	__u8 *frame = packet_push(out, l->len[i]);

	memcpy(frame, l->frame[i], l->len[i]);
	while (bits--) {
		at = PACKET_ETH + packet_below(out->len - PACKET_ETH);
		frame[at] ^= 1 << packet_below(8);
	}
	return 1;
}

/* Extension headers, in any order, as often as it likes. */
static __u8 forge_extensions(struct packet *p, __u8 next)
{
	unsigned int n = packet_below(5);
	__u8 *at, kind;
	size_t len;

	while (n--) {
		kind = packet_one(0, 43, 44, 60, 51, packet_below(256));
		len = kind == 44 ? 8 : 8 * (1 + packet_below(3));
		packet_push_random(p, len - 2);
		at = packet_push(p, 2);
		at[0] = next;
		at[1] = packet_chance(90) ? len / 8 - 1 : packet_random();
		if (kind == 44)
			packet_put16(at + 2, packet_chance(70) ? 0 :
				     packet_below(65536));
		next = kind;
	}
	return next;
}

static unsigned int forge_ipv6(const struct learned *l, const struct in6_addr *to,
			       struct packet out[2])
{
	__u8 addr[32] = { 0x20, 0x01, 0x0d, 0xb8, 0, 2 }, *ip, next;
	bool nat_port = packet_chance(60);

	addr[15] = packet_random();
	memcpy(addr + 16, to, 16);
	if (packet_chance(60)) {
		forge_ike(l, out);
		if (nat_port)
			packet_push(out, 4);
	} else {
		forge_esp(l, out);
	}
	forge_udp(l, out, nat_port ? 4500 : 500, addr, sizeof(addr));
	next = forge_extensions(out, IPPROTO_UDP);
	ip = packet_push(out, 40);
	ip[0] = 0x60;
	packet_put16(ip + 4, packet_chance(96) ? out->len - 40 :
		     packet_below(65536));
	ip[6] = next;
	ip[7] = 64;
	memcpy(ip + 8, addr, sizeof(addr));
	forge_ethernet(l, out, ETHERTYPE_IPV6);
	return 1;
}

unsigned int forge(const struct learned *l, const struct in6_addr *gateway6,
		   struct packet out[2], enum forge_kind *kind)
{
	*kind = packet_one(FORGE_IKE, FORGE_IKE, FORGE_IKE, FORGE_ESP, FORGE_ESP,
			   FORGE_SHORT, FORGE_ICMP, FORGE_FLIPPED, FORGE_IPV6);
	if (*kind == FORGE_IPV6 && !gateway6)
		*kind = FORGE_IKE;
	out[0].len = 0;
	switch (*kind) {
	case FORGE_ICMP:
		return forge_icmp(l, out);
	case FORGE_FLIPPED:
		return forge_flipped(l, out);
	case FORGE_IPV6:
		return forge_ipv6(l, gateway6, out);
	default:
		return forge_in_udp(l, out, *kind);
	}
}
