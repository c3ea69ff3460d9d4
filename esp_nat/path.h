/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of the way between this end and a peer. Builds in user space.
 */
#ifndef _ESP_NAT_PATH_H
#define _ESP_NAT_PATH_H

#include <linux/types.h>

#include "uapi/linux/esp_nat.h"

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
