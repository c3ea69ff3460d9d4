/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_ERR_H
#define _UNIT_LINUX_ERR_H

#include <linux/types.h>

#define ERR_PTR(err)		((void *)(long)(err))
#define PTR_ERR(ptr)		((long)(ptr))
#define IS_ERR(ptr)		((unsigned long)(ptr) >= -4095UL)
#define IS_ERR_OR_NULL(ptr)	(!(ptr) || IS_ERR(ptr))
#define PTR_ERR_OR_ZERO(ptr)	(IS_ERR(ptr) ? PTR_ERR(ptr) : 0)

#endif /* _UNIT_LINUX_ERR_H */
