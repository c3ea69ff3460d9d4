/* SPDX-License-Identifier: GPL-2.0 */
/* For kernels whose struct flowi4 has the whole TOS, of which only DSCP is asked. */
#ifndef _ESP_NAT_COMPAT_NET_FLOW_H
#define _ESP_NAT_COMPAT_NET_FLOW_H

#include_next <net/flow.h>

#define flowi4_dscp	flowi4_tos

#endif /* _ESP_NAT_COMPAT_NET_FLOW_H */
