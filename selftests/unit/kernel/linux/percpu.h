/* SPDX-License-Identifier: GPL-2.0 */
/* One processor. */
#ifndef _UNIT_LINUX_PERCPU_H
#define _UNIT_LINUX_PERCPU_H

#include <linux/slab.h>

#define alloc_percpu(type)	kzalloc(sizeof(type), GFP_KERNEL)
#define per_cpu_ptr(ptr, cpu)	((void)(cpu), (ptr))
#define free_percpu(ptr)	kfree(ptr)
#define this_cpu_inc(x)		((x)++)

#endif /* _UNIT_LINUX_PERCPU_H */
