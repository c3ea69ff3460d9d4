/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_DETECT_H
#define _ESP_NAT_DETECT_H

#include "net.h"
#include "ike.h"

void esp_nat_detect_init(void);
void esp_nat_detect_exit(void);
void esp_nat_detect_position(struct esp_nat_net *en,
			     const struct esp_nat_ike_msg *msg,
			     const struct esp_nat_ike_hdr *hdr,
			     const struct esp_nat_ep *peer,
			     const struct esp_nat_ep *local,
			     struct esp_nat_position *pos);
void esp_nat_detect_note(struct esp_nat_position *pos,
			 const struct esp_nat_position *told);
void esp_nat_detect_learn(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			  const struct esp_nat_position *told);

#endif /* _ESP_NAT_DETECT_H */
