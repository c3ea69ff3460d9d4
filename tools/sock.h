/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ESPNAT_SOCK_H
#define _ESPNAT_SOCK_H

#include "ep.h"
#include "nl.h"

/**
 * struct sock - a socket on nat_port or ike_port
 * @local: what it is bound to
 * @inode: its inode's number, 0: no process has it
 * @uid: its owner
 * @encap: UDP_ENCAP is set
 * @gro: UDP_GRO is set
 * @own: it is an own socket
 */
struct sock {
	struct ep	local;
	uint32_t	inode;
	uint32_t	uid;
	bool		encap;
	bool		gro;
	bool		own;
};

bool sock_read(const struct nlattr **msg, struct sock *sock);
bool sock_process(const struct sock *sock, char *name, size_t size);

#endif /* _ESPNAT_SOCK_H */
