/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_ASSIGN_H
#define _ESP_NAT_ASSIGN_H

#include "net.h"

/**
 * struct esp_nat_birth - what a context is born of
 * @from: actual endpoint
 * @local: address of this end that it speaks to
 * @spii: SPIi of the request
 * @major: its IKE version
 * @pos: what is known of roles and NATs
 * @nat_port: on nat_port
 * @identity: never give it an alias
 * @presented: a lingering alias, and port, that it is known as; NULL: none
 * @home: its real address at its first birth, if that is not @from's; or NULL
 * @l3mdev: index of the L3 master of the device it came by, or 0
 */
struct esp_nat_birth {
	struct esp_nat_ep	from;
	struct esp_nat_addr	local;
	__be64			spii;
	u8			major;
	struct esp_nat_position	pos;
	bool			nat_port;
	bool			identity;
	const struct esp_nat_ep *presented;
	const struct esp_nat_addr *home;
	int			l3mdev;
};

int esp_nat_assign_presented(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			     const struct esp_nat_birth *birth);

#endif /* _ESP_NAT_ASSIGN_H */
