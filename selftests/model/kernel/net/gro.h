/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_NET_GRO_H
#define _UNIT_NET_GRO_H

#include <linux/skbuff.h>

#endif /* _UNIT_NET_GRO_H */
