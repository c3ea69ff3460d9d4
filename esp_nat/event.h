/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_EVENT_H
#define _ESP_NAT_EVENT_H

#include "net.h"

struct esp_nat_ctx;

/**
 * struct esp_nat_happening - something that user space may want to know
 * @event: what
 * @ctx: to which context, or NULL
 * @unlocked: &esp_nat_table.lock is not held, or who knows: what it protects
 *	of @ctx is not told
 * @was: where it was, or NULL
 * @peer: other end of a packet, or NULL
 * @local: this end of it, or NULL
 * @reason: why, or NULL
 */
struct esp_nat_happening {
	enum esp_nat_event	event;
	const struct esp_nat_ctx *ctx;
	bool			unlocked;
	const struct esp_nat_ep	*was;
	const struct esp_nat_ep	*peer;
	const struct esp_nat_ep	*local;
	const char		*reason;
};

typedef void (*esp_nat_event_sink)(struct esp_nat_net *en,
				   const struct esp_nat_happening *what);

void esp_nat_event_register(esp_nat_event_sink sink);
void esp_nat_event_unregister(void);
void esp_nat_event_raise(struct esp_nat_net *en,
			 const struct esp_nat_happening *what);
void esp_nat_event_ctx(struct esp_nat_net *en, const struct esp_nat_ctx *ctx,
		       enum esp_nat_event event, const char *reason);

#endif /* _ESP_NAT_EVENT_H */
