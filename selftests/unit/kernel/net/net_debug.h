/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_NET_NET_DEBUG_H
#define _UNIT_NET_NET_DEBUG_H

#define DEBUG_NET_WARN_ON_ONCE(wrong)	assert(!(wrong))

#endif /* _UNIT_NET_NET_DEBUG_H */
