/* SPDX-License-Identifier: GPL-2.0 */
/* Endpoints: an address of either family and a port. */
#ifndef _ESP_NAT_ENDPOINT_H
#define _ESP_NAT_ENDPOINT_H

#include <linux/in6.h>
#include <linux/netfilter.h>
#include <linux/string.h>
#include <linux/types.h>
#include <net/ipv6.h>

/**
 * struct esp_nat_addr - an address of either family
 * @ip: the address, network byte order; IPv4 in .ip, the rest zero
 * @family: AF_INET or AF_INET6
 *
 * Has no padding, so that it can be part of a hash key.
 */
struct esp_nat_addr {
	union nf_inet_addr	ip;
	u32			family;
};

/**
 * struct esp_nat_ep - an endpoint: where a packet comes from or goes to
 * @addr: its address
 * @port: its UDP port, network byte order; 0 for plain ESP
 * @zero: always zero, makes the padding part of the key
 */
struct esp_nat_ep {
	struct esp_nat_addr	addr;
	__be16			port;
	u16			zero;
};

/**
 * struct esp_nat_flow - a peer and the address of this end that it speaks to
 * @peer: the peer's endpoint, actual or presented
 * @local: this end's address, as packets have it on this machine
 *
 * A NAT may give two clients one port for two addresses of this end. Has no
 * padding, so that it can be a hash key.
 */
struct esp_nat_flow {
	struct esp_nat_ep	peer;
	struct esp_nat_addr	local;
};

static inline struct esp_nat_addr esp_nat_addr4(__be32 ip)
{
	return (struct esp_nat_addr){ .ip.ip = ip, .family = AF_INET };
}

static inline struct esp_nat_ep esp_nat_ep4(__be32 ip, __be16 port)
{
	return (struct esp_nat_ep){
		.addr = { .ip.ip = ip, .family = AF_INET },
		.port = port,
	};
}

static inline struct esp_nat_ep esp_nat_ep6(const struct in6_addr *ip,
					    __be16 port)
{
	return (struct esp_nat_ep){
		.addr = { .ip.in6 = *ip, .family = AF_INET6 },
		.port = port,
	};
}

static inline bool esp_nat_addr_equal(const struct esp_nat_addr *a,
				      const struct esp_nat_addr *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static inline bool esp_nat_ep_equal(const struct esp_nat_ep *a,
				    const struct esp_nat_ep *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static inline struct esp_nat_flow
esp_nat_flow(const struct esp_nat_ep *peer, const struct esp_nat_addr *local)
{
	return (struct esp_nat_flow){ .peer = *peer, .local = *local };
}

static inline bool esp_nat_flow_equal(const struct esp_nat_flow *a,
				      const struct esp_nat_flow *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* so that %pISpc prints either family as people write it */
static inline void esp_nat_ep_to_sockaddr(const struct esp_nat_ep *ep,
					  struct sockaddr_in6 *to)
{
	if (ep->addr.family == AF_INET6)
		*to = (struct sockaddr_in6) {
			.sin6_family = AF_INET6,
			.sin6_port = ep->port,
			.sin6_addr = ep->addr.ip.in6,
		};
	else
		*(struct sockaddr_in *)to = (struct sockaddr_in) {
			.sin_family = AF_INET,
			.sin_port = ep->port,
			.sin_addr.s_addr = ep->addr.ip.ip,
		};
}

/**
 * struct esp_nat_prefix - an address prefix
 * @addr: its first address
 * @len: its length in bits
 */
struct esp_nat_prefix {
	struct esp_nat_addr	addr;
	u8			len;
};

static inline bool esp_nat_prefix_has(const struct esp_nat_prefix *p,
				      const struct esp_nat_addr *a)
{
	if (p->addr.family != a->family)
		return false;
	if (a->family == AF_INET6)
		return ipv6_prefix_equal(&p->addr.ip.in6, &a->ip.in6, p->len);
	return !p->len ||
	       !((p->addr.ip.ip ^ a->ip.ip) & htonl(~0U << (32 - p->len)));
}

#endif /* _ESP_NAT_ENDPOINT_H */
