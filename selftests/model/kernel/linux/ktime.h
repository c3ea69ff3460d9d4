/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_KTIME_H
#define _UNIT_LINUX_KTIME_H

#include <linux/types.h>

#define ktime_get_seconds()	((unsigned long)(jiffies / HZ))

#endif /* _UNIT_LINUX_KTIME_H */
