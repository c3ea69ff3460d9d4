/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_MATCH_H
#define _ESP_NAT_MATCH_H

#include "net.h"
#include "proto.h"

/**
 * struct esp_nat_ike_in - an IKE message that comes in
 * @hdr: its header
 * @actual: the actual endpoint that it comes from, and the address of this end
 *	that it came to
 * @nat_port: it came to nat_port, not to ike_port
 * @pos: what it tells of roles and NATs
 * @l3mdev: index of the L3 master of the device it came by, or 0
 */
struct esp_nat_ike_in {
	struct esp_nat_ike_hdr	hdr;
	struct esp_nat_flow	actual;
	bool			nat_port;
	struct esp_nat_position	pos;
	int			l3mdev;
};

bool esp_nat_match_at_home(const struct esp_nat_ctx *ctx,
			   const struct esp_nat_ike_in *msg);
const struct esp_nat_binding *
esp_nat_match_fold(struct esp_nat_net *en, const struct esp_nat_ike_in *msg,
		   const struct esp_nat_ikesa *sa);
struct esp_nat_ikesa *esp_nat_match_learn(struct esp_nat_table *t,
					  struct esp_nat_ctx *ctx,
					  const struct esp_nat_ike_hdr *hdr,
					  const struct esp_nat_addr *peer);
struct esp_nat_ikesa *esp_nat_match_whole(struct esp_nat_table *t,
					  const struct esp_nat_ike_hdr *hdr);
struct esp_nat_ikesa *esp_nat_match_half(struct esp_nat_table *t,
					 const struct esp_nat_ike_hdr *hdr,
					 const struct esp_nat_addr *peer);
bool esp_nat_match_late(const struct esp_nat_table *t,
			const struct esp_nat_ike_hdr *hdr);
int esp_nat_match_refuse(struct esp_nat_net *en, bool nat_port,
			 struct esp_nat_ctx *ctx);
void esp_nat_match_settle(struct esp_nat_table *t, struct esp_nat_ctx *ctx);

#endif /* _ESP_NAT_MATCH_H */
