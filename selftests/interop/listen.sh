#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# strongSwan as a server that has port 500 and not 4500, and clients behind a
# NAT, which float to 4500: there is the own socket. Then it is started anew, as
# it is by default, and has 4500 itself.
# shellcheck disable=SC1091,SC2016,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"

three=(client1 client2 client3)

# server VERSION [OPTIONS]: strongSwan there, with these options of charon.
server() {
	CHARON_OPTIONS=${2:-} strongswan_start srv &&
		strongswan_l2tp_server srv "$1"
}

# crew VERSION: all is there but the own socket.
crew() {
	local i

	interop_begin
	topo_server srv wan
	topo_nat nat 198.51.100.1 random
	capture_start
	server "$1" 'port_nat_t = 14500' && l2tp_server srv || return 1
	in_ns srv sysctl -qw net.esp_nat.alias_mode=2
	for i in 1 2 3; do
		topo_client nat "client$i" $((10 + i))
	done
	client_boot_all "$1" "${three[@]}"
}

# They have dialled and work; IKE and ESP left from 4500, whatever the daemon's
# SAs say: of each client a dozen packets at least, each way.
all_dial() {
	capture_reset
	client_connect "${three[@]}" && client_all_distinct "${three[@]}" ||
		return 1
	echo "encap of $(ip -n "$(ns srv)" xfrm state | grep -c 'sport 500 ')" \
		"SAs from port 500"
	own_served 3 36 && [ "$(stat_of srv out_own)" -ge 36 ]
}

rekey() {
	local name

	for name in "${three[@]}"; do
		swanctl_in "$name" --rekey --child l2tp >&2 || return 1
	done
	client_work "${three[@]}"
}

# The daemon rekeys IKE SAs and asks its clients.
server_rekeys() {
	client_ike_sas "${three[@]}" >"$INTEROP/before"
	swanctl_in srv --rekey --ike l2tp >&2 || return 1
	busywait 90000 client_ike_changed "${three[@]}" && client_work "${three[@]}"
}

has_4500() {
	strongswan_kill srv
	server 2 && own_bound_to 4500
}

dial_it() {
	local name own

	own=$(stat_of srv in_own)
	for name in "${three[@]}"; do
		host_stop "$name"
	done
	client_boot_all 2 "${three[@]}" && client_connect "${three[@]}" &&
		[ "$(stat_of srv in_own)" = "$own" ]
}

# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
check "strongSwan without port 4500, clients behind a NAT" crew 2
check "it has port 500 only" own_only_500
check "listen 1" own_listen
check "3 clients, IKEv2" all_dial
check "their SAs are renewed" rekey
check "the server renews its IKE SAs" server_rekeys
check "strongSwan starts anew, with port 4500" has_4500
check "3 clients dial that: nothing is the own socket's" dial_it
interop_end
check "the same for IKEv1" crew 1
check "listen 1, IKEv1" own_listen
check "3 clients, IKEv1" all_dial
interop_end
finish
