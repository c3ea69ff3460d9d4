// SPDX-License-Identifier: GPL-2.0
/* What must go up. */
#include "up.h"

const struct esp_nat_up *esp_nat_up __read_mostly;
