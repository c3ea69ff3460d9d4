/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_GFP_H
#define _UNIT_LINUX_GFP_H

#define GFP_ATOMIC	0
#define GFP_NOWAIT	0
#define GFP_KERNEL	0
#define GFP_KERNEL_ACCOUNT	0
#define __GFP_ACCOUNT	0
#define __GFP_NOWARN	0

#endif /* _UNIT_LINUX_GFP_H */
