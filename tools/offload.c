// SPDX-License-Identifier: GPL-2.0
/* Packet offload: SAs whose packets a device encrypts and decrypts, headers and all. */
#include <linux/xfrm.h>

#include "offload.h"

/* Linux 6.2 */
#ifndef XFRM_OFFLOAD_PACKET
#define XFRM_OFFLOAD_PACKET	4
#endif

/**
 * offload_ifindex() - is an SA with encapsulation left to a device?
 * @nlh: a message of the kernel's that tells of an SA
 *
 * Return: the device's index, 0 if the SA is none of that kind.
 */
unsigned int offload_ifindex(const struct nlmsghdr *nlh)
{
	const struct xfrm_user_offload *offload = NULL;
	const struct nlattr *attr;
	bool encap = false;

	if (nlh->nlmsg_type != XFRM_MSG_NEWSA)
		return 0;
	mnl_attr_for_each(attr, nlh, sizeof(struct xfrm_usersa_info)) {
		if (mnl_attr_get_type(attr) == XFRMA_ENCAP)
			encap = true;
		if (mnl_attr_get_type(attr) == XFRMA_OFFLOAD_DEV &&
		    mnl_attr_get_payload_len(attr) >= sizeof(*offload))
			offload = mnl_attr_get_payload(attr);
	}
	return encap && offload && offload->flags & XFRM_OFFLOAD_PACKET ?
	       (unsigned int)offload->ifindex : 0;
}
