/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_METRICS_H
#define _ESPNAT_METRICS_H

#include <linux/esp_nat.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/**
 * struct metrics - what is so now
 * @contexts: who asks may see contexts
 * @state: contexts by enum esp_nat_state
 * @given: aliases that are given
 * @reserved: aliases that are reserved
 * @addresses: addresses of the pool
 * @pool: the kernel has told of a pool
 */
struct metrics {
	bool		contexts;
	uint64_t	state[ESP_NAT_CTX_LOST + 1];
	uint64_t	given;
	uint64_t	reserved;
	uint64_t	addresses;
	bool		pool;
};

void metrics_write(FILE *to, const struct metrics *m);
int metrics_show(void);

#endif /* _ESPNAT_METRICS_H */
