/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_CPUMASK_H
#define _UNIT_LINUX_CPUMASK_H

#define for_each_possible_cpu(cpu)	for (cpu = 0; cpu < 1; cpu++)

#endif /* _UNIT_LINUX_CPUMASK_H */
