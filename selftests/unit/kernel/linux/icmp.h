/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_ICMP_H
#define _UNIT_LINUX_ICMP_H

#include <linux/types.h>
#include_next <linux/icmp.h>

#endif /* _UNIT_LINUX_ICMP_H */
