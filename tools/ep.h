/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_EP_H
#define _ESPNAT_EP_H

#include <libmnl/libmnl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* "[" address "]:" port, and the end */
#define EP_TEXT	(INET6_ADDRSTRLEN + sizeof("[]:65535"))

/**
 * struct ep - an endpoint
 * @family: AF_INET, AF_INET6, or 0: none
 * @in: the address
 * @in6: the address
 * @port: its port, host byte order; 0: none
 */
struct ep {
	int		family;
	union {
		struct in_addr	in;
		struct in6_addr	in6;
	};
	uint16_t	port;
};

bool ep_parse(const char *text, struct ep *ep);
const char *ep_addr(const struct ep *ep, char *text);
const char *ep_format(const struct ep *ep, char *text);
void ep_put(struct nlmsghdr *nlh, uint16_t type, const struct ep *ep);
bool ep_get(const struct nlattr *attr, struct ep *ep);
bool ep_matches(const struct ep *want, const struct ep *ep);

#endif /* _ESPNAT_EP_H */
