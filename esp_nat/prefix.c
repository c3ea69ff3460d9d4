// SPDX-License-Identifier: GPL-2.0
/* Address prefixes as text. */
#include <linux/ctype.h>
#include <linux/inet.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "prefix.h"

/**
 * esp_nat_prefix_print() - a prefix as text
 * @p: the prefix
 * @text: receives it, with its length
 * @size: room there, in bytes; ESP_NAT_PREFIX_TEXT is enough for any
 *
 * Context: any.
 * Return: characters written.
 */
size_t esp_nat_prefix_print(const struct esp_nat_prefix *p, char *text,
			    size_t size)
{
	if (p->addr.family == AF_INET6)
		return scnprintf(text, size, "%pI6c/%u", &p->addr.ip.in6,
				 p->len);
	return scnprintf(text, size, "%pI4/%u", &p->addr.ip.ip, p->len);
}

/**
 * esp_nat_prefix_parse() - the prefix that a text names
 * @p: receives it
 * @text: an address, or one with a length; is written to
 *
 * Context: any.
 * Return: 0, or -EINVAL if it is none, or has bits behind its length.
 */
int esp_nat_prefix_parse(struct esp_nat_prefix *p, char *text)
{
	char *slash = strchr(text, '/');
	struct esp_nat_addr last;
	unsigned int bit;
	const char *end;

	if (slash)
		*slash = '\0';
	memset(p, 0, sizeof(*p));
	if (in4_pton(text, -1, (u8 *)&p->addr.ip.ip, -1, &end))
		p->addr.family = AF_INET;
	else if (in6_pton(text, -1, p->addr.ip.in6.s6_addr, -1, &end))
		p->addr.family = AF_INET6;
	else
		return -EINVAL;
	/* they end at what can be no part of an address */
	if (*end)
		return -EINVAL;

	p->len = p->addr.family == AF_INET ? 32 : 128;
	if (slash && (!isdigit(slash[1]) || kstrtou8(slash + 1, 10, &p->len) ||
		      p->len > (p->addr.family == AF_INET ? 32 : 128)))
		return -EINVAL;

	last = p->addr;
	for (bit = p->len; bit < (p->addr.family == AF_INET ? 32 : 128); bit++)
		if (((u8 *)&last.ip)[bit / 8] & (0x80 >> bit % 8))
			return -EINVAL;
	return 0;
}
