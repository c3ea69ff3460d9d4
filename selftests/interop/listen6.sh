#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# In IPv6, strongSwan as a server that has port 500 and not 4500, with two
# clients behind a NAT and one that has none, in tunnel mode: the own socket
# serves them. Then the server is started anew and has 4500 itself.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"

three=(client1 client2 client3)
INSIDE6=fd50::1

# server [OPTIONS]: strongSwan there, with these options of charon.
server() {
	CHARON_OPTIONS=${1:-} strongswan_start srv &&
		strongswan_load srv "$(strongswan_connection l2tp 2 \
			"$SRV6" %any6 tunnel "$INSIDE6/128" dynamic \
			'pools = six')" 'six { addrs = fd77::/112 }'
}

# client NAME [OPTIONS]: strongSwan there.
client() {
	strongswan_start "$1" && strongswan_load "$1" \
		"$(strongswan_connection l2tp 2 %any6 "$SRV6" tunnel \
			dynamic "$INSIDE6/128" "vips = ::
			${2:-}")"
}

# Who has no NAT encapsulates all the same.
clients() {
	client client1 && client client2 && client client3 'encap = yes'
}

setup() {
	interop_begin
	topo_server srv wan
	topo_nat nat 198.51.100.1 random
	topo_client nat client1 11
	topo_client nat client2 12
	topo_direct client3 3
	capture_start
	topo6 && topo_client6 client1 && topo_client6 client2 &&
		topo_client6 client3 && settled6 || return 1
	ip -n "$(ns srv)" address add "$INSIDE6/128" dev lo nodad
	server 'port_nat_t = 14500' && clients
}

inner() {
	ip -n "$(ns "$1")" -6 -o address show |
		sed -n 's/.* inet6 \(fd77::[0-9a-f]*\)\/.*/\1/p' | head -n 1
}

# work: server and clients ping each other, all at the same time, and nothing is
# in the clear.
work() {
	local name address good=true result

	ping_prepare
	for name in "${three[@]}"; do
		address=$(inner "$name")
		[ -n "$address" ] || { echo "$name has no inner address"; return 1; }
		ping_start "$INTEROP/$name.up" "$name" -I "$address" "$INSIDE6"
		ping_start "$INTEROP/$name.down" srv -I "$INSIDE6" "$address"
	done
	ping_run
	for name in "${three[@]}"; do
		result=$(cat "$INTEROP/$name.up" "$INTEROP/$name.down" | xargs)
		echo "$name: pings up, down: $result"
		[ "$result" = "$PING_COUNT $PING_COUNT" ] || good=false
	done
	$good && capture_is_clean
}

dial() {
	local name jobs=()

	for name in "${three[@]}"; do
		strongswan_initiate "$name" l2tp &
		jobs+=($!)
	done
	for name in "${jobs[@]}"; do
		wait "$name" || return 1
	done
	work
}

# Of each client its pings at least, and their answers.
all_dial() {
	dial && own_served 3 $((6 * PING_COUNT))
}

rekey() {
	local name

	for name in "${three[@]}"; do
		swanctl_in "$name" --rekey --child l2tp >&2 || return 1
	done
	work
}

server_rekeys() {
	swanctl_in srv --rekey --ike l2tp >&2 && work
}

has_4500() {
	strongswan_kill srv
	server && own_bound_to 4500
}

dial_it() {
	local name own

	own=$(stat_of srv in_own)
	for name in "${three[@]}"; do
		host_stop "$name"
		rm -f "$INTEROP/$name/run"/charon.*
		ip -n "$(ns "$name")" -batch - <<-END
			xfrm state flush
			xfrm policy flush
			address flush to fd77::/112
		END
	done
	clients && dial && [ "$(stat_of srv in_own)" = "$own" ]
}

# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
check "strongSwan without port 4500, clients with and without NAT" setup
check "it has port 500 only" own_only_500
check "listen 1" own_listen
check "3 clients" all_dial
check "their SAs are renewed" rekey
check "the server renews its IKE SAs" server_rekeys
check "strongSwan starts anew, with port 4500" has_4500
check "3 clients dial that: nothing is the own socket's" dial_it
interop_end
finish
