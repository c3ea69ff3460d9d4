/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The AssumeUDPEncapsulationContextOnSendRule. Builds in user space.
 */
#ifndef _ESP_NAT_RULE_H
#define _ESP_NAT_RULE_H

#include "position.h"

/**
 * enum esp_nat_rule_value - which NATs the rule covers
 * @ESP_NAT_RULE_NEVER: none, no server is behind one
 * @ESP_NAT_RULE_SERVER: one in front of the server
 * @ESP_NAT_RULE_BOTH: one in front of either end, or of both
 */
enum esp_nat_rule_value {
	ESP_NAT_RULE_NEVER,
	ESP_NAT_RULE_SERVER,
	ESP_NAT_RULE_BOTH,
};

enum esp_nat_rule esp_nat_rule_verdict(const struct esp_nat_position *pos,
				       int value);

#endif /* _ESP_NAT_RULE_H */
