/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_PROC_FS_H
#define _UNIT_LINUX_PROC_FS_H

/* There is no /proc. */
#define proc_create_net_single(name, mode, parent, show, data) \
	((void)(name), (void)(parent), (void)(show), true)
#define remove_proc_entry(name, parent)	((void)(name), (void)(parent))

#endif /* _UNIT_LINUX_PROC_FS_H */
