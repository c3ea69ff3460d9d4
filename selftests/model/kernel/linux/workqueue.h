/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_LINUX_WORKQUEUE_H
#define _UNIT_LINUX_WORKQUEUE_H

#include <linux/list.h>
#include <linux/types.h>

struct work_struct {
	void (*func)(struct work_struct *work);
};

struct delayed_work {
	struct work_struct	work;
	struct list_head	list;
	unsigned long		due;
};

#define system_power_efficient_wq	NULL

/* those that are pending; who moves the clock runs them */
extern struct list_head delayed_works;

#define INIT_DELAYED_WORK(dw, f)		\
	do {					\
		(dw)->work.func = (f);		\
		INIT_LIST_HEAD(&(dw)->list);	\
	} while (0)

#define to_delayed_work(w) container_of(w, struct delayed_work, work)

static inline bool delayed_work_pending(const struct delayed_work *dw)
{
	return !list_empty(&dw->list);
}

static inline void mod_delayed_work(void *wq, struct delayed_work *dw,
				    unsigned long delay)
{
	(void)wq;
	dw->due = jiffies + delay;
	list_move_tail(&dw->list, &delayed_works);
}

static inline void queue_delayed_work(void *wq, struct delayed_work *dw,
				      unsigned long delay)
{
	if (!delayed_work_pending(dw))
		mod_delayed_work(wq, dw, delay);
}

static inline void cancel_delayed_work_sync(struct delayed_work *dw)
{
	list_del_init(&dw->list);
}

#endif /* _UNIT_LINUX_WORKQUEUE_H */
