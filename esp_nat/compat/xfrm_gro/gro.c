// SPDX-License-Identifier: GPL-2.0
/* For kernels whose sockets do not take ESP in GRO: there is nothing to hook. */
#include "../../gro.h"

void esp_nat_gro_hook_port(struct esp_nat_net *en)
{
}

void esp_nat_gro_hook_socket(struct esp_nat_net *en, struct sk_buff *skb)
{
}

bool esp_nat_gro_hooked(const struct sock *sk)
{
	return false;
}

void esp_nat_gro_unhook(struct esp_nat_net *en)
{
}
