/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_SCHED_H
#define _UNIT_LINUX_SCHED_H

struct task_struct {
	void	*mm;
};

static struct task_struct unit_task __attribute__((unused));
#define current		(&unit_task)

#endif /* _UNIT_LINUX_SCHED_H */
