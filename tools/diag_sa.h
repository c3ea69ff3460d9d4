/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_DIAG_SA_H
#define _ESPNAT_DIAG_SA_H

void diag_sas(void);

#endif /* _ESPNAT_DIAG_SA_H */
