// SPDX-License-Identifier: GPL-2.0
/* espnat socket: who is on nat_port and ike_port. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "out.h"
#include "sock.h"

/**
 * sock_read() - what the kernel tells of a socket
 * @msg: its attributes
 * @sock: receives it
 *
 * Return: false if they tell of none.
 */
bool sock_read(const struct nlattr **msg, struct sock *sock)
{
	const struct nlattr *tb[ESP_NAT_A_SOCKET_MAX + 1];

	if (!msg[ESP_NAT_A_MSG_SOCKET])
		return false;
	nl_attrs(msg[ESP_NAT_A_MSG_SOCKET], tb, ESP_NAT_A_SOCKET_MAX);
	if (!tb[ESP_NAT_A_SOCKET_LOCAL] ||
	    !ep_get(tb[ESP_NAT_A_SOCKET_LOCAL], &sock->local))
		return false;
	sock->inode = nl_number(tb[ESP_NAT_A_SOCKET_INODE]);
	sock->uid = nl_number(tb[ESP_NAT_A_SOCKET_UID]);
	sock->encap = tb[ESP_NAT_A_SOCKET_ENCAP];
	sock->gro = tb[ESP_NAT_A_SOCKET_GRO];
	sock->hooked = tb[ESP_NAT_A_SOCKET_HOOKED];
	sock->own = tb[ESP_NAT_A_SOCKET_OWN];
	return true;
}

static bool sock_of(const char *pid, const char *want)
{
	char path[64], link[64];
	struct dirent *entry;
	bool found = false;
	ssize_t len;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%.20s/fd", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		len = readlinkat(dirfd(dir), entry->d_name, link,
				 sizeof(link) - 1);
		if (len > 0) {
			link[len] = '\0';
			found = !strcmp(link, want);
		}
	}
	closedir(dir);
	return found;
}

/* A process names itself as it likes; neither a terminal nor JSON may mind. */
static void sock_name(const char *pid, char *name, size_t size)
{
	char path[64], *c;
	FILE *comm;

	snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
	comm = fopen(path, "r");
	if (!comm || !fgets(name, size, comm))
		snprintf(name, size, "?");
	name[strcspn(name, "\n")] = '\0';
	for (c = name; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	if (comm)
		fclose(comm);
}

/**
 * sock_process() - whose is a socket?
 * @sock: the socket
 * @name: receives the name of the first process that has it
 * @size: bytes that @name has
 *
 * Return: false if it cannot be told.
 */
bool sock_process(const struct sock *sock, char *name, size_t size)
{
	struct dirent *entry;
	bool found = false;
	char want[32];
	DIR *proc;

	proc = sock->inode ? opendir("/proc") : NULL;
	if (!proc)
		return false;
	snprintf(want, sizeof(want), "socket:[%u]", sock->inode);
	while (!found && (entry = readdir(proc))) {
		if (*entry->d_name < '0' || *entry->d_name > '9' ||
		    !sock_of(entry->d_name, want))
			continue;
		sock_name(entry->d_name, name, size);
		found = true;
	}
	closedir(proc);
	return found;
}

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
	out_flag("hooked", " hooked", sock.hooked);
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
