// SPDX-License-Identifier: GPL-2.0
/*
 * A second reading of what is written to a sysctl, with nothing of the module's
 * or the kernel's: a text means something, or it is wrong.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "meaning.h"

/* longer than any input */
#define WORD	8192

/* The next word: how long, 0: none. *@at: goes behind it. */
static size_t next_word(const char *text, size_t len, const char *between,
			size_t *at, char *word)
{
	size_t n = 0;

	while (*at < len && text[*at] && strchr(between, text[*at]))
		++*at;
	while (*at < len && !(text[*at] && strchr(between, text[*at]))) {
		/* a zero byte is wrong */
		if (n < WORD - 1)
			word[n++] = text[*at] ?: '?';
		++*at;
	}
	word[n] = '\0';
	return n;
}

/* Decimal digits, nothing else, up to a number. */
static bool number(const char *text, unsigned long most, unsigned long *value)
{
	if (!*text || strspn(text, "0123456789") != strlen(text))
		return false;
	*value = strtoul(text, NULL, 10);
	return *value <= most;
}

/* Of a number, the kernel takes the first word only. */
bool meaning_number(const char *text, size_t len, const char *shown)
{
	size_t at = 0;
	char word[WORD], *end;
	long value;

	if (!next_word(text, len, " \t\n\v\f\r", &at, word))
		return false;
	value = strtol(word, &end, 0);
	return !*end && value == strtol(shown, NULL, 10);
}

/* ---- ports ---- */

static bool mark_ports(char *word, unsigned char *ports)
{
	char *hyphen = strchr(word, '-');
	unsigned long first, last;

	if (hyphen)
		*hyphen++ = '\0';
	if (!number(word, 65535, &first) ||
	    !number(hyphen ?: word, 65535, &last) || !first || first > last)
		return false;
	memset(ports + first, 1, last - first + 1);
	return true;
}

static bool all_ports(const char *text, size_t len, unsigned char *ports)
{
	char word[WORD];
	size_t at = 0;

	memset(ports, 0, 65536);
	while (next_word(text, len, ", \t\n", &at, word))
		if (!mark_ports(word, ports))
			return false;
	return true;
}

bool meaning_ports(const char *text, size_t len, const char *shown)
{
	static unsigned char told[65536], seen[65536];

	return all_ports(text, len, told) &&
	       all_ports(shown, strlen(shown), seen) &&
	       !memcmp(told, seen, sizeof(told));
}

/* ---- prefixes ---- */

/**
 * struct prefix - an address prefix
 * @family: AF_INET or AF_INET6
 * @len: bits of it that count
 * @ip: these, the others are zero
 */
struct prefix {
	int		family;
	unsigned long	len;
	unsigned char	ip[16];
};

/* Leading zeros are no more than that. */
static bool address4(const char *text, unsigned char *ip)
{
	unsigned long byte;
	char part[WORD];
	size_t len;
	int i;

	for (i = 0; i < 4; i++) {
		len = strcspn(text, ".");
		memcpy(part, text, len);
		part[len] = '\0';
		if (!number(part, 255, &byte))
			return false;
		ip[i] = byte;
		text += len;
		if (*text != (i < 3 ? '.' : '\0'))
			return false;
		text++;
	}
	return true;
}

static bool prefix(char *word, struct prefix *p)
{
	char *slash = strchr(word, '/');
	unsigned long bits, bit;

	memset(p, 0, sizeof(*p));
	if (slash)
		*slash++ = '\0';
	p->family = strchr(word, ':') ? AF_INET6 : AF_INET;
	if (p->family == AF_INET ? !address4(word, p->ip) :
				   inet_pton(AF_INET6, word, p->ip) != 1)
		return false;
	bits = p->family == AF_INET ? 32 : 128;
	p->len = bits;
	if (slash && !number(slash, bits, &p->len))
		return false;
	for (bit = p->len; bit < bits; bit++)
		if (p->ip[bit / 8] >> (7 - bit % 8) & 1)
			return false;
	return true;
}

/* One of each, in the same order. */
bool meaning_prefixes(const char *text, size_t len, const char *shown)
{
	size_t at = 0, seen_at = 0, seen_len = strlen(shown);
	struct prefix told, seen;
	char word[WORD];

	while (next_word(text, len, ", \t\n", &at, word)) {
		if (!prefix(word, &told) ||
		    !next_word(shown, seen_len, ",", &seen_at, word) ||
		    !prefix(word, &seen) || memcmp(&told, &seen, sizeof(told)))
			return false;
	}
	return !next_word(shown, seen_len, ",", &seen_at, word);
}

/* An IPv4 prefix of addresses of hosts; nothing: the usual one. */
bool meaning_pool(const char *text, size_t len, const char *shown,
		  const char *usual)
{
	char word[WORD], seen_word[WORD];
	struct prefix p, seen;
	size_t at = 0;

	if (!next_word(text, len, " \t\n\v\f\r", &at, word))
		return !strcmp(shown, usual);
	if (!strchr(word, '/') || !prefix(word, &p) || p.family != AF_INET ||
	    p.len < 8 || p.ip[0] == 0 || p.ip[0] == 127 || p.ip[0] >= 224)
		return false;
	if (snprintf(seen_word, WORD, "%s", shown) >= WORD ||
	    !prefix(seen_word, &seen) || memcmp(&p, &seen, sizeof(p)))
		return false;
	return !next_word(text, len, " \t\n\v\f\r", &at, word);
}
