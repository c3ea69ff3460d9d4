/* SPDX-License-Identifier: GPL-2.0 */
/* No VRF. */
#ifndef _UNIT_NET_L3MDEV_H
#define _UNIT_NET_L3MDEV_H

#define l3mdev_master_ifindex_rcu(dev)	((void)(dev), 0)

#endif /* _UNIT_NET_L3MDEV_H */
