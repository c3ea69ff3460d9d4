// SPDX-License-Identifier: GPL-2.0
/* espnat socket: the sockets on nat_port and ike_port. */
#include <string.h>

#include "cmd.h"
#include "nl.h"
#include "out.h"
#include "sock.h"

static bool socket_see(const struct nlattr **msg, void *data)
{
	struct sock sock;
	char name[32];

	(void)data;
	if (!sock_read(msg, &sock))
		return true;
	out_open(NULL, '{');
	out_ep("local", "", &sock.local);
	if (sock.own)
		out_flag("own", " own socket of esp_nat", true);
	else if (sock_process(&sock, name, sizeof(name)))
		out_str("process", " ", name);
	if (!sock.own) {
		out_u64("inode", " inode ", sock.inode);
		out_u64("uid", " uid ", sock.uid);
	}
	out_flag("encap", " UDP_ENCAP", sock.encap);
	out_flag("gro", " UDP_GRO", sock.gro);
	out_close('}');
	out_line();
	return true;
}

/**
 * socket_show() - show the sockets on nat_port and ike_port
 * @argc: 0
 * @argv: nothing
 *
 * Return: an enum cmd_status.
 */
int socket_show(int argc, char **argv)
{
	int err;

	if (argc && !strcmp(*argv, "show"))
		argc--, argv++;
	if (cmd_no_more(argc, argv))
		return CMD_USAGE;
	if (!nl_open())
		return CMD_FAILED;
	out_open(NULL, '[');
	err = nl_ask(nl_begin(ESP_NAT_CMD_SOCKET_GET, NLM_F_DUMP), socket_see,
		     NULL);
	out_close(']');
	return cmd_status(err);
}
