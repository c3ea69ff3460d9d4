/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_MATCH_OUT_H
#define _ESP_NAT_MATCH_OUT_H

#include "net.h"
#include "proto.h"

/**
 * struct esp_nat_ike_out - an IKE message that the daemon sends
 * @hdr: its header
 * @presented: the presented endpoint that it is for, and the address of this end
 *	that it leaves from
 * @nat_port: it leaves from nat_port, not from ike_port
 * @refuses: it refuses the request for an IKE SA
 * @own: the daemon has no socket on nat_port, but this namespace has
 */
struct esp_nat_ike_out {
	struct esp_nat_ike_hdr	hdr;
	struct esp_nat_flow	presented;
	bool			nat_port;
	bool			refuses;
	bool			own;
};

/**
 * struct esp_nat_ike_way - where an IKE message of the daemon goes
 * @actual: the endpoint that it goes to
 * @nat_port: it leaves from nat_port
 */
struct esp_nat_ike_way {
	struct esp_nat_ep	actual;
	bool			nat_port;
};

int esp_nat_match_out(struct esp_nat_net *en, const struct esp_nat_ike_out *msg,
		      struct esp_nat_ike_way *way);

#endif /* _ESP_NAT_MATCH_OUT_H */
