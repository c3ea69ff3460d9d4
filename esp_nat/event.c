// SPDX-License-Identifier: GPL-2.0
/* Events: told to whoever is above. */
#include <linux/rcupdate.h>

#include "event.h"

static esp_nat_event_sink esp_nat_event_to __read_mostly;

/**
 * esp_nat_event_register() - events are told from now on
 * @sink: whom; called in any context, under RCU, locks held; never sleeps
 *
 * Context: process.
 */
void esp_nat_event_register(esp_nat_event_sink sink)
{
	WRITE_ONCE(esp_nat_event_to, sink);
}

/**
 * esp_nat_event_unregister() - the reverse of esp_nat_event_register()
 *
 * Context: process. Nobody is told anything any more when it returns.
 */
void esp_nat_event_unregister(void)
{
	WRITE_ONCE(esp_nat_event_to, NULL);
	synchronize_rcu();
}

/**
 * esp_nat_event_raise() - something has happened
 * @en: the namespace
 * @what: what; stays the caller's
 *
 * Context: any. If it has a context, &esp_nat_table.lock is held, or
 * @what->unlocked set under RCU.
 */
void esp_nat_event_raise(struct esp_nat_net *en,
			 const struct esp_nat_happening *what)
{
	esp_nat_event_sink sink;

	rcu_read_lock();
	sink = READ_ONCE(esp_nat_event_to);
	if (sink)
		sink(en, what);
	rcu_read_unlock();
}

/**
 * esp_nat_event_ctx() - something has happened to a context
 * @en: the namespace
 * @ctx: the context
 * @event: what
 * @reason: why, or NULL
 *
 * Context: &esp_nat_table.lock held.
 */
void esp_nat_event_ctx(struct esp_nat_net *en, const struct esp_nat_ctx *ctx,
		       enum esp_nat_event event, const char *reason)
{
	struct esp_nat_happening what = {
		.event = event, .ctx = ctx, .reason = reason,
	};

	lockdep_assert_held(&en->table.lock);

	esp_nat_event_raise(en, &what);
}
