/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_NET_IP_H
#define _UNIT_NET_IP_H

#include <linux/ip.h>
#include <linux/skbuff.h>

#endif /* _UNIT_NET_IP_H */
