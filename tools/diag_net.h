/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_DIAG_NET_H
#define _ESPNAT_DIAG_NET_H

#include <stdbool.h>
#include <stdint.h>

struct ctx_list;
struct ep;

void diag_sockets(void);
bool diag_default_device(char *device);
void diag_aliases(const struct ep *first, uint32_t mask);
void diag_sources(const struct ctx_list *list);
void diag_routes(void);

#endif /* _ESPNAT_DIAG_NET_H */
