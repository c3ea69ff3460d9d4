/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which end opened an IKE SA, and which is behind a NAT, as far as is known. Builds in user space.
 */
#ifndef _ESP_NAT_POSITION_H
#define _ESP_NAT_POSITION_H

#include <linux/types.h>

#include "uapi/linux/esp_nat.h"

/**
 * struct esp_nat_position - role and NAT position of both ends
 * @role: enum esp_nat_role of this end
 * @local_nat: enum esp_nat_behind of this end
 * @peer_nat: enum esp_nat_behind of the peer
 */
struct esp_nat_position {
	__u8	role;
	__u8	local_nat;
	__u8	peer_nat;
};

#endif /* _ESP_NAT_POSITION_H */
