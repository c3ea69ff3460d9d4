// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer on what espnat prints of the kernel's answers: the input is the
 * attributes of a message, from a kernel that is newer, older or hostile.
 */
#include <string.h>

#include "cmd.h"
#include "nl.h"
#include "out.h"
#include "pool.h"
#include "promise.h"
#include "sock.h"

static int store(const struct nlattr *attr, void *data)
{
	const struct nlattr **tb = data;
	uint16_t type = mnl_attr_get_type(attr);

	if (type <= ESP_NAT_A_MSG_MAX)
		tb[type] = attr;
	return MNL_CB_OK;
}

static void see(const struct nlattr **tb)
{
	struct pool pool = { };
	struct sock sock;

	monitor_see(tb, NULL);
	pool_read(tb, &pool);
	pool_print(&pool);
	sock_read(tb, &sock);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct nlattr *tb[ESP_NAT_A_MSG_MAX + 1] = { };
	struct nlmsghdr *nlh;

	if (!freopen("/dev/null", "w", stdout))
		abort();
	/* a message has room up to its alignment */
	nlh = calloc(1, MNL_NLMSG_HDRLEN + MNL_ALIGN(size));
	if (!nlh)
		abort();
	nlh->nlmsg_len = MNL_NLMSG_HDRLEN + size;
	memcpy(mnl_nlmsg_get_payload(nlh), data, size);
	mnl_attr_parse(nlh, 0, store, tb);
	out_json = false;
	see(tb);
	out_json = true;
	see(tb);
	free(nlh);
	return 0;
}
