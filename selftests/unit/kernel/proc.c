// SPDX-License-Identifier: GPL-2.0
/* How the kernel reads and writes sysctls, with kernel.sysctl_writes_strict=1. */
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <net/net_namespace.h>
#include <ctype.h>
#include <limits.h>
#include <stdio.h>

const int sysctl_ends[2] = { 0, 1 };

/* longest number that is looked at */
#define SYSCTL_DIGITS	20

struct ctl_table_header *register_net_sysctl_sz(struct net *net,
						const char *path,
						struct ctl_table *table,
						size_t count)
{
	struct ctl_table_header *header = kzalloc(sizeof(*header), GFP_KERNEL);

	assert(net && !strncmp(path, "net/", 4));
	if (!header)
		return NULL;
	header->table = table;
	header->count = count;
	return header;
}

void unregister_net_sysctl_table(struct ctl_table_header *header)
{
	kfree(header);
}

/* A text with a newline, from *ppos on. */
static int sysctl_read(const char *text, void *buffer, size_t *lenp,
		       loff_t *ppos)
{
	size_t len = strlen(text), n;
	char *to = buffer;

	if ((size_t)*ppos > len) {
		*lenp = 0;
		return 0;
	}
	for (n = 0; n < *lenp && (size_t)*ppos + n <= len; n++)
		to[n] = text[*ppos + n] ?: '\n';
	*lenp = n;
	*ppos += n;
	return 0;
}

/* Only the first write of an open file counts, and of it the first number. */
static int sysctl_number(const char *text, size_t len, int *value)
{
	char digits[SYSCTL_DIGITS + 2], *at = digits, *end;
	unsigned long number;
	bool minus;

	while (len && isspace(*text)) {
		text++;
		len--;
	}
	if (len > SYSCTL_DIGITS + 1)
		len = SYSCTL_DIGITS + 1;
	memcpy(digits, text, len);
	digits[len] = '\0';
	minus = len > 1 && *at == '-';
	at += minus;
	if (!isdigit(*at))
		return -EINVAL;
	errno = 0;
	number = strtoul(at, &end, 0);
	if (errno || end == digits + SYSCTL_DIGITS + 1)
		return -EINVAL;
	if (end < digits + len && *end != ' ' && *end != '\t' && *end != '\n')
		return -EINVAL;
	if (number > (unsigned long)INT_MAX + minus)
		return -EINVAL;
	*value = minus ? -(long)number : (long)number;
	return 0;
}

int proc_dointvec_minmax(const struct ctl_table *table, int write, void *buffer,
			 size_t *lenp, loff_t *ppos)
{
	const int *least = table->extra1, *most = table->extra2;
	char text[16];
	int value, err;

	assert(table->maxlen == sizeof(int) && least && most);
	if (!*lenp || (*ppos && !write)) {
		*lenp = 0;
		return 0;
	}
	if (!write) {
		snprintf(text, sizeof(text), "%d", *(int *)table->data);
		return sysctl_read(text, buffer, lenp, ppos);
	}
	if (!*ppos) {
		err = sysctl_number(buffer, *lenp, &value);
		if (err)
			return err;
		if (value < *least || value > *most)
			return -EINVAL;
		*(int *)table->data = value;
	}
	*ppos += *lenp;
	return 0;
}

/* Reading, of the two: what is written would end with its first line. */
int proc_dostring(const struct ctl_table *table, int write, void *buffer,
		  size_t *lenp, loff_t *ppos)
{
	const char *text = table->data;

	assert(!write && strlen(text) < (size_t)table->maxlen);
	return sysctl_read(text, buffer, lenp, ppos);
}
