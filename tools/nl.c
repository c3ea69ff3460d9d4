// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family esp_nat: requests, answers, events. */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "attr.h"
#include "nl.h"

/* The largest datagram of a dump. */
#define NL_BUFFER	(256 * 1024)

static struct mnl_socket *nl_sock;
static uint16_t nl_family;
static uint32_t nl_group;
static uint32_t nl_seq;
static char nl_said[256];
static char nl_request[8192];
static char nl_answer[NL_BUFFER];

/**
 * struct nl_question - a request that waits for its answers
 * @see: is called for each answer
 * @data: for @see
 */
struct nl_question {
	nl_see	see;
	void	*data;
};

static int nl_store(const struct nlattr *attr, void *data)
{
	const struct nlattr **tb = data;
	uint16_t type = mnl_attr_get_type(attr);

	if (type <= ESP_NAT_A_MSG_MAX)
		tb[type] = attr;
	return MNL_CB_OK;
}

static int nl_see_message(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[ESP_NAT_A_MSG_MAX + 1] = { };
	struct nl_question *q = data;

	if (nlh->nlmsg_type != nl_family ||
	    nlh->nlmsg_len < MNL_NLMSG_HDRLEN + GENL_HDRLEN)
		return MNL_CB_OK;
	mnl_attr_parse(nlh, GENL_HDRLEN, nl_store, tb);
	if (q->see && !q->see(tb, q->data))
		return MNL_CB_STOP;
	return MNL_CB_OK;
}

/* The message of the kernel that says what is wrong. */
static void nl_extack(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	size_t skip = sizeof(*err);

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += MNL_ALIGN(err->msg.nlmsg_len - sizeof(err->msg));
	if (mnl_nlmsg_get_payload_len(nlh) <= skip)
		return;
	mnl_attr_for_each(attr, nlh, skip)
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			snprintf(nl_said, sizeof(nl_said), "%.*s",
				 mnl_attr_get_payload_len(attr),
				 mnl_attr_get_str(attr));
}

static int nl_see_error(const struct nlmsghdr *nlh, void *data)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);

	(void)data;
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*err)) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	nl_extack(nlh);
	errno = err->error < 0 ? -err->error : err->error;
	return errno ? MNL_CB_ERROR : MNL_CB_STOP;
}

static int nl_see_done(const struct nlmsghdr *nlh, void *data)
{
	const int *err = mnl_nlmsg_get_payload(nlh);

	(void)data;
	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(*err) && *err < 0) {
		errno = -*err;
		return MNL_CB_ERROR;
	}
	return MNL_CB_STOP;
}

static mnl_cb_t nl_controls[NLMSG_MIN_TYPE] = {
	[NLMSG_ERROR]	= nl_see_error,
	[NLMSG_DONE]	= nl_see_done,
};

/*
 * Changes during a dump make it inconsistent, which a flag of a message tells.
 * libmnl stops there; in the last message, the end would never be seen. So the
 * flag is noted and cleared first.
 */
static bool nl_inconsistent(void *buffer, int len)
{
	struct nlmsghdr *nlh = buffer;
	bool inconsistent = false;

	while (mnl_nlmsg_ok(nlh, len)) {
		inconsistent |= !!(nlh->nlmsg_flags & NLM_F_DUMP_INTR);
		nlh->nlmsg_flags &= ~NLM_F_DUMP_INTR;
		nlh = mnl_nlmsg_next(nlh, &len);
	}
	return inconsistent;
}

/* 0, or a negative errno; -EINTR: a dump is inconsistent. */
static int nl_receive(struct nl_question *q, mnl_cb_t see)
{
	unsigned int portid = mnl_socket_get_portid(nl_sock);
	bool inconsistent = false;
	ssize_t len;
	int ret;

	do {
		len = mnl_socket_recvfrom(nl_sock, nl_answer,
					  sizeof(nl_answer));
		if (len < 0)
			return -errno;
		inconsistent |= nl_inconsistent(nl_answer, len);
		ret = mnl_cb_run2(nl_answer, len, nl_seq, portid, see, q,
				  nl_controls, NLMSG_MIN_TYPE);
	} while (ret > 0);
	if (ret < 0)
		return -errno;
	return inconsistent ? -EINTR : 0;
}

/**
 * nl_begin_in() - begin a request in a buffer of the caller
 * @buffer: large enough for it
 * @cmd: an enum esp_nat_cmd
 * @flags: NLM_F_DUMP, or 0 for a request that is acknowledged
 *
 * Return: the request, for attributes.
 */
struct nlmsghdr *nl_begin_in(void *buffer, uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = nl_family;
	nlh->nlmsg_flags = NLM_F_REQUEST | (flags ? flags : NLM_F_ACK);
	nlh->nlmsg_seq = ++nl_seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = ESP_NAT_FAMILY_VERSION;
	return nlh;
}

/**
 * nl_begin() - begin a request
 * @cmd: an enum esp_nat_cmd
 * @flags: NLM_F_DUMP, or 0 for a request that is acknowledged
 *
 * Return: the request, for attributes; valid until the next one begins.
 */
struct nlmsghdr *nl_begin(uint8_t cmd, uint16_t flags)
{
	return nl_begin_in(nl_request, cmd, flags);
}

/**
 * nl_ask() - send a request and receive its answers
 * @nlh: the request
 * @see: called for each answer; may be NULL
 * @data: for @see
 *
 * Return: 0 or a negative errno; -EINTR: changes during the
 * dump have made it inconsistent.
 */
int nl_ask(struct nlmsghdr *nlh, nl_see see, void *data)
{
	struct nl_question q = { .see = see, .data = data };

	*nl_said = '\0';
	if (mnl_socket_sendto(nl_sock, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	return nl_receive(&q, nl_see_message);
}

/* ---- the family ---- */

static void nl_see_group(const struct nlattr *group)
{
	const struct nlattr *attr;
	uint32_t id = 0;
	bool ours = false;

	mnl_attr_for_each_nested(attr, group) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID)
			id = mnl_attr_get_u32(attr);
		else if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME)
			ours = !strcmp(attr_text(attr), ESP_NAT_MCGRP_EVENTS);
	}
	if (ours)
		nl_group = id;
}

static int nl_see_family(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *group;

	(void)data;
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			nl_family = mnl_attr_get_u16(attr);
		else if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
			mnl_attr_for_each_nested(group, attr)
				nl_see_group(group);
	}
	return MNL_CB_OK;
}

static int nl_find_family(void)
{
	struct nlmsghdr *nlh;
	struct genlmsghdr *genl;

	nlh = nl_begin(CTRL_CMD_GETFAMILY, 0);
	nlh->nlmsg_type = GENL_ID_CTRL;
	genl = mnl_nlmsg_get_payload(nlh);
	genl->version = 1;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, ESP_NAT_FAMILY_NAME);
	if (mnl_socket_sendto(nl_sock, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	return nl_receive(NULL, nl_see_family);
}

/**
 * nl_complain() - print why a request failed
 * @err: a negative errno of nl_ask()
 */
void nl_complain(int err)
{
	if (*nl_said)
		fprintf(stderr, "espnat: %s\n", nl_said);
	else if (err == -EPERM || err == -EACCES)
		fprintf(stderr,
			"espnat: not permitted: this needs CAP_NET_ADMIN in this network namespace; run it as root\n");
	else if (err == -EINTR)
		fprintf(stderr,
			"espnat: clients came and went meanwhile: the list may be inconsistent\n");
	else
		fprintf(stderr, "espnat: %s\n", strerror(-err));
}

static bool nl_missing(int err)
{
	struct stat st;

	*nl_said = '\0';
	if (err != -ENOENT)
		nl_complain(err);
	else if (!stat("/sys/module/esp_nat", &st))
		fprintf(stderr,
			"espnat: the loaded module esp_nat is older than this program and has no netlink: load the one that came with it\n");
	else
		fprintf(stderr,
			"espnat: the module esp_nat is not loaded: modprobe esp_nat, or insmod esp_nat.ko\n");
	return false;
}

/**
 * nl_open() - open the socket and find the family
 *
 * Return: false if it is not there; the reason was printed.
 */
bool nl_open(void)
{
	int one = 1, err;

	if (nl_sock)
		return true;
	nl_sock = mnl_socket_open(NETLINK_GENERIC);
	if (!nl_sock || mnl_socket_bind(nl_sock, 0, MNL_SOCKET_AUTOPID) < 0) {
		perror("espnat: netlink");
		return false;
	}
	mnl_socket_setsockopt(nl_sock, NETLINK_EXT_ACK, &one, sizeof(one));
	mnl_socket_setsockopt(nl_sock, NETLINK_CAP_ACK, &one, sizeof(one));
	nl_seq = time(NULL);
	err = nl_find_family();
	return err ? nl_missing(err) : true;
}

/**
 * nl_send_large() - prepare the socket for a large request
 * @bytes: its length
 *
 * Return: false if the kernel does not allow it; the reason was printed.
 */
bool nl_send_large(size_t bytes)
{
	int fd = mnl_socket_get_fd(nl_sock), size = bytes + 4096, is = 0;
	socklen_t len = sizeof(is);

	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (!getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &is, &len) && is >= size)
		return true;
	fprintf(stderr,
		"espnat: %zu bytes are more than this socket may send: raise net.core.wmem_max, or run it as root\n",
		bytes);
	return false;
}

/* ---- events ---- */

static int nl_see_event(const struct nlmsghdr *nlh, void *data)
{
	return nl_see_message(nlh, data);
}

/**
 * nl_listen() - receive events
 * @see: called for each
 * @data: for @see
 *
 * Return: 0 once @see has returned false; a negative errno; -ENOBUFS: some events
 * were lost, call it again.
 */
int nl_listen(nl_see see, void *data)
{
	struct nl_question q = { .see = see, .data = data };
	int fd = mnl_socket_get_fd(nl_sock), size = 1 << 22, ret;
	ssize_t len;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	*nl_said = '\0';
	if (!nl_group)
		return -ENOENT;
	if (mnl_socket_setsockopt(nl_sock, NETLINK_ADD_MEMBERSHIP, &nl_group,
				  sizeof(nl_group)) < 0)
		return -errno;
	do {
		len = mnl_socket_recvfrom(nl_sock, nl_answer,
					  sizeof(nl_answer));
		if (len < 0)
			return -errno;
		ret = mnl_cb_run(nl_answer, len, 0, 0, nl_see_event, &q);
	} while (ret > 0);
	return ret < 0 ? -errno : 0;
}
