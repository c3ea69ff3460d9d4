/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_INET_H
#define _UNIT_LINUX_INET_H

#include <linux/kernel.h>

/* kernel/text.c */
int in4_pton(const char *text, int len, u8 *to, int delim, const char **end);
int in6_pton(const char *text, int len, u8 *to, int delim, const char **end);

#endif /* _UNIT_LINUX_INET_H */
