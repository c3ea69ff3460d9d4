// SPDX-License-Identifier: GPL-2.0
/* How the kernel reads and writes numbers and addresses. */
#include <linux/inet.h>
#include <linux/kernel.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

/* ---- writing ---- */

/* Zeros are left out where most of them follow each other, but not one alone. */
static void text_longest(const u16 *word, int words, int *first, int *count)
{
	int at, end;

	*count = 1;
	*first = -1;
	for (at = 0; at < words; at = end + 1) {
		for (end = at; end < words && !word[end]; end++)
			;
		if (end - at > *count) {
			*first = at;
			*count = end - at;
		}
	}
}

/* %pI6c: mapped and ISATAP addresses end as IPv4's are written. */
static int text_ip6(char *to, const u8 *ip)
{
	static const u8 mapped[12] = { [10] = 0xff, 0xff };
	bool v4 = !memcmp(ip, mapped, 12) ||
		  (!(ip[8] & ~2) && !ip[9] && ip[10] == 0x5e && ip[11] == 0xfe);
	int words = v4 ? 6 : 8, first, count, at, len = 0;
	u16 word[8];

	for (at = 0; at < 8; at++)
		word[at] = ip[2 * at] << 8 | ip[2 * at + 1];
	text_longest(word, words, &first, &count);
	for (at = 0; at < words; at++) {
		if (at == first) {
			len += sprintf(to + len, "::");
			at += count - 1;
			continue;
		}
		len += sprintf(to + len, "%s%x",
			       at && at != first + count ? ":" : "", word[at]);
	}
	if (v4)
		len += sprintf(to + len, "%s%u.%u.%u.%u",
			       first + count == words ? "" : ":", ip[12],
			       ip[13], ip[14], ip[15]);
	return len;
}

/* One conversion, of those that the module uses; how long it was, or 0. */
static int text_convert(char *to, const char *format, va_list *args)
{
	const u8 *ip;

	if (!strncmp(format, "%u", 2))
		return sprintf(to, "%u", va_arg(*args, unsigned int)) ? 2 : 0;
	if (!strncmp(format, "%s", 2)) {
		sprintf(to, "%s", va_arg(*args, const char *));
		return 2;
	}
	if (!strncmp(format, "%pI6c", 5)) {
		text_ip6(to, va_arg(*args, const u8 *));
		return 5;
	}
	if (!strncmp(format, "%pI4", 4)) {
		ip = va_arg(*args, const u8 *);
		sprintf(to, "%u.%u.%u.%u", ip[0], ip[1], ip[2], ip[3]);
		return 4;
	}
	return 0;
}

/* Cut where it does not fit. Returns what was written, without its end. */
int scnprintf(char *to, size_t size, const char *format, ...)
{
	char part[64];
	size_t len = 0;
	va_list args;
	int step;

	if (!size)
		return 0;
	va_start(args, format);
	for (; *format; format += step) {
		step = 1;
		part[0] = *format;
		part[1] = '\0';
		if (*format == '%') {
			step = text_convert(part, format, &args);
			assert(step);
		}
		len += snprintf(to + len, size - len, "%s", part);
		len = min(len, size - 1);
	}
	to[len] = '\0';
	va_end(args);
	return len;
}

/* ---- reading ---- */

/* A plus may be before, a newline behind. */
static int text_number(const char *text, unsigned int base, unsigned long most,
		       unsigned long *value)
{
	char *end;

	text += *text == '+';
	if (!isdigit(*text))
		return -EINVAL;
	errno = 0;
	*value = strtoul(text, &end, base);
	end += *end == '\n';
	if (*end)
		return -EINVAL;
	return errno || *value > most ? -ERANGE : 0;
}

int kstrtou8(const char *text, unsigned int base, u8 *value)
{
	unsigned long number;
	int err = text_number(text, base, 0xff, &number);

	if (!err)
		*value = number;
	return err;
}

int kstrtou16(const char *text, unsigned int base, u16 *value)
{
	unsigned long number;
	int err = text_number(text, base, 0xffff, &number);

	if (!err)
		*value = number;
	return err;
}

char *strim(char *text)
{
	size_t len;

	while (isspace(*text))
		text++;
	len = strlen(text);
	while (len && isspace(text[len - 1]))
		len--;
	text[len] = '\0';
	return text;
}

/*
 * Without a delimiter, what can not be part of an address ends it; so does a
 * colon behind one of IPv4. The caller is told where.
 */
int in4_pton(const char *text, int len, u8 *to, int delim, const char **end)
{
	unsigned int i, byte;
	u8 ip[4];

	assert(len == -1 && delim == -1);
	for (i = 0; i < 4; i++) {
		if (i && *text++ != '.')
			return 0;
		if (!isdigit(*text))
			return 0;
		for (byte = 0; isdigit(*text); text++) {
			byte = 10 * byte + *text - '0';
			if (byte > 255)
				return 0;
		}
		ip[i] = byte;
	}
	if (*text == '.' || isxdigit(*text))
		return 0;
	memcpy(to, ip, sizeof(ip));
	if (end)
		*end = text;
	return 1;
}

int in6_pton(const char *text, int len, u8 *to, int delim, const char **end)
{
	size_t span = strspn(text, "0123456789abcdefABCDEF:.");
	char address[INET6_ADDRSTRLEN];

	assert(len == -1 && delim == -1);
	if (span >= sizeof(address))
		return 0;
	memcpy(address, text, span);
	address[span] = '\0';
	if (inet_pton(AF_INET6, address, to) != 1)
		return 0;
	if (end)
		*end = text + span;
	return 1;
}
