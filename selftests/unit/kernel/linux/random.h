/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_RANDOM_H
#define _UNIT_LINUX_RANDOM_H

#include <linux/types.h>

/* Each time the same, so that a run can be had again. */
static inline u32 get_random_u32(void)
{
	return 4;
}

#endif /* _UNIT_LINUX_RANDOM_H */
