/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_NL_IMPORT_CTX_H
#define _ESP_NAT_NL_IMPORT_CTX_H

#include <net/netlink.h>

#include "net.h"
#include "uapi/linux/esp_nat.h"

/* most IKE SAs of a context */
#define ESP_NAT_NL_IMPORT_CTX_IKESAS	16

/**
 * struct esp_nat_nl_import_ctx_ikesa - an IKE SA, as a request has it
 * @spii: SPIi
 * @spir: SPIr, or 0
 * @peer: who opened it, while @spir is 0
 * @nat_port: the peer speaks on nat_port
 */
struct esp_nat_nl_import_ctx_ikesa {
	__be64			spii;
	__be64			spir;
	struct esp_nat_ep	peer;
	bool			nat_port;
};

/**
 * struct esp_nat_nl_import_ctx - a context, as a request has it
 * @actual: where it is
 * @presented: what daemon and xfrm are shown
 * @home: its address at birth
 * @local: address of this end
 * @aliased: @presented is an alias
 * @used_nat_port: it was heard on nat_port
 * @plain_sa: it has had an SA without encapsulation
 * @pos: who opened it, and which end is behind a NAT
 * @major: IKE version that opened it
 * @spii: SPIi that opened it
 * @ikesa: its IKE SAs, the newest first
 * @nr_ikesas: how many
 */
struct esp_nat_nl_import_ctx {
	struct esp_nat_ep	actual;
	struct esp_nat_ep	presented;
	struct esp_nat_ep	home;
	struct esp_nat_ep	local;
	bool			aliased;
	bool			used_nat_port;
	bool			plain_sa;
	struct esp_nat_position	pos;
	u8			major;
	__be64			spii;
	struct esp_nat_nl_import_ctx_ikesa ikesa[ESP_NAT_NL_IMPORT_CTX_IKESAS];
	unsigned int		nr_ikesas;
};

extern const struct nla_policy
esp_nat_nl_import_ctx_policy[ESP_NAT_A_CTX_MAX + 1];

int esp_nat_nl_import_ctx_get(struct esp_nat_net *en, const struct nlattr *ctx,
			      struct esp_nat_nl_import_ctx *in,
			      struct netlink_ext_ack *extack);

#endif /* _ESP_NAT_NL_IMPORT_CTX_H */
