/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_METRICS_H
#define _ESPNAT_METRICS_H

#include <linux/esp_nat.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "pool.h"

/**
 * struct metrics - the gauges
 * @contexts: the user may see contexts
 * @state: how many contexts, by enum esp_nat_state
 * @pool: the pool of aliases
 */
struct metrics {
	bool		contexts;
	uint64_t	state[ESP_NAT_CTX_LOST + 1];
	struct pool	pool;
};

void metrics_write(FILE *to, const struct metrics *m);
int metrics_show(void);

#endif /* _ESPNAT_METRICS_H */
