// SPDX-License-Identifier: GPL-2.0
/*
 * One call prints text or JSON: JSON has the key, text has what stands before
 * the value. Where either is NULL, the value is left out of that form.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "out.h"

#define OUT_DEPTH	16

bool out_json;
bool out_pretty;

static bool out_colourful;
static unsigned int out_depth;
static bool out_some[OUT_DEPTH];

/**
 * out_begin() - prepare printing, once the options are read
 */
void out_begin(void)
{
	const char *no = getenv("NO_COLOR");

	out_colourful = !out_json && isatty(STDOUT_FILENO) && !(no && *no);
}

static void out_indent(void)
{
	if (out_pretty && out_depth)
		printf("\n%*s", 4 * out_depth, "");
}

static void out_escaped(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		unsigned char c = *text;

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < ' ' || c == 0x7f)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

/* Print the separator of two members, and the key of the next. */
static void out_key(const char *key)
{
	if (out_some[out_depth])
		putchar(',');
	out_some[out_depth] = true;
	out_indent();
	if (key) {
		out_escaped(key);
		putchar(':');
		if (out_pretty)
			putchar(' ');
	}
}

/**
 * out_open() - begin an object or an array of JSON
 * @key: its key in JSON, NULL in an array or at the top
 * @bracket: '{' or '['
 */
void out_open(const char *key, char bracket)
{
	if (!out_json)
		return;
	out_key(key);
	putchar(bracket);
	if (out_depth + 1 < OUT_DEPTH)
		out_some[++out_depth] = false;
}

/**
 * out_close() - end an object or an array; at the top, a line
 * @bracket: '}' or ']'
 */
void out_close(char bracket)
{
	bool some = out_some[out_depth];

	if (!out_json)
		return;
	out_depth--;
	if (some)
		out_indent();
	if (some && out_pretty && !out_depth)
		putchar('\n');
	putchar(bracket);
	if (!out_depth) {
		putchar('\n');
		out_some[0] = false;
		fflush(stdout);
	}
}

/**
 * out_text() - print text, nothing in JSON
 * @format: as of printf()
 */
void out_text(const char *format, ...)
{
	va_list args;

	if (out_json)
		return;
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
}

/**
 * out_colour() - set the colour of what follows
 * @colour: what it is about
 */
void out_colour(enum out_colour colour)
{
	static const char * const code[] = {
		[OUT_NORMAL] = "", [OUT_GOOD] = "32", [OUT_WARN] = "33",
		[OUT_BAD] = "31", [OUT_ADDR] = "36",
	};

	if (out_colourful)
		printf("\033[%sm", code[colour]);
}

/**
 * out_str() - print a string
 * @key: its key in JSON
 * @before: what is printed before it in text
 * @value: the string
 */
void out_str(const char *key, const char *before, const char *value)
{
	if (!out_json && before) {
		printf("%s%s", before, value);
	} else if (out_json && key) {
		out_key(key);
		out_escaped(value);
	}
}

/**
 * out_u64() - print a number
 * @key: its key in JSON
 * @before: what is printed before it in text
 * @value: the number
 */
void out_u64(const char *key, const char *before, uint64_t value)
{
	if (!out_json && before) {
		printf("%s%llu", before, (unsigned long long)value);
	} else if (out_json && key) {
		out_key(key);
		printf("%llu", (unsigned long long)value);
	}
}

/**
 * out_hex() - print an SPI; a string in JSON
 * @key: its key in JSON
 * @before: what is printed before it in text
 * @value: the number
 * @digits: how many digits it has
 */
void out_hex(const char *key, const char *before, uint64_t value, int digits)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%0*llx", digits,
		 (unsigned long long)value);
	out_str(key, before, text);
}

/**
 * out_flag() - print a flag if it is set
 * @key: its key in JSON
 * @word: the text
 * @set: whether it is set
 */
void out_flag(const char *key, const char *word, bool set)
{
	if (!set)
		return;
	if (!out_json && word)
		printf("%s", word);
	else if (out_json && key)
		out_bool(key, true);
}

/**
 * out_bool() - print true or false in JSON, nothing in text
 * @key: its key
 * @value: true or false
 */
void out_bool(const char *key, bool value)
{
	if (!out_json)
		return;
	out_key(key);
	printf("%s", value ? "true" : "false");
}

/**
 * out_ep() - print an endpoint
 * @key: its key in JSON
 * @before: what is printed before it in text
 * @ep: the endpoint
 */
void out_ep(const char *key, const char *before, const struct ep *ep)
{
	char text[EP_TEXT];

	if (!out_json && before) {
		printf("%s", before);
		out_colour(OUT_ADDR);
		printf("%s", ep_format(ep, text));
		out_colour(OUT_NORMAL);
	} else if (out_json && key) {
		out_open(key, '{');
		out_str("addr", NULL, ep_addr(ep, text));
		if (ep->port)
			out_u64("port", NULL, ep->port);
		out_close('}');
	}
}

/**
 * out_line() - end a line of text
 */
void out_line(void)
{
	if (!out_json)
		putchar('\n');
}
