/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_DIAG_HOST_H
#define _ESPNAT_DIAG_HOST_H

#include <stdbool.h>

bool diag_module(void);
void diag_kernel(void);
void diag_crypto(void);
void diag_clock(void);

#endif /* _ESPNAT_DIAG_HOST_H */
