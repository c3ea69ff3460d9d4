/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_SPINLOCK_H
#define _UNIT_LINUX_SPINLOCK_H

#include <linux/types.h>

struct spinlock {
	bool held;
};

#define spinlock_t struct spinlock

#define lockdep_is_held(lock)		((lock)->held)
#define lockdep_assert_held(lock)	assert((lock)->held)

static inline void spin_lock_init(spinlock_t *lock)
{
	lock->held = false;
}

static inline void spin_lock(spinlock_t *lock)
{
	assert(!lock->held);
	lock->held = true;
}

static inline void spin_unlock(spinlock_t *lock)
{
	assert(lock->held);
	lock->held = false;
}

#define spin_lock_bh(lock)	spin_lock(lock)
#define spin_unlock_bh(lock)	spin_unlock(lock)
#define local_bh_disable()	((void)0)
#define local_bh_enable()	((void)0)

#endif /* _UNIT_LINUX_SPINLOCK_H */
