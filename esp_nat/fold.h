/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_FOLD_H
#define _ESP_NAT_FOLD_H

#include "net.h"

const struct esp_nat_binding *esp_nat_fold_at(struct esp_nat_net *en,
					      const struct esp_nat_ikesa *sa,
					      const struct esp_nat_flow *from);
void esp_nat_fold(struct esp_nat_net *en, struct esp_nat_ikesa *sa);
bool esp_nat_fold_doubt(struct esp_nat_net *en, const struct esp_nat_ikesa *sa,
			const struct esp_nat_flow *from);

#endif /* _ESP_NAT_FOLD_H */
