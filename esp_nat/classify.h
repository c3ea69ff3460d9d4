/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_CLASSIFY_H
#define _ESP_NAT_CLASSIFY_H

#include "proto.h"

/**
 * enum esp_nat_class - what a UDP payload is
 * @ESP_NAT_CLASS_KEEPALIVE: a NAT keepalive (RFC 3948 2.3)
 * @ESP_NAT_CLASS_IKE: an IKE message with a whole header (RFC 3948 2.2)
 * @ESP_NAT_CLASS_ESP: UDP-encapsulated ESP (RFC 3948 2.1)
 * @ESP_NAT_CLASS_RUNT: too short for any of the three
 * @ESP_NAT_CLASS_IKE_SHORT: IKE by port or marker, shorter than its header
 * @ESP_NAT_CLASS_IKE_LENGTH: IKE whose length field does not fit
 */
enum esp_nat_class {
	ESP_NAT_CLASS_KEEPALIVE,
	ESP_NAT_CLASS_IKE,
	ESP_NAT_CLASS_ESP,
	ESP_NAT_CLASS_RUNT,
	ESP_NAT_CLASS_IKE_SHORT,
	ESP_NAT_CLASS_IKE_LENGTH,
};

enum esp_nat_class esp_nat_classify_nat(const void *data, unsigned int len,
					struct esp_nat_ike_hdr *hdr);
enum esp_nat_class esp_nat_classify_ike(const void *data, unsigned int len,
					struct esp_nat_ike_hdr *hdr);
int esp_nat_classify_major(const struct esp_nat_ike_hdr *hdr);
int esp_nat_classify_opens(const struct esp_nat_ike_hdr *hdr);
int esp_nat_classify_answers(const struct esp_nat_ike_hdr *hdr);
int esp_nat_classify_shakes(const struct esp_nat_ike_hdr *hdr);
int esp_nat_classify_proves(const struct esp_nat_ike_hdr *hdr);

#endif /* _ESP_NAT_CLASSIFY_H */
