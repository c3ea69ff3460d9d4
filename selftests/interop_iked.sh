#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# openiked as the server of IKEv2 clients with virtual addresses behind one
# NAT. Its SAs have no reqid, so that on the stock kernel, and with a real
# address, only the last client works; with alias_mode 2 every one does, and
# each is followed where its NAT takes it: iked and xfrm see nothing of it.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/interop/lib.sh"

setup() {
	local i

	tunnel_scene
	modprobe -q af_key
	iked_virtual_server server 10.50.0.1/32 10.77.0.0/24 || return 1
	for i in 1 2; do
		topology_client "client$i" nat "$i"
		strongswan_start "client$i" || return 1
		strongswan_load "client$i" "$(strongswan_connection virtual 2 %any \
			"$SERVER" tunnel dynamic 10.50.0.1/32 \
			$'vips = 0.0.0.0\nmobike = no')" || return 1
	done
	talk_serve
}

one_client() { strongswan_initiate client1 virtual && tunnel_ping client1; }

second_joins() {
	host server sysctl -qw net.esp_nat.alias_mode=2
	strongswan_initiate client2 virtual && tunnel_ping client1 client2
}

one_has_an_alias() {
	client_has_own client1 && client_has_alias client2
}

MOVE_WORK=tunnel_ping
# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
check "openiked, a NAT, clients" setup
check "an IKEv2 client" one_client
check "two IKEv2 clients at once, alias_mode 2" second_joins
check "the first keeps its address, the second has an alias" one_has_an_alias
check "an open TCP connection of each" talk_open client1 client2
check "the NAT forgets: other ports" follow nat_forget nat
check "another address and other ports" follow renumber 1 77
check "the NAT keeps ports from now on: other ports" follow keep_ports
check "another address, the same ports" follow renumber 77 1
interop_end
finish
