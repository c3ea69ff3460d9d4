/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_RANDOM_H
#define _UNIT_LINUX_RANDOM_H

#include <linux/types.h>

/* the test's, so that it repeats */
u32 get_random_u32(void);

#endif /* _UNIT_LINUX_RANDOM_H */
