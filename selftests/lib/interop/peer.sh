# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# One peer in tunnel mode, 10.60.0.3 inside, whose address the gateway's
# configuration names: behind a NAT or without one.

# peer_topology NAT: a gateway, 10.50.0.1 inside, and client1; NAT is a kind of it
# (nat.sh) or none. PEER is the address that the gateway sees.
peer_topology() {
	interop_begin
	topo_server srv wan
	if [ "$1" = none ]; then
		PEER=198.51.100.101
		topo_direct client1 101
	else
		PEER=$P
		topo_nat nat "$P" "$1"
		topo_client nat client1 11
	fi
	capture_start
	ip -n "$(ns srv)" address add 10.50.0.1/32 dev lo
	ip -n "$(ns client1)" address add 10.60.0.3/32 dev lo
}

# peer_power_cut HOST: nothing is left of what it knew, and nobody was told.
peer_power_cut() {
	host_stop "$1"
	rm -rf "$INTEROP/$1/run/charon."* "$INTEROP/$1/run/pluto" "$INTEROP/$1/nss"
	ip -n "$(ns "$1")" xfrm state flush
	ip -n "$(ns "$1")" xfrm policy flush
}

# peer_load VERSION: client1's connection to the gateway, called site.
peer_load() {
	strongswan_load client1 "$(strongswan_connection site "$1" %any "$SRV" \
		tunnel 10.60.0.3/32 10.50.0.1/32 "${PEER_OPTIONS:-}")"
}

# peer_load_server VERSION: the gateway's, to PEER and nobody else.
peer_load_server() {
	strongswan_load srv "$(strongswan_connection site "$1" "$SRV" "$PEER" \
		tunnel 10.50.0.1/32 10.60.0.0/24 "${PEER_OPTIONS:-}")"
}

peer_dial() {
	strongswan_initiate client1 site && tunnel_ping client1
}

# peer_hangup: an orderly end, with DELETE.
peer_hangup() {
	swanctl_in client1 --terminate --ike site >>"$INTEROP/client1/swanctl.out" 2>&1
}
