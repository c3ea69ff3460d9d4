/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_OFFLOAD_H
#define _ESPNAT_OFFLOAD_H

#include <libmnl/libmnl.h>

unsigned int offload_ifindex(const struct nlmsghdr *nlh);

#endif /* _ESPNAT_OFFLOAD_H */
