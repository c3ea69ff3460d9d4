// SPDX-License-Identifier: GPL-2.0
/* Counters of a namespace. */
#include <linux/cpumask.h>
#include <linux/seq_file.h>

#include "stats.h"

#define ESP_NAT_STAT_NAME(name, meaning, remedy) [ESP_NAT_STAT_##name] = #name,
static const char * const esp_nat_stat_names[ESP_NAT_STAT_MAX] = {
	ESP_NAT_STATS(ESP_NAT_STAT_NAME)
};

/**
 * esp_nat_stats_name() - a counter's name
 * @stat: the counter
 *
 * Context: any.
 * Return: its name, never NULL.
 */
const char *esp_nat_stats_name(enum esp_nat_stat stat)
{
	return esp_nat_stat_names[stat];
}

/**
 * esp_nat_stats_sum() - a counter's value
 * @stats: a namespace's counters
 * @stat: the counter
 *
 * Context: any.
 * Return: the sum over all processors.
 */
unsigned long esp_nat_stats_sum(struct esp_nat_stats __percpu *stats,
				enum esp_nat_stat stat)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu_ptr(stats, cpu)->count[stat];
	return sum;
}

/**
 * esp_nat_stats_show() - print the counters, a line each: name, value
 * @stats: a namespace's counters
 * @seq: where to
 *
 * Context: process.
 */
void esp_nat_stats_show(struct esp_nat_stats __percpu *stats,
			struct seq_file *seq)
{
	enum esp_nat_stat stat;

	for (stat = 0; stat < ESP_NAT_STAT_MAX; stat++)
		seq_printf(seq, "%-24s%lu\n", esp_nat_stats_name(stat),
			   esp_nat_stats_sum(stats, stat));
}
