/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_SCHED_MM_H
#define _UNIT_LINUX_SCHED_MM_H

static inline struct mem_cgroup *set_active_memcg(struct mem_cgroup *memcg)
{
	(void)memcg;
	return NULL;
}

#endif /* _UNIT_LINUX_SCHED_MM_H */
