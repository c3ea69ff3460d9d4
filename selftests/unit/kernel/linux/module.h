/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_MODULE_H
#define _UNIT_LINUX_MODULE_H

/* the test's count of who keeps the module */
extern int module_users;

#define THIS_MODULE		(&module_users)
#define try_module_get(users)	(++*(users) > 0)
#define module_put(users)	(--*(users))

#endif /* _UNIT_LINUX_MODULE_H */
