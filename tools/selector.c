// SPDX-License-Identifier: GPL-2.0
/*
 * Matches of rules of nftables, as libnftables-json(5) describes them, compared
 * with a packet. What is not known here is SELECTOR_UNREAD.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "selector.h"

/**
 * enum selector_key - what a match looks at
 * @KEY_OTHER: a part of another protocol, which the packet does not have
 * @KEY_UNREAD: not known here
 * @KEY_SOME: a source address, or another value that differs between packets
 * @KEY_DEST: the destination address
 * @KEY_PROTO: the protocol
 * @KEY_PORT: the destination port
 * @KEY_ALIAS: the address that is an alias
 * @KEY_DEVICE: the device by which the packet comes
 * @KEY_STATE: conntrack's state: the packet is the first of its flow
 * @KEY_IPSEC: whether the packet was under an SA
 * @KEY_FAMILY: IPv4 or IPv6
 */
enum selector_key {
	KEY_OTHER,
	KEY_UNREAD,
	KEY_SOME,
	KEY_DEST,
	KEY_PROTO,
	KEY_PORT,
	KEY_ALIAS,
	KEY_DEVICE,
	KEY_STATE,
	KEY_IPSEC,
	KEY_FAMILY,
};

static const struct {
	const char		*name;
	enum selector_key	key;
} selector_metas[] = {
	{ "l4proto", KEY_PROTO }, { "iif", KEY_DEVICE },
	{ "iifname", KEY_DEVICE }, { "ipsec", KEY_IPSEC },
	{ "secpath", KEY_IPSEC }, { "nfproto", KEY_FAMILY },
	{ "protocol", KEY_FAMILY },
};

static const char *selector_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static const char *selector_proto(const struct selector_packet *packet)
{
	return packet->proto == IPPROTO_ESP ? "esp" : "udp";
}

/* ---- keys ---- */

static enum selector_key selector_ip(const struct selector_packet *packet,
				     const char *field)
{
	if (!strcmp(field, "protocol"))
		return KEY_PROTO;
	if (packet->decrypted && !strcmp(field, packet->out ? "daddr" : "saddr"))
		return KEY_ALIAS;
	if (!strcmp(field, "daddr"))
		return KEY_DEST;
	return strcmp(field, "saddr") ? KEY_UNREAD : KEY_SOME;
}

static enum selector_key selector_payload(const struct selector_packet *packet,
					  const json_t *payload)
{
	const char *proto = selector_text(payload, "protocol");
	const char *field = selector_text(payload, "field");

	if (!*proto)
		return KEY_UNREAD;
	if (!strcmp(proto, "ip"))
		return selector_ip(packet, field);
	if (!strcmp(proto, "ether") || !strcmp(proto, "vlan"))
		return KEY_SOME;
	if (strcmp(proto, "th") && strcmp(proto, selector_proto(packet)))
		return KEY_OTHER;
	if (strcmp(field, "dport"))
		return KEY_SOME;
	return packet->proto == IPPROTO_UDP ? KEY_PORT : KEY_OTHER;
}

static enum selector_key selector_meta(const struct selector_packet *packet,
				       const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(selector_metas) / sizeof(*selector_metas); i++) {
		if (strcmp(name, selector_metas[i].name))
			continue;
		if (packet->out && selector_metas[i].key == KEY_DEVICE)
			return KEY_SOME;
		return selector_metas[i].key;
	}
	return KEY_UNREAD;
}

static enum selector_key selector_key(const struct selector_packet *packet,
				      const json_t *left)
{
	const json_t *part;

	part = json_object_get(left, "payload");
	if (part)
		return selector_payload(packet, part);
	part = json_object_get(left, "meta");
	if (part)
		return selector_meta(packet, selector_text(part, "key"));
	part = json_object_get(left, "ct");
	if (!strcmp(selector_text(part, "key"), "state"))
		return KEY_STATE;
	return strcmp(selector_text(part, "key"), "status") ? KEY_UNREAD :
							      KEY_SOME;
}

/* ---- values ---- */

static enum selector_fit selector_if(bool fits)
{
	return fits ? SELECTOR_ALL : SELECTOR_NONE;
}

/**
 * selector_prefix() - the addresses of a prefix
 * @addr: its address
 * @len: its length in bits
 * @first: receives the first address, host byte order
 * @last: receives the last one
 *
 * Return: false if it is no prefix of IPv4.
 */
bool selector_prefix(const char *addr, int len, uint32_t *first, uint32_t *last)
{
	struct in_addr in;

	if (!addr || len < 0 || len > 32 || inet_pton(AF_INET, addr, &in) != 1)
		return false;
	*first = ntohl(in.s_addr);
	*last = *first | (uint32_t)(0xffffffffULL >> len);
	return true;
}

/* Compare the aliases with "192.0.2.1", { "prefix": ... } or { "range": ... }. */
static enum selector_fit selector_alias(const struct selector_packet *packet,
					const json_t *value)
{
	const json_t *prefix = json_object_get(value, "prefix");
	const json_t *range = json_object_get(value, "range");
	const char *addr = json_string_value(value);
	uint32_t first, last, unused;
	int len = 32;

	if (prefix) {
		addr = selector_text(prefix, "addr");
		len = json_integer_value(json_object_get(prefix, "len"));
	} else if (range) {
		addr = json_string_value(json_array_get(range, 0));
	}
	if (!selector_prefix(addr, len, &first, &last))
		return SELECTOR_UNREAD;
	if (range && !selector_prefix(json_string_value(json_array_get(range, 1)),
				      32, &unused, &last))
		return SELECTOR_UNREAD;
	return selector_if(first <= packet->last && packet->first <= last);
}

/* Compare a number with another, or with { "range": ... }. */
static enum selector_fit selector_number(unsigned int number,
					 const json_t *value)
{
	const json_t *range = json_object_get(value, "range");
	const json_t *first = range ? json_array_get(range, 0) : value;
	const json_t *last = range ? json_array_get(range, 1) : value;

	if (!json_is_integer(first) || !json_is_integer(last))
		return SELECTOR_UNREAD;
	return selector_if(json_integer_value(first) <= number &&
			   json_integer_value(last) >= number);
}

/* Compare the device with a name, which may end in an asterisk. */
static enum selector_fit selector_device(const struct selector_packet *packet,
					 const json_t *value)
{
	const char *name = json_string_value(value);
	size_t len;

	if (!name)
		return SELECTOR_UNREAD;
	if (!packet->device)
		return strcmp(name, "lo") ? SELECTOR_SOME : SELECTOR_NONE;
	len = strlen(name);
	if (len && name[len - 1] == '*')
		return selector_if(!strncmp(name, packet->device, len - 1));
	return selector_if(!strcmp(name, packet->device));
}

/* Compare a word with the two that fit. */
static enum selector_fit selector_word(const json_t *value, const char *one,
				       const char *other)
{
	const char *word = json_string_value(value);

	if (!word)
		return SELECTOR_UNREAD;
	return selector_if(!strcmp(word, one) || !strcmp(word, other));
}

static enum selector_fit selector_leaf(const struct selector_packet *packet,
				       enum selector_key key,
				       const json_t *value)
{
	switch (key) {
	case KEY_SOME:
	case KEY_DEST:
		return SELECTOR_SOME;
	case KEY_PROTO:
		if (json_is_string(value))
			return selector_word(value, selector_proto(packet), "");
		return selector_number(packet->proto, value);
	case KEY_PORT:
		return packet->port ? selector_number(packet->port, value) :
				      SELECTOR_SOME;
	case KEY_ALIAS:
		return selector_alias(packet, value);
	case KEY_DEVICE:
		return selector_device(packet, value);
	case KEY_STATE:
		return selector_word(value, "new", "untracked");
	case KEY_IPSEC:
		if (!json_is_boolean(value))
			return SELECTOR_UNREAD;
		return selector_if(json_is_true(value) == packet->decrypted);
	case KEY_FAMILY:
		return selector_word(value, "ipv4", "ip");
	default:
		return SELECTOR_UNREAD;
	}
}

/* ---- matches ---- */

/* One value, a list of them, or a set, which has none if it is empty. */
static enum selector_fit selector_values(const struct selector_packet *packet,
					 enum selector_key key,
					 const json_t *right)
{
	const json_t *list = json_object_get(right, "set"), *value, *elem;
	enum selector_fit fit = SELECTOR_NONE, one;
	size_t i;

	if (json_is_array(right))
		list = right;
	else if (json_object_get(right, "name"))
		list = json_object_get(right, "elem");
	else if (!list)
		return selector_leaf(packet, key, right);
	json_array_foreach(list, i, value) {
		elem = json_object_get(value, "elem");
		if (elem)
			value = json_object_get(elem, "val");
		one = selector_leaf(packet, key, value);
		if (one > fit)
			fit = one;
	}
	return fit;
}

/* All but some may be all that matter. */
static enum selector_fit selector_not(enum selector_fit fit)
{
	if (fit == SELECTOR_NONE || fit == SELECTOR_ALL)
		return selector_if(fit == SELECTOR_NONE);
	return SELECTOR_UNREAD;
}

/**
 * selector_fits() - compare a packet with values
 * @packet: the packet
 * @left: what the match looks at
 * @op: how it compares
 * @right: the value, the values or the set to compare with; NULL: not known
 * @hint: receives what this tells about the rule, if the packet may match
 *
 * Return: whether it matches.
 */
enum selector_fit selector_fits(const struct selector_packet *packet,
				const json_t *left, const char *op,
				const json_t *right, struct selector_hint *hint)
{
	enum selector_key key = selector_key(packet, left);
	bool negated = !strcmp(op, "!=");
	enum selector_fit fit;

	if (key == KEY_OTHER)
		return SELECTOR_NONE;
	if (!negated && strcmp(op, "==") && strcmp(op, "in"))
		return SELECTOR_UNREAD;
	fit = selector_values(packet, key, right);
	if (negated)
		return selector_not(fit);
	if (fit == SELECTOR_NONE)
		return fit;
	hint->alias |= key == KEY_ALIAS;
	hint->dest |= key == KEY_DEST;
	hint->names |= key == KEY_ALIAS || key == KEY_PORT ||
		       (key == KEY_PROTO && packet->proto == IPPROTO_ESP);
	return fit;
}
