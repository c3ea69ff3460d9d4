/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_DETECT_H
#define _ESP_NAT_DETECT_H

#include "ctx.h"
#include "ike.h"

void esp_nat_detect_init(void);
void esp_nat_detect_exit(void);
void esp_nat_detect_path(struct esp_nat_net *en,
			 const struct esp_nat_ike_msg *msg,
			 const struct esp_nat_ike_hdr *hdr,
			 const struct esp_nat_ep *peer,
			 const struct esp_nat_ep *local,
			 struct esp_nat_path *path);
void esp_nat_detect_note(struct esp_nat_path *path,
			 const struct esp_nat_path *told);
void esp_nat_detect_learn(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			  const struct esp_nat_path *told);

#endif /* _ESP_NAT_DETECT_H */
