/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_MODULE_H
#define _UNIT_LINUX_MODULE_H

#include <linux/types.h>

#define THIS_MODULE	NULL

/* references to the module */
extern int module_refs;

static inline bool try_module_get(void *module)
{
	(void)module;
	module_refs++;
	return true;
}

static inline void module_put(void *module)
{
	(void)module;
	module_refs--;
}

#endif /* _UNIT_LINUX_MODULE_H */
