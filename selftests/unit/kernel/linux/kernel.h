/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_KERNEL_H
#define _UNIT_LINUX_KERNEL_H

#include_next <linux/kernel.h>
#include <linux/types.h>

#undef min
#undef max
#define min(a, b) \
	({ typeof(a) _a = (a); typeof(b) _b = (b); _a < _b ? _a : _b; })
#define max(a, b) \
	({ typeof(a) _a = (a); typeof(b) _b = (b); _a > _b ? _a : _b; })
#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#endif

/* kernel/text.c */
int scnprintf(char *to, size_t size, const char *format, ...);
int kstrtou8(const char *text, unsigned int base, u8 *value);
int kstrtou16(const char *text, unsigned int base, u16 *value);
char *strim(char *text);

#endif /* _UNIT_LINUX_KERNEL_H */
