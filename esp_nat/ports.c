// SPDX-License-Identifier: GPL-2.0
/* Lists of UDP ports, as block_ports has them. */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "ports.h"

/* Digits only: no sign, no blanks. */
static int esp_nat_ports_number(const char *text, u16 *port)
{
	if (!isdigit(*text) || kstrtou16(text, 10, port) || !*port)
		return -EINVAL;
	return 0;
}

/* One port, or two with a hyphen between them. */
static int esp_nat_ports_range(char *text, struct esp_nat_range *range)
{
	char *hyphen = strchr(text, '-');

	if (hyphen)
		*hyphen++ = '\0';
	if (esp_nat_ports_number(text, &range->first) ||
	    esp_nat_ports_number(hyphen ?: text, &range->last) ||
	    range->first > range->last)
		return -EINVAL;
	return 0;
}

/* In its place; ranges that overlap or touch become one. */
static int esp_nat_ports_add(struct esp_nat_ports *ports,
			     struct esp_nat_range new)
{
	struct esp_nat_range *r = ports->range;
	unsigned int at = 0, end;

	while (at < ports->count && r[at].last + 1 < new.first)
		at++;
	for (end = at; end < ports->count && r[end].first <= new.last + 1;
	     end++) {
		new.first = min(new.first, r[end].first);
		new.last = max(new.last, r[end].last);
	}
	if (end == at && ports->count == ESP_NAT_PORTS_MAX)
		return -EINVAL;
	memmove(&r[at + 1], &r[end], (ports->count - end) * sizeof(*r));
	r[at] = new;
	ports->count += 1 - (end - at);
	return 0;
}

/**
 * esp_nat_ports_parse() - read a list
 * @ports: receives it
 * @text: ports and ranges, between them commas, blanks or newlines; is torn to
 *	pieces
 *
 * Context: any.
 * Return: 0, or -EINVAL if it is no list, names port 0, has a range that ends
 * before it begins, or needs more than ESP_NAT_PORTS_MAX ranges.
 */
int esp_nat_ports_parse(struct esp_nat_ports *ports, char *text)
{
	struct esp_nat_range range;
	char *word;

	ports->count = 0;
	while ((word = strsep(&text, ", \t\n"))) {
		if (!*word)
			continue;
		if (esp_nat_ports_range(word, &range) ||
		    esp_nat_ports_add(ports, range))
			return -EINVAL;
	}
	return 0;
}

/**
 * esp_nat_ports_print() - write a list, as esp_nat_ports_parse() reads it
 * @ports: the list
 * @text: where to
 * @size: of @text, in bytes; ESP_NAT_PORTS_TEXT is enough
 *
 * Context: any.
 */
void esp_nat_ports_print(const struct esp_nat_ports *ports, char *text,
			 size_t size)
{
	unsigned int i;
	size_t len = 0;

	text[0] = '\0';
	for (i = 0; i < ports->count; i++) {
		const struct esp_nat_range *r = &ports->range[i];

		len += scnprintf(text + len, size - len, "%s%u",
				 i ? "," : "", r->first);
		if (r->last != r->first)
			len += scnprintf(text + len, size - len, "-%u",
					 r->last);
	}
}

/**
 * esp_nat_ports_has() - is a port in a list?
 * @ports: the list
 * @port: the port, host byte order
 *
 * Context: any.
 * Return: true if it is.
 */
bool esp_nat_ports_has(const struct esp_nat_ports *ports, u16 port)
{
	unsigned int i = 0;

	while (i < ports->count && ports->range[i].last < port)
		i++;
	return i < ports->count && ports->range[i].first <= port;
}
