/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_NETFILTER_H
#define _UNIT_LINUX_NETFILTER_H

#include <linux/types.h>
#include_next <linux/netfilter.h>

#endif /* _UNIT_LINUX_NETFILTER_H */
