// SPDX-License-Identifier: GPL-2.0
/* No packet is dropped but with a reason, a count and an event. */
#include "drop.h"
#include "trace.h"

/**
 * esp_nat_drop_note() - a packet is dropped
 * @en: the namespace
 * @skb: the packet; the caller frees it, or has netfilter or xfrm do so
 * @reason: why
 *
 * Context: any.
 */
void esp_nat_drop_note(struct esp_nat_net *en, const struct sk_buff *skb,
		       enum esp_nat_stat reason)
{
	this_cpu_inc(en->stats->count[reason]);
	trace_esp_nat_drop(en->net->ns.inum, skb, esp_nat_stats_name(reason));
}
