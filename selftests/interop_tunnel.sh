#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tunnel mode behind one NAT works on the stock kernel and goes on working:
# IKEv2 clients with virtual addresses, which alias_mode 1 leaves their real
# address, and an IKEv1 client, all sending at the same time.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/interop/lib.sh"

setup() {
	local i

	tunnel_scene
	strongswan_start server || return 1
	strongswan_load server "
		$(strongswan_connection virtual 2 "$SERVER" %any tunnel \
			10.50.0.1/32 dynamic 'pools = virtual')
		$(strongswan_connection old 1 "$SERVER" %any tunnel \
			10.50.0.1/32 10.60.0.0/24)" \
		"virtual { addrs = 10.77.0.0/24 }" || return 1
	for i in 1 2 3; do
		topology_client "client$i" nat "$i"
		strongswan_start "client$i" || return 1
	done
	for i in 1 2; do
		strongswan_load "client$i" "$(strongswan_connection virtual 2 %any \
			"$SERVER" tunnel dynamic 10.50.0.1/32 'vips = 0.0.0.0')" ||
			return 1
	done
	ip -n "$NS-client3" address add 10.60.0.3/32 dev lo
	strongswan_load client3 "$(strongswan_connection old 1 %any "$SERVER" \
		tunnel 10.60.0.3/32 10.50.0.1/32)"
}

two_virtual() {
	strongswan_initiate client1 virtual && strongswan_initiate client2 virtual &&
		tunnel_ping client1 client2
}

keep_their_address() {
	client_has_own client1 && client_has_own client2
}

old_one_joins() {
	strongswan_initiate client3 old && tunnel_ping client1 client2 client3
}

# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
check "a server, a NAT, clients" setup
check "2 IKEv2 clients with virtual addresses" two_virtual
check "both keep their real address with alias_mode 1" keep_their_address
check "an IKEv1 tunnel-mode client beside them" old_one_joins
check "and still they keep it" keep_their_address
interop_end
finish
