/* SPDX-License-Identifier: GPL-2.0 */
/* Lists of UDP ports. */
#ifndef _ESP_NAT_PORTS_H
#define _ESP_NAT_PORTS_H

#include <linux/types.h>

/* Most ranges of a list, after those that touch have become one. */
#define ESP_NAT_PORTS_MAX	64
/* Longest text of a list, in bytes, with its end. */
#define ESP_NAT_PORTS_TEXT	1024

/**
 * struct esp_nat_range - ports, host byte order
 * @first: the first
 * @last: the last, not less than @first
 */
struct esp_nat_range {
	u16	first;
	u16	last;
};

/**
 * struct esp_nat_ports - a list of ports
 * @rcu: for kfree_rcu()
 * @count: number of ranges
 * @range: in order; they neither overlap nor touch
 */
struct esp_nat_ports {
	struct rcu_head		rcu;
	unsigned int		count;
	struct esp_nat_range	range[ESP_NAT_PORTS_MAX];
};

int esp_nat_ports_parse(struct esp_nat_ports *ports, char *text);
void esp_nat_ports_print(const struct esp_nat_ports *ports, char *text,
			 size_t size);
bool esp_nat_ports_has(const struct esp_nat_ports *ports, u16 port);

#endif /* _ESP_NAT_PORTS_H */
