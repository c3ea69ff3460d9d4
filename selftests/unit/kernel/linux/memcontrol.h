/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_MEMCONTROL_H
#define _UNIT_LINUX_MEMCONTROL_H

/* Nobody pays. */
struct mem_cgroup;

#define get_mem_cgroup_from_mm(mm)	((void)(mm), (struct mem_cgroup *)NULL)
#define mem_cgroup_put(memcg)		((void)(memcg))

#endif /* _UNIT_LINUX_MEMCONTROL_H */
