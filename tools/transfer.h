/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_TRANSFER_H
#define _ESPNAT_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct ctx;
struct nlmsghdr;

/**
 * struct transfer - an import that is being read
 * @nlh: the message for the kernel; grows
 * @size: bytes that it has room for
 * @count: contexts in it
 * @begun: the first line was read
 * @ended: the last line was read
 */
struct transfer {
	struct nlmsghdr	*nlh;
	size_t		size;
	size_t		count;
	bool		begun;
	bool		ended;
};

void transfer_write(FILE *to, const struct ctx *ctx);
const char *transfer_read_line(struct transfer *t, char *line);

#endif /* _ESPNAT_TRANSFER_H */
