/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_LOCATE_H
#define _ESP_NAT_LOCATE_H

#include "net.h"
#include "sa.h"

struct esp_nat_ctx *esp_nat_locate_presented(struct esp_nat_net *en,
					     const struct esp_nat_flow *flow);
struct esp_nat_ctx *esp_nat_locate_sa_end(struct esp_nat_net *en,
					  const struct esp_nat_flow *end,
					  bool encap);
struct esp_nat_ctx *esp_nat_locate_sa(struct esp_nat_net *en,
				      const struct esp_nat_sa *sa);
struct esp_nat_binding *
esp_nat_locate_actual(const struct esp_nat_ctx *ctx,
		      const struct esp_nat_ep *presented,
		      struct esp_nat_ep *actual);
struct esp_nat_ep esp_nat_locate_assumed(struct esp_nat_net *en,
					 const struct esp_nat_ctx *ctx);
void esp_nat_locate_known(const struct esp_nat_ctx *ctx, bool locked,
			  struct esp_nat_ep *actual,
			  struct esp_nat_ep *presented);

#endif /* _ESP_NAT_LOCATE_H */
