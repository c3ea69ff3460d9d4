/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of the way between this end and a peer. Needs <linux/types.h>
 * only and builds in user space.
 */
#ifndef _ESP_NAT_PATH_H
#define _ESP_NAT_PATH_H

#include <linux/types.h>

/**
 * enum esp_nat_role - which end of the IKE SA this one is
 * @ESP_NAT_ROLE_UNKNOWN: its opening was not seen
 * @ESP_NAT_ROLE_INITIATOR: this end opened it
 * @ESP_NAT_ROLE_RESPONDER: the peer did
 */
enum esp_nat_role {
	ESP_NAT_ROLE_UNKNOWN,
	ESP_NAT_ROLE_INITIATOR,
	ESP_NAT_ROLE_RESPONDER,
};

/**
 * enum esp_nat_behind - is an end behind a NAT?
 * @ESP_NAT_BEHIND_UNKNOWN: no NAT detection payload (RFC 3947 3.2, RFC 7296
 *	2.23) has told
 * @ESP_NAT_BEHIND_NO: it has the address that its peer sees
 * @ESP_NAT_BEHIND_YES: a NAT is in front of it, or it says so
 */
enum esp_nat_behind {
	ESP_NAT_BEHIND_UNKNOWN,
	ESP_NAT_BEHIND_NO,
	ESP_NAT_BEHIND_YES,
};

/**
 * struct esp_nat_path - the way between this end and a peer
 * @role: enum esp_nat_role of this end
 * @local_nat: enum esp_nat_behind of this end
 * @peer_nat: enum esp_nat_behind of the peer
 */
struct esp_nat_path {
	__u8	role;
	__u8	local_nat;
	__u8	peer_nat;
};

#endif /* _ESP_NAT_PATH_H */
