/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_FIREWALL_H
#define _ESPNAT_FIREWALL_H

#include <stdbool.h>

struct firewall;
struct fwrule_packet;

struct firewall *firewall_nft(const char *text, bool managed);
struct firewall *firewall_iptables(const char *text);
void firewall_free(struct firewall *fw);
bool firewall_guards(const struct firewall *fw);
bool firewall_lets(const struct firewall *fw,
		   const struct fwrule_packet *packet);
const char *firewall_bogon(const struct firewall *fw,
			   const struct fwrule_packet *packet);

#endif /* _ESPNAT_FIREWALL_H */
