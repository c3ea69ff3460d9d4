// SPDX-License-Identifier: GPL-2.0
/* Checks of the kernel's SAs. */
#include <errno.h>
#include <linux/xfrm.h>
#include <net/if.h>
#include <string.h>

#include "diag_sa.h"
#include "finding.h"
#include "offload.h"

/**
 * struct diag_offloaded - SAs with encapsulation that devices encrypt
 * @count: how many
 * @ifindex: the device of one of them
 */
struct diag_offloaded {
	unsigned int	count;
	unsigned int	ifindex;
};

static int diag_see_sa(const struct nlmsghdr *nlh, void *data)
{
	struct diag_offloaded *seen = data;
	unsigned int ifindex = offload_ifindex(nlh);

	if (ifindex) {
		seen->count++;
		seen->ifindex = ifindex;
	}
	return MNL_CB_OK;
}

/* All of this namespace's SAs; -1, with errno, if they cannot be had. */
static int diag_walk_sas(struct mnl_socket *nl, struct diag_offloaded *seen)
{
	char buffer[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	unsigned int portid;
	ssize_t got;
	int more;

	nlh->nlmsg_type = XFRM_MSG_GETSA;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		return -1;
	portid = mnl_socket_get_portid(nl);
	do {
		got = mnl_socket_recvfrom(nl, buffer, sizeof(buffer));
		more = got < 0 ? -1 : mnl_cb_run(buffer, got, 0, portid,
						 diag_see_sa, seen);
	} while (more > 0);
	return more;
}

/**
 * diag_sas() - check for SAs that the module cannot serve
 */
void diag_sas(void)
{
	struct mnl_socket *nl = mnl_socket_open(NETLINK_XFRM);
	struct diag_offloaded seen = { 0 };
	char name[IF_NAMESIZE] = "a device";

	if (!nl || diag_walk_sas(nl, &seen) < 0) {
		finding_say(FINDING_WARN, "offload", "run it as root",
			    "the SAs cannot be looked at: %s", strerror(errno));
	} else if (!seen.count) {
		finding_say(FINDING_OK, "offload", "",
			    "no SA with UDP encapsulation has packet offload");
	} else {
		if_indextoname(seen.ifindex, name);
		finding_say(FINDING_WARN, "offload",
			    "have the daemon make them without packet offload (strongSwan: hw_offload = no)",
			    "%u SAs with UDP encapsulation are left to %s: aliases and moves are not served",
			    seen.count, name);
	}
	if (nl)
		mnl_socket_close(nl);
}
