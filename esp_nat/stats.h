/* SPDX-License-Identifier: GPL-2.0 */
/* Counters of a namespace. */
#ifndef _ESP_NAT_STATS_H
#define _ESP_NAT_STATS_H

#include <linux/percpu.h>
#include <linux/types.h>

#include "counters.h"

struct seq_file;

#define ESP_NAT_STAT_ENUM(name, meaning, remedy) ESP_NAT_STAT_##name,
enum esp_nat_stat {
	ESP_NAT_STATS(ESP_NAT_STAT_ENUM)
	ESP_NAT_STAT_MAX
};

/**
 * struct esp_nat_stats - one CPU's counters of one namespace
 * @count: by enum esp_nat_stat
 */
struct esp_nat_stats {
	unsigned long count[ESP_NAT_STAT_MAX];
};

#define esp_nat_stats_inc(stats, name) \
	this_cpu_inc((stats)->count[ESP_NAT_STAT_##name])

unsigned long esp_nat_stats_sum(struct esp_nat_stats __percpu *stats,
				enum esp_nat_stat stat);
void esp_nat_stats_show(struct esp_nat_stats __percpu *stats,
			struct seq_file *seq);
const char *esp_nat_stats_name(enum esp_nat_stat stat);

#endif /* _ESP_NAT_STATS_H */
