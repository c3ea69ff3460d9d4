/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_JOIN_H
#define _ESP_NAT_JOIN_H

#include "classify.h"
#include "net.h"
#include "path.h"

/**
 * struct esp_nat_msg - an IKE message on its way in or out
 * @hdr: its header
 * @peer: in: the actual endpoint that it comes from; out: the presented
 *	endpoint that the daemon sends it to
 * @nat_port: to or from nat_port, not ike_port; out: becomes true if @own, and
 *	its peer is to be spoken to on nat_port
 * @own: out: the daemon has no socket on nat_port, but this namespace has
 * @known: receives whether a context has it
 * @path: in: what it tells of the path
 * @l3mdev: index of the L3 master of the device it came by, or 0
 */
struct esp_nat_msg {
	struct esp_nat_ike_hdr	hdr;
	struct esp_nat_ep	peer;
	bool			nat_port;
	bool			own;
	bool			known;
	struct esp_nat_path	path;
	int			l3mdev;
};

int esp_nat_join_in(struct esp_nat_net *en, struct esp_nat_msg *msg,
		    struct esp_nat_ep *presented);
int esp_nat_join_out(struct esp_nat_net *en, struct esp_nat_msg *msg,
		     struct esp_nat_ep *actual);
void esp_nat_join_settle(struct esp_nat_net *en, struct esp_nat_ctx *ctx);

#endif /* _ESP_NAT_JOIN_H */
