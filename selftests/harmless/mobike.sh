#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# IKEv2 clients that go from one NAT to another and say so, with MOBIKE: the
# server's daemon sees the new address, or with alias_mode 2 an alias where
# somebody else is, and moves its SAs there.
#
#	nat    198.51.100.1   10.1.0.0/16      client1, client2
#	other  198.51.100.2   10.4.0.0/16      where they go
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"
. "$(dirname "$0")/../lib/harmless.sh"

both=(client1 client2)

# other_nat: a cable to it is in each client's second device.
other_nat() {
	local name

	LAN=10.4 topo_nat other 198.51.100.2 random || return 1
	for name in "${both[@]}"; do
		topo_plug "$name" eth1 "$(ns other)" br0
		ip -n "$(ns "$name")" link set eth1 up
	done
}

setup() {
	tunnel_scene
	with_module alias_mode && tunnel_server && tunnel_client client1 &&
		tunnel_client client2 || return 1
	talk_serve
	other_nat
}

alias_mode() { in_ns srv sysctl -qw "net.esp_nat.alias_mode=$MODE"; }

# Where MODE lets IKEv2 clients have aliases, the second has one.
by_alias() { harmless_module && [ "$MODE" = 2 ]; }

second_has_alias() { ! by_alias || client_has_alias client2; }

connect() {
	strongswan_initiate client1 virtual && strongswan_initiate client2 virtual &&
		client_has_own client1 && second_has_alias &&
		talk_open "${both[@]}" && tunnel_ping "${both[@]}"
}

# leave CLIENT DEVICE NET FOR_DEVICE NET: from there to that.
leave() {
	local byte=$((10 + ${1#client}))

	ip -n "$(ns "$1")" address del "$3.$byte/16" dev "$2"
	ip -n "$(ns "$1")" address add "$5.$byte/16" dev "$4"
	ip -n "$(ns "$1")" route replace default via "$5.1"
}

# moved CLIENT ADDRESS: the server knows it there, and all go on.
moved() {
	busywait 60000 is_seen_as "$@" && tunnel_ping "${both[@]}" &&
		talk "${both[@]}" && is_seen_as "$@"
}

is_seen_as() {
	# shellcheck disable=SC2053 # a pattern
	[[ $(client_seen_as "$1") == $2 ]]
}

first_goes() {
	leave client1 eth0 10.1.0 eth1 10.4.0
	moved client1 198.51.100.2 && second_has_alias
}

# Where the first is already.
second_goes() {
	leave client2 eth0 10.1.0 eth1 10.4.0
	busywait 60000 is_nated client2 other
	moved client2 "$(by_alias && echo '198.1[89].*' || echo 198.51.100.2)" &&
		is_seen_as client1 198.51.100.2
}

# is_nated CLIENT NAT: that one has a mapping of its ESP.
is_nated() {
	in_ns "$2" conntrack -L -p udp --orig-port-dst 4500 2>/dev/null |
		grep -q "src=10.[14].0.$((10 + ${1#client})) "
}

# Its old address is its own again, or not yet, if that is less than 30 s ago.
first_comes_back() {
	leave client1 eth1 10.4.0 eth0 10.1.0
	moved client1 '@(198.51.100.1|198.1[89].*)' && second_has_alias
}

# What they left behind goes.
two_contexts() {
	in_ns srv sysctl -qw net.esp_nat.idle_timeout=30
	busywait 120000 has_two_contexts && tunnel_ping "${both[@]}"
}

has_two_contexts() {
	[ $(($(stat_of srv ctx_created) - \
		$(stat_of srv ctx_destroyed))) -eq 2 ]
}

# moves MODE: the module's alias_mode.
moves() {
	MODE=$1
	step_both "set up" setup || return
	step_both "two IKEv2 clients behind one NAT" connect || return
	step "the first goes to another NAT" first_goes
	step "the second goes there too" second_goes
	step "the first comes back" first_comes_back
	step "nothing is left of where they were" with_module two_contexts
}

# shellcheck disable=SC2119
begin
daemons_install >/dev/null 2>&1 || bail "no daemons"
scene "MOBIKE" moves 1
scene "MOBIKE, alias_mode 2" moves 2
harmless_end
