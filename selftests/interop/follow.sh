#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# NATs forget and change their address under clients of real daemons: replies go
# where each client's next packet comes from, TCP goes on, the daemons and xfrm
# see nothing of it. libreswan without the module loses such a client for good.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"

# crew DAEMON: that one and xl2tpd, a NAT that gives random ports, two clients.
crew() {
	client_crew random 2 1 "$1" && talk_serve
}

two_dial() {
	client_dial client1
	client_dial client2
	client_work client1 client2 && client_has_own client1 &&
		client_has_alias client2 && talk_open client1 client2
}

# The same NAT without the module, one client.
dark() {
	client_dial client1
	client_work client1 || return 1
	nat_forget nat
	! next_packet client1
}

NO_MODULE=1
# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
check "libreswan, a NAT that gives random ports, no module" crew libreswan
check "the NAT forgets: the client is dark for good" dark
interop_end
check "the module is loaded" module_load
for server in strongswan libreswan; do
	check "$server, a NAT that gives random ports, clients" \
		crew $server
	check "$server: two clients" two_dial
	check "$server: the NAT forgets: other ports" follow nat_forget nat
	check "$server: another address and other ports" follow nat_renumber nat 198.51.100.77
	check "$server: the NAT keeps ports from now on: other ports" follow keep_ports
	check "$server: another address, the same ports" follow nat_renumber nat 198.51.100.1
	interop_end
done
finish
