/* SPDX-License-Identifier: GPL-2.0 */
/* How the memory of contexts, and of what they are known by, is asked for. */
#ifndef _ESP_NAT_GFP_H
#define _ESP_NAT_GFP_H

#include <linux/gfp.h>

/*
 * Under a lock, in softirq; a failure is counted; paid for by whom charge.h says. Not
 * GFP_ATOMIC: what strangers send has no claim to the reserves, and may not take a
 * control group beyond its limit.
 */
#define ESP_NAT_GFP	(GFP_NOWAIT | __GFP_NOWARN | __GFP_ACCOUNT)

#endif /* _ESP_NAT_GFP_H */
