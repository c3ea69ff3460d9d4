/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_DIAG_FIREWALL_H
#define _ESPNAT_DIAG_FIREWALL_H

void diag_firewall(void);

#endif /* _ESPNAT_DIAG_FIREWALL_H */
