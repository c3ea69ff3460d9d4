// SPDX-License-Identifier: GPL-2.0
/* Sockets on nat_port and ike_port, and their processes. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attr.h"
#include "sock.h"

/**
 * sock_read() - read a socket from netlink
 * @msg: its attributes
 * @sock: receives it
 *
 * Return: false if they have none.
 */
bool sock_read(const struct nlattr **msg, struct sock *sock)
{
	const struct nlattr *tb[ESP_NAT_A_SOCKET_MAX + 1];

	if (!msg[ESP_NAT_A_MSG_SOCKET])
		return false;
	attr_nest(msg[ESP_NAT_A_MSG_SOCKET], tb, ESP_NAT_A_SOCKET_MAX);
	if (!tb[ESP_NAT_A_SOCKET_LOCAL] ||
	    !ep_get(tb[ESP_NAT_A_SOCKET_LOCAL], &sock->local))
		return false;
	sock->inode = attr_number(tb[ESP_NAT_A_SOCKET_INODE]);
	sock->uid = attr_number(tb[ESP_NAT_A_SOCKET_UID]);
	sock->encap = tb[ESP_NAT_A_SOCKET_ENCAP];
	sock->gro = tb[ESP_NAT_A_SOCKET_GRO];
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

/* A process chooses its name: only printable ASCII is safe for a terminal. */
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
 * sock_process() - find the process that has a socket
 * @sock: the socket
 * @name: receives the name of the first process that has it
 * @size: bytes that @name has
 *
 * Return: false if none is found.
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
