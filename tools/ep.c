// SPDX-License-Identifier: GPL-2.0
/* Endpoints as text and as attributes of netlink. */
#include <arpa/inet.h>
#include <linux/esp_nat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ep.h"

static bool ep_parse_port(const char *text, uint16_t *port)
{
	unsigned long number;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	number = strtoul(text, &end, 10);
	*port = number;
	return !*end && number && number <= UINT16_MAX;
}

static bool ep_parse_addr(const char *text, struct ep *ep)
{
	ep->family = AF_INET;
	if (inet_pton(AF_INET, text, &ep->in) == 1)
		return true;
	ep->family = AF_INET6;
	return inet_pton(AF_INET6, text, &ep->in6) == 1;
}

/**
 * ep_parse() - read ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT
 * @text: the text
 * @ep: receives it; port 0 if there is none
 *
 * Return: false if it is none of these.
 */
bool ep_parse(const char *text, struct ep *ep)
{
	char addr[INET6_ADDRSTRLEN + 1];
	const char *port = NULL;
	size_t len = strlen(text);

	memset(ep, 0, sizeof(*ep));
	if (*text == '[') {
		port = strchr(++text, ']');
		if (!port)
			return false;
		len = port++ - text;
		if (*port && *port != ':')
			return false;
		port = *port ? port + 1 : NULL;
	} else if (strchr(text, '.') && strchr(text, ':') &&
		   strchr(text, ':') == strrchr(text, ':')) {
		len = strchr(text, ':') - text;
		port = text + len + 1;
	}
	if (len >= sizeof(addr))
		return false;
	memcpy(addr, text, len);
	addr[len] = '\0';
	return ep_parse_addr(addr, ep) &&
	       (!port || ep_parse_port(port, &ep->port));
}

/**
 * ep_addr() - write an endpoint's address
 * @ep: the endpoint
 * @text: receives it, EP_TEXT bytes
 *
 * Return: @text.
 */
const char *ep_addr(const struct ep *ep, char *text)
{
	if (!ep->family)
		return strcpy(text, "?");
	inet_ntop(ep->family, ep->family == AF_INET ? (void *)&ep->in :
		  (void *)&ep->in6, text, EP_TEXT);
	return text;
}

/**
 * ep_format() - write an endpoint as ep_parse() reads it
 * @ep: the endpoint
 * @text: receives it, EP_TEXT bytes
 *
 * Return: @text.
 */
const char *ep_format(const struct ep *ep, char *text)
{
	char addr[EP_TEXT];

	ep_addr(ep, addr);
	if (!ep->port)
		strcpy(text, addr);
	else if (ep->family == AF_INET6)
		snprintf(text, EP_TEXT, "[%.45s]:%u", addr, ep->port);
	else
		snprintf(text, EP_TEXT, "%.45s:%u", addr, ep->port);
	return text;
}

/**
 * ep_put() - write an endpoint as a nest
 * @nlh: the message
 * @type: type of its nest
 * @ep: the endpoint
 */
void ep_put(struct nlmsghdr *nlh, uint16_t type, const struct ep *ep)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	if (ep->family == AF_INET)
		mnl_attr_put(nlh, ESP_NAT_A_ENDPOINT_ADDR4, sizeof(ep->in),
			     &ep->in);
	else
		mnl_attr_put(nlh, ESP_NAT_A_ENDPOINT_ADDR6, sizeof(ep->in6),
			     &ep->in6);
	if (ep->port)
		mnl_attr_put_u16(nlh, ESP_NAT_A_ENDPOINT_PORT,
				 htons(ep->port));
	mnl_attr_nest_end(nlh, nest);
}

/**
 * ep_get() - read an endpoint from its nest
 * @attr: its nest
 * @ep: receives it
 *
 * Return: false if it is none.
 */
bool ep_get(const struct nlattr *attr, struct ep *ep)
{
	const struct nlattr *each;
	uint16_t len;

	memset(ep, 0, sizeof(*ep));
	mnl_attr_for_each_nested(each, attr) {
		len = mnl_attr_get_payload_len(each);
		switch (mnl_attr_get_type(each)) {
		case ESP_NAT_A_ENDPOINT_ADDR4:
			if (len != sizeof(ep->in))
				return false;
			ep->family = AF_INET;
			memcpy(&ep->in, mnl_attr_get_payload(each), len);
			break;
		case ESP_NAT_A_ENDPOINT_ADDR6:
			if (len != sizeof(ep->in6))
				return false;
			ep->family = AF_INET6;
			memcpy(&ep->in6, mnl_attr_get_payload(each), len);
			break;
		case ESP_NAT_A_ENDPOINT_PORT:
			if (len != sizeof(ep->port))
				return false;
			ep->port = ntohs(mnl_attr_get_u16(each));
			break;
		}
	}
	return ep->family;
}

/**
 * ep_matches() - compare an endpoint with a wanted one
 * @want: the wanted one; without a port, any port of the address matches
 * @ep: the endpoint
 *
 * Return: true if it matches.
 */
bool ep_matches(const struct ep *want, const struct ep *ep)
{
	size_t len = want->family == AF_INET ? sizeof(want->in) :
					       sizeof(want->in6);

	return want->family == ep->family && !memcmp(&want->in, &ep->in, len) &&
	       (!want->port || want->port == ep->port);
}
