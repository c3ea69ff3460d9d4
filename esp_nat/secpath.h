/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESP_NAT_SECPATH_H
#define _ESP_NAT_SECPATH_H

#include <linux/skbuff.h>

struct xfrm_state;

bool esp_nat_secpath_integrity(const struct xfrm_state *x);
bool esp_nat_secpath_device(const struct net_device *dev);
bool esp_nat_secpath_decrypted(const struct sk_buff *skb);
bool esp_nat_secpath_pending(const struct sk_buff *skb);
bool esp_nat_secpath_unfinished(const struct sk_buff *skb);
bool esp_nat_secpath_esp_in(const struct sk_buff *skb);
bool esp_nat_secpath_esp_out(const struct sk_buff *skb, unsigned int family);
void esp_nat_secpath_vouch(struct sk_buff *skb);
bool esp_nat_secpath_vouched(const struct sk_buff *skb);

#endif /* _ESP_NAT_SECPATH_H */
