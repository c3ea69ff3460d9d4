/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_BITOPS_H
#define _UNIT_LINUX_BITOPS_H

#include <linux/types.h>

static inline bool test_bit(unsigned int bit, const unsigned long *word)
{
	return *word >> bit & 1;
}

static inline void set_bit(unsigned int bit, unsigned long *word)
{
	*word |= 1UL << bit;
}

static inline bool test_and_set_bit(unsigned int bit, unsigned long *word)
{
	bool was = test_bit(bit, word);

	set_bit(bit, word);
	return was;
}

#endif /* _UNIT_LINUX_BITOPS_H */
