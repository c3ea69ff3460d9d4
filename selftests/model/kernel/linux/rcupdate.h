/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_RCUPDATE_H
#define _UNIT_LINUX_RCUPDATE_H

#include <linux/types.h>

#define rcu_read_lock()		((void)0)
#define rcu_read_unlock()	((void)0)
#define rcu_barrier()		((void)0)
#define synchronize_rcu()	((void)0)
#define call_rcu(head, func)	(func)(head)

#define rcu_access_pointer(p)		(p)
#define rcu_dereference(p)		(p)
#define rcu_dereference_check(p, c)	((void)(c), (p))
#define rcu_dereference_protected(p, c)	(assert(c), (p))
#define rcu_assign_pointer(p, v)	((p) = (v))
#define RCU_INIT_POINTER(p, v)		((p) = (v))
#define RCU_INITIALIZER(v)		(v)
#define unrcu_pointer(p)		(p)

#define xchg(p, v)					\
	({						\
		typeof(*(p)) _was = *(p);		\
		*(p) = (v);				\
		_was;					\
	})
#define cmpxchg(p, old, v)				\
	({						\
		typeof(*(p)) _was = *(p);		\
		if (_was == (old))			\
			*(p) = (v);			\
		_was;					\
	})
#define rcu_replace_pointer(p, v, c)	((void)(c), xchg(&(p), v))

#endif /* _UNIT_LINUX_RCUPDATE_H */
