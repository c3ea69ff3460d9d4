/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_MATCH_IN_H
#define _ESP_NAT_MATCH_IN_H

#include "match.h"

/**
 * struct esp_nat_ike_shown - how an IKE message is shown to the daemon
 * @presented: the endpoint that it is to come from
 * @known: a context has it
 */
struct esp_nat_ike_shown {
	struct esp_nat_ep	presented;
	bool			known;
};

int esp_nat_match_in(struct esp_nat_net *en, const struct esp_nat_ike_in *msg,
		     struct esp_nat_ike_shown *shown);

#endif /* _ESP_NAT_MATCH_IN_H */
