// SPDX-License-Identifier: GPL-2.0
/*
 * The AssumeUDPEncapsulationContextOnSendRule (Microsoft KB 885407, KB 947234,
 * MS-FASP 2.2.41). Pure: no kernel interface, so that it runs under the
 * sanitizers too.
 */
#include "rule.h"

/*
 * Is the end with this role behind a NAT? Where nobody knows which end has it,
 * what holds for both does for it.
 */
static int esp_nat_rule_end(const struct esp_nat_position *pos, __u8 role)
{
	if (pos->role == ESP_NAT_ROLE_UNKNOWN)
		return pos->local_nat == pos->peer_nat ?
			pos->local_nat : ESP_NAT_BEHIND_UNKNOWN;
	return pos->role == role ? pos->local_nat : pos->peer_nat;
}

/**
 * esp_nat_rule_verdict() - what does the rule say of a NAT position?
 * @pos: the position
 * @value: an enum esp_nat_rule_value
 *
 * A client behind a NAT and a server that is not are always allowed: that is
 * what NAT traversal is for (RFC 3947). A position is outside only if that is known
 * for sure; what is not known is taken to be what the value expects.
 *
 * Context: any.
 * Return: the verdict.
 */
enum esp_nat_rule esp_nat_rule_verdict(const struct esp_nat_position *pos,
				       int value)
{
	int client = esp_nat_rule_end(pos, ESP_NAT_ROLE_INITIATOR);
	int server = esp_nat_rule_end(pos, ESP_NAT_ROLE_RESPONDER);

	switch (value) {
	case ESP_NAT_RULE_SERVER:
		if (server == ESP_NAT_BEHIND_NO)
			return ESP_NAT_RULE_ALLOW;
		if (client != ESP_NAT_BEHIND_YES)
			return ESP_NAT_RULE_ASSUME;
		return server == ESP_NAT_BEHIND_YES ? ESP_NAT_RULE_OUTSIDE :
						      ESP_NAT_RULE_ALLOW;
	case ESP_NAT_RULE_BOTH:
		return server == ESP_NAT_BEHIND_NO &&
		       client == ESP_NAT_BEHIND_NO ? ESP_NAT_RULE_ALLOW :
						     ESP_NAT_RULE_ASSUME;
	default:
		return server == ESP_NAT_BEHIND_YES ? ESP_NAT_RULE_OUTSIDE :
						      ESP_NAT_RULE_ALLOW;
	}
}
