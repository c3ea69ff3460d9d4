#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# IKEv2 clients that go from one NAT to another and say so, with MOBIKE: the
# server's daemon sees the new address, or an alias where somebody else is, and
# moves its SAs there.
#
#	nat    198.51.100.1   192.168.1.0/24   client1, client2
#	other  198.51.100.2   192.168.3.0/24   where they go
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/interop/lib.sh"

both=(client1 client2)

# other_nat: a cable to it is in each client's second device.
other_nat() {
	local name

	host_add other
	topology_public other 2
	topology_lan other 192.168.3
	nat_rules other random 198.51.100.2 || return 1
	for name in "${both[@]}"; do
		wire "$name" eth1 other "$name"
		ip -n "$NS-$name" link set eth1 up
		ip -n "$NS-other" link set "$name" master lan up
	done
}

setup() {
	local i

	tunnel_scene
	host server sysctl -qw net.esp_nat.alias_mode=2
	strongswan_start server || return 1
	strongswan_load server "$(strongswan_connection virtual 2 "$SERVER" \
		%any tunnel 10.50.0.1/32 dynamic 'pools = virtual')" \
		"virtual { addrs = 10.77.0.0/24 }" || return 1
	for i in 1 2; do
		topology_client "client$i" nat "$i"
		strongswan_start "client$i" || return 1
		strongswan_load "client$i" "$(strongswan_connection virtual 2 %any \
			"$SERVER" tunnel dynamic 10.50.0.1/32 'vips = 0.0.0.0')" ||
			return 1
	done
	talk_serve
	other_nat
}

connect() {
	strongswan_initiate client1 virtual && strongswan_initiate client2 virtual &&
		client_has_own client1 && client_has_alias client2 &&
		talk_open "${both[@]}" && tunnel_ping "${both[@]}"
}

# leave CLIENT DEVICE NET FOR_DEVICE NET: from there to that.
leave() {
	local byte=$((10 + ${1#client}))

	ip -n "$NS-$1" address del "$3.$byte/24" dev "$2"
	ip -n "$NS-$1" address add "$5.$byte/24" dev "$4"
	ip -n "$NS-$1" route replace default via "$5.1"
}

# moved CLIENT ADDRESS: the server knows it there, and all go on.
moved() {
	poll 60 is_seen_as "$@" && tunnel_ping "${both[@]}" &&
		talk "${both[@]}" && is_seen_as "$@"
}

is_seen_as() {
	# shellcheck disable=SC2053 # a pattern
	[[ $(client_seen_as "$1") == $2 ]]
}

first_goes() {
	leave client1 eth0 192.168.1 eth1 192.168.3
	moved client1 198.51.100.2 && client_has_alias client2
}

# Where the first is already.
second_goes() {
	leave client2 eth0 192.168.1 eth1 192.168.3
	poll 60 is_nated client2 other
	moved client2 '198.1[89].*' && is_seen_as client1 198.51.100.2
}

# is_nated CLIENT NAT: that one has a mapping of its ESP.
is_nated() {
	host "$2" conntrack -L -p udp --orig-port-dst 4500 2>/dev/null |
		grep -q "src=192.168.[13].$((10 + ${1#client})) "
}

# Its old address is its own again, or not yet, if that is less than 30 s ago.
first_comes_back() {
	leave client1 eth1 192.168.3 eth0 192.168.1
	moved client1 '@(198.51.100.1|198.1[89].*)' && client_has_alias client2
}

# What they left behind goes.
two_contexts() {
	host server sysctl -qw net.esp_nat.idle_timeout=30
	poll 120 has_two_contexts && tunnel_ping "${both[@]}"
}

has_two_contexts() {
	[ $(($(stat_of "$NS-server" ctx_created) - \
		$(stat_of "$NS-server" ctx_destroyed))) -eq 2 ]
}

# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
check "a server, two NATs, clients" setup
check "two IKEv2 clients behind one NAT, alias_mode 2" connect
check "the first goes to another NAT" first_goes
check "the second goes there too" second_goes
check "the first comes back" first_comes_back
check "nothing is left of where they were" two_contexts
interop_end
finish
