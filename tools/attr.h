/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_ATTR_H
#define _ESPNAT_ATTR_H

#include <linux/netlink.h>
#include <stdint.h>

void attr_nest(const struct nlattr *nest, const struct nlattr **tb,
	       uint16_t max);
const char *attr_text(const struct nlattr *attr);
uint64_t attr_number(const struct nlattr *attr);

#endif /* _ESPNAT_ATTR_H */
