# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Clients in tunnel mode, with a virtual address or a net of their own.

# tunnel_scene: a gateway, 10.50.0.1 inside it, a NAT that gives random ports.
tunnel_scene() {
	interop_begin
	topology_gateway
	topology_nat nat 1 random
	capture_start
	ip -n "$NS-server" address add 10.50.0.1/32 dev lo
}

# tunnel_inner CLIENT: its address in the tunnel.
tunnel_inner() {
	ip -n "$NS-$1" -4 -o address show |
		sed -n 's/.* inet \(10\.[67][07]\.0\.[0-9]*\)\/.*/\1/p' | head -n 1
}

# tunnel_ping CLIENT...: 10.50.0.1 and they ping each other, all at the same time,
# and nothing is in the clear.
tunnel_ping() {
	local name address good=true result

	ping_prepare
	for name; do
		address=$(tunnel_inner "$name")
		[ -n "$address" ] || { echo "$name has no inner address"; return 1; }
		ping_start "$INTEROP/$name.up" "$name" \
			-I "$address" 10.50.0.1
		ping_start "$INTEROP/$name.down" server \
			-I 10.50.0.1 "$address"
	done
	ping_run
	for name; do
		result=$(cat "$INTEROP/$name.up" "$INTEROP/$name.down" | xargs)
		echo "$name: pings up, down: $result; seen as $(client_seen_as "$name")"
		[ "$result" = "$PING_COUNT $PING_COUNT" ] || good=false
	done
	$good && capture_is_clean
}
