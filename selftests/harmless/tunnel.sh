#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Several clients in tunnel mode behind one NAT: IKEv2 clients with virtual
# addresses, which alias_mode 1 leaves their real address, and an IKEv1 client, all
# sending at the same time.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"
. "$(dirname "$0")/../lib/harmless.sh"

setup() {
	tunnel_scene
	tunnel_server "$(strongswan_connection old 1 "$SRV" %any tunnel \
		10.50.0.1/32 10.60.0.0/24)" && tunnel_client client1 &&
		tunnel_client client2 || return 1
	topo_client nat client3 13
	ip -n "$(ns client3)" address add 10.60.0.3/32 dev lo
	strongswan_start client3 &&
		strongswan_load client3 "$(strongswan_connection old 1 %any \
			"$SRV" tunnel 10.60.0.3/32 10.50.0.1/32)"
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

in_tunnels() {
	step_both "set up" setup || return
	step "two IKEv2 clients with virtual addresses" two_virtual
	step "both keep their real address" keep_their_address
	step "an IKEv1 client beside them" old_one_joins
	step "and still they keep it" keep_their_address
}

PING_COUNT=4 PING_PATIENCE=12
# shellcheck disable=SC2119
begin
daemons_install >/dev/null 2>&1 || bail "no daemons"
scene "tunnel mode behind one NAT" in_tunnels
harmless_end
