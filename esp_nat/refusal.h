/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_REFUSAL_H
#define _ESP_NAT_REFUSAL_H

#include "net.h"

bool esp_nat_refusal_may(struct esp_nat_net *en,
			 const struct esp_nat_ikesa *sa);
bool esp_nat_refusal_silent(struct esp_nat_net *en,
			    const struct esp_nat_ikesa *sa);
struct esp_nat_ikesa *esp_nat_refusal_take_back(struct esp_nat_net *en,
						struct esp_nat_ikesa *sa);

#endif /* _ESP_NAT_REFUSAL_H */
