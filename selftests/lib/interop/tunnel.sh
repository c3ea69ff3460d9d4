# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Clients in tunnel mode, with a virtual address or a net of their own.

# tunnel_scene: a gateway, 10.50.0.1 inside it, a NAT that gives random ports.
tunnel_scene() {
	interop_begin
	topo_server srv wan
	topo_nat nat 198.51.100.1 random
	capture_start
	ip -n "$(ns srv)" address add 10.50.0.1/32 dev lo
}

# tunnel_server [CONNECTIONS]: strongSwan, which gives IKEv2 clients virtual
# addresses, and serves those.
tunnel_server() {
	strongswan_start srv &&
		strongswan_load srv "$(strongswan_connection virtual 2 "$SRV" \
			%any tunnel 10.50.0.1/32 dynamic 'pools = virtual')
			${1:-}" "virtual { addrs = 10.77.0.0/24 }"
}

# tunnel_client CLIENT [OPTIONS]: behind the NAT, with strongSwan, which asks for a
# virtual address.
tunnel_client() {
	topo_client nat "$1" $((10 + ${1#client}))
	strongswan_start "$1" &&
		strongswan_load "$1" "$(strongswan_connection virtual 2 %any "$SRV" \
			tunnel dynamic 10.50.0.1/32 "vips = 0.0.0.0
			${2:-}")"
}

# tunnel_inner CLIENT: its address in the tunnel.
tunnel_inner() {
	ip -n "$(ns "$1")" -4 -o address show |
		sed -n 's/.* inet \(10\.[67][07]\.0\.[0-9]*\)\/.*/\1/p' | head -n 1
}

# tunnel_ping CLIENT...: 10.50.0.1 and they ping each other, all at the same time,
# and nothing is in the clear.
tunnel_ping() {
	local name address

	ping_prepare
	for name; do
		address=$(tunnel_inner "$name")
		[ -n "$address" ] || { echo "$name has no inner address"; return 1; }
		ping_start "$INTEROP/$name.up" "$name" \
			-I "$address" 10.50.0.1
		ping_start "$INTEROP/$name.down" srv \
			-I 10.50.0.1 "$address"
	done
	ping_run
	ping_came client_seen_as "$@" && capture_is_clean
}
