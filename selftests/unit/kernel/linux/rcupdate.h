/* SPDX-License-Identifier: GPL-2.0 */
/* One thread: a grace period is over at once. */
#ifndef _UNIT_LINUX_RCUPDATE_H
#define _UNIT_LINUX_RCUPDATE_H

#include <linux/types.h>

#define lockdep_is_held(lock)	((lock)->held)
#define RCU_INIT_POINTER(p, v)	((p) = (v))
#define rcu_assign_pointer(p, v)	((p) = (v))
#define rcu_dereference(p)	(p)
#define rcu_access_pointer(p)	(p)
#define rcu_dereference_check(p, held) \
	({ (void)(held); (p); })
#define rcu_dereference_protected(p, held) \
	({ assert(held); (p); })
#define rcu_replace_pointer(p, v, held) \
	({ typeof(p) _old = (p); assert(held); (p) = (v); _old; })

static inline void rcu_read_lock(void) { }
static inline void rcu_read_unlock(void) { }
static inline void cond_resched(void) { }
static inline void rcu_barrier(void) { }
static inline void synchronize_rcu(void) { }

static inline void call_rcu(struct rcu_head *head,
			    void (*call)(struct rcu_head *head))
{
	call(head);
}

#endif /* _UNIT_LINUX_RCUPDATE_H */
