/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_DIAG_STATE_H
#define _ESPNAT_DIAG_STATE_H

void diag_pool(void);
void diag_clients(void);
void diag_clear_text(void);
void diag_counters(void);

#endif /* _ESPNAT_DIAG_STATE_H */
