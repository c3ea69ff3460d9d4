/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_FIREWALL_H
#define _ESPNAT_FIREWALL_H

#include <jansson.h>

struct selector_packet;

/**
 * enum firewall_fate - what becomes of a packet
 * @FIREWALL_PASSES: it passes
 * @FIREWALL_UNREAD: a rule that cannot be read decides
 * @FIREWALL_DROPS: it is dropped; one that was decrypted, for its alias
 */
enum firewall_fate {
	FIREWALL_PASSES,
	FIREWALL_UNREAD,
	FIREWALL_DROPS,
};

enum firewall_fate firewall_fate(const json_t *root,
				 const struct selector_packet *packet,
				 const char **chain);

#endif /* _ESPNAT_FIREWALL_H */
