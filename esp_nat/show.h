/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_SHOW_H
#define _ESP_NAT_SHOW_H

#include "match.h"

struct esp_nat_ep esp_nat_show(struct esp_nat_net *en, struct esp_nat_ctx *ctx,
			       const struct esp_nat_ikesa *sa,
			       const struct esp_nat_ike_in *msg);

#endif /* _ESP_NAT_SHOW_H */
