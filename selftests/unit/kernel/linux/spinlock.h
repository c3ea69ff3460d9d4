/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_SPINLOCK_H
#define _UNIT_LINUX_SPINLOCK_H

#include <linux/types.h>

struct spinlock {
	bool held;
};

#define spinlock_t struct spinlock

#define lockdep_assert_held(lock)	assert((lock)->held)

static inline void spin_lock_init(spinlock_t *lock)
{
	lock->held = false;
}

static inline void spin_lock_bh(spinlock_t *lock)
{
	assert(!lock->held);
	lock->held = true;
}

static inline void spin_unlock_bh(spinlock_t *lock)
{
	assert(lock->held);
	lock->held = false;
}

#endif /* _UNIT_LINUX_SPINLOCK_H */
