/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_BIRTH_H
#define _ESP_NAT_BIRTH_H

#include "ctx.h"

/**
 * struct esp_nat_birth - what a context is born of
 * @from: actual endpoint
 * @spii: SPIi of the request
 * @major: its IKE version
 * @path: what is known of the way to it
 * @identity: never give it an alias
 * @presented: a reserved alias, and port, that it is known as; NULL: none
 * @home: its real address at its first birth, if that is not @from's; or NULL
 * @l3mdev: index of the L3 master of the device it came by, or 0
 */
struct esp_nat_birth {
	struct esp_nat_ep	from;
	__be64			spii;
	u8			major;
	struct esp_nat_path	path;
	bool			identity;
	const struct esp_nat_ep *presented;
	const struct esp_nat_addr *home;
	int			l3mdev;
};

struct esp_nat_ctx *esp_nat_birth_context(struct esp_nat_net *en,
					  const struct esp_nat_birth *birth);
int esp_nat_birth_full(struct esp_nat_net *en, const struct esp_nat_addr *addr);

#endif /* _ESP_NAT_BIRTH_H */
