// SPDX-License-Identifier: GPL-2.0
/* For kernels whose sockets do not take ESP in GRO: there is nothing to see. */
#include "../../gro.h"

int esp_nat_gro_register(void)
{
	return 0;
}

void esp_nat_gro_unregister(void)
{
}
