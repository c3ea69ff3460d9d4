/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_SYSCTL_H
#define _UNIT_LINUX_SYSCTL_H

#include <linux/types.h>

struct ctl_table;

typedef int proc_handler(const struct ctl_table *table, int write, void *buffer,
			 size_t *lenp, loff_t *ppos);

struct ctl_table {
	const char	*procname;
	void		*data;
	int		maxlen;
	unsigned short	mode;
	proc_handler	*proc_handler;
	void		*extra1;
	void		*extra2;
};

struct ctl_table_header {
	struct ctl_table	*table;
	size_t			count;
};

extern const int sysctl_ends[2];

#define SYSCTL_ZERO	((void *)&sysctl_ends[0])
#define SYSCTL_ONE	((void *)&sysctl_ends[1])

/* kernel/proc.c */
proc_handler proc_dointvec_minmax;
proc_handler proc_dostring;

#endif /* _UNIT_LINUX_SYSCTL_H */
