/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_PREFIX_H
#define _ESP_NAT_PREFIX_H

#include "endpoint.h"

/* longest text of a prefix, in bytes, with its end */
#define ESP_NAT_PREFIX_TEXT	\
	sizeof("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128")

size_t esp_nat_prefix_print(const struct esp_nat_prefix *p, char *text,
			    size_t size);
int esp_nat_prefix_parse(struct esp_nat_prefix *p, char *text);

#endif /* _ESP_NAT_PREFIX_H */
