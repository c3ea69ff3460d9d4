#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# strongSwan and xl2tpd behind the NATs that people have, and behind none.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"

server_up() {
	interop_begin
	topo_server srv wan
	capture_start
	strongswan_start srv && strongswan_l2tp_server srv 1 "${1:-}" ||
		return 1
	l2tp_server srv
}

# behind KIND COUNT: that many clients behind such a NAT, up at the same time.
behind() {
	local i crew=()

	server_up || return 1
	topo_nat nat 198.51.100.1 "$1"
	for i in $(seq "$2"); do
		topo_client nat "client$i" $((10 + i))
		crew+=("client$i")
	done
	client_boot_all 1 "${crew[@]}" || return 1
	client_connect "${crew[@]}"
}

# Each client appears as the NAT's port 500, one after the other.
forgetful() {
	local i

	server_up || return 1
	topo_nat nat 198.51.100.1 forgetful
	for i in 1 2 3; do
		topo_client nat "client$i" $((10 + i))
	done
	client_boot_all 1 client1 client2 client3 || return 1
	for i in 1 2 3; do
		busywait 20000 port_500_is_forgotten || return 1
		client_dial "client$i"
	done
	client_work client1 client2 client3
}

port_500_is_forgotten() {
	[ -z "$(in_ns nat conntrack -L -p udp --orig-port-dst 500 2>/dev/null)" ]
}

two_in_a_row() {
	server_up || return 1
	topo_nat nat 198.51.100.1 preserving
	topo_nat inner 10.1.0.5 random nat
	topo_client inner client1 11
	topo_client inner client2 12
	topo_client nat client3 13
	client_boot_all 1 client1 client2 client3 || return 1
	client_connect client1 client2 client3
}

# Private addresses are also the IKE identities, so the daemon must be told
# that equal ones are different clients.
same_private_addresses() {
	server_up "unique = never" || return 1
	topo_nat nat 198.51.100.1 random
	topo_nat other 198.51.100.2 preserving
	topo_client nat client1 11
	topo_client nat client2 12
	topo_client other client3 11
	topo_client other client4 12
	client_boot_all 1 client1 client2 client3 client4 || return 1
	client_connect client1 client2 client3 client4 &&
		client_all_distinct client1 client2 client3 client4
}

with_clients_without_nat() {
	server_up || return 1
	topo_nat nat 198.51.100.1 preserving
	topo_client nat client1 11
	topo_client nat client2 12
	topo_direct client3 3
	topo_direct client4 4
	client_boot_all 1 client1 client2 client3 client4 || return 1
	client_connect client1 client2 client3 client4 &&
		client_has_own client3 && client_has_own client4
}

# The NAT gives the ports of a client that crashed to the next one.
port_of_a_dead_one() {
	server_up || return 1
	topo_nat nat 198.51.100.1 preserving
	topo_client nat client1 11
	topo_client nat client2 12
	topo_client nat client3 13
	client_boot_all 1 client1 client2 client3 || return 1
	client_connect client1 client2 || return 1
	host_stop client1
	nat_forget nat -p udp --orig-src "${ADDR[client1]}"
	client_dial client3
	client_work client2 client3
}

scenario() {
	check "$@"
	interop_end
}

# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
scenario "a NAT that never translates port 500" behind passing-500 3
scenario "a NAT that forgets port 500: each in turn is the NAT's port 500" forgetful
scenario "static maps" behind static 3
scenario "port 500 leaves by one address, port 4500 by another" behind two-addresses 3
scenario "two NATs in a row" two_in_a_row
scenario "two NATs with the same private addresses" same_private_addresses
scenario "with clients that have no NAT" with_clients_without_nat
scenario "a dead client's port goes to another" port_of_a_dead_one
finish
