#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A server behind a NAT of its own, which hands on UDP 500 and 4500 and nothing
# else: its clients, behind another NAT, send all at the same time. And two of
# strongSwan's own topologies, with what it claims of them: double-nat-net, and
# host2host-transport-nat, where on the stock kernel only the last client works.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/interop/lib.sh"

# --- L2TP ---

both_dial() {
	client_connect client1 client2 &&
		client_all_distinct client1 client2 && only_in_udp
}

# Everything between the two NATs was UDP-encapsulated.
only_in_udp() {
	[ "$(capture_count esp)" = 0 ] && [ "$(capture_count udpesp)" -gt 0 ] &&
		capture_is_clean
}

# --- strongSwan's double-nat-net ---

# Two clients in tunnel mode; the net behind the server is that of its NAT.
double_nat_net() {
	local i

	interop_begin
	topology_hidden_gateway
	topology_nat nat 1 random
	capture_start
	ip -n "$NS-gate" route add 192.168.1.0/24 via "$SERVER_HOME"
	host server sysctl -qw net.ipv4.ip_forward=1 \
		net.ipv4.conf.all.send_redirects=0 \
		net.ipv4.conf.eth0.send_redirects=0
	strongswan_start server &&
		strongswan_load server "$(strongswan_connection net 2 \
			"$SERVER_HOME" %any tunnel 10.2.0.0/24 \
			192.168.1.0/24)" || return 1
	for i in 1 2; do
		topology_client "client$i" nat "$i"
		strongswan_start "client$i" &&
			strongswan_load "client$i" "$(strongswan_connection \
				net 2 %any "$SERVER" tunnel dynamic \
				10.2.0.0/24)" || return 1
	done
}

# installed HOST WORDS: an established IKE SA has such an SA under it.
installed() {
	local sas

	sas=$(swanctl_in "$1" --list-sas)
	[[ $sas == *ESTABLISHED*"INSTALLED, $2"* ]] && return 0
	echo "$1: $sas"
	return 1
}

# pings ADDRESS CLIENT...: all at the same time; how many were answered is in
# $INTEROP/CLIENT.up
pings() {
	local to=$1 name

	shift
	ping_prepare
	for name; do
		ping_start "$INTEROP/$name.up" "$name" "$to"
	done
	ping_run
	for name; do
		echo "$name: $(<"$INTEROP/$name.up") answered"
	done
}

answered() {
	[ "$(<"$INTEROP/$1.up")" = "$2" ]
}

net_is_reached() {
	strongswan_initiate client1 net && strongswan_initiate client2 net &&
		installed server TUNNEL-in-UDP &&
		installed client1 TUNNEL-in-UDP &&
		installed client2 TUNNEL-in-UDP || return 1
	pings 10.2.0.1 client1 client2
	answered client1 "$PING_COUNT" && answered client2 "$PING_COUNT" &&
		only_in_udp
}

# --- strongSwan's host2host-transport-nat ---

host2host() {
	local i

	interop_begin
	topology_gateway
	topology_nat nat 1 preserve
	capture_start
	strongswan_start server &&
		strongswan_load server "$(strongswan_connection host 2 \
			"$SERVER" %any transport dynamic dynamic)" || return 1
	for i in 1 2; do
		topology_client "client$i" nat "$i"
		strongswan_start "client$i" &&
			strongswan_load "client$i" "$(strongswan_connection \
				host 2 %any "$SERVER" transport dynamic \
				dynamic)" || return 1
	done
}

both_initiate() {
	strongswan_initiate client1 host && strongswan_initiate client2 host &&
		installed server TRANSPORT-in-UDP &&
		installed client1 TRANSPORT-in-UDP &&
		installed client2 TRANSPORT-in-UDP
}

last_wins() {
	both_initiate || return 1
	PING_PATIENCE=10 pings "$SERVER" client1
	answered client1 0 || return 1
	pings "$SERVER" client2
	answered client2 "$PING_COUNT"
}

both_win() {
	set_alias_mode 2 && both_initiate || return 1
	pings "$SERVER" client1 client2
	answered client1 "$PING_COUNT" && answered client2 "$PING_COUNT" &&
		only_in_udp
}

set_alias_mode() {
	host server sysctl -qw "net.esp_nat.alias_mode=$1"
}

NO_MODULE=1
# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
check "transport from host to host, no module" host2host
check "host2host-transport-nat: the last client works, the first does not" last_wins
interop_end
check "the module is loaded" module_load
check "transport from host to host" host2host
check "host2host-transport-nat: both work" both_win
interop_end
check "a net behind a hidden server" double_nat_net
check "double-nat-net: both clients reach it" net_is_reached
interop_end
check "strongSwan behind a NAT, clients behind another" \
	client_crew preserve 2 1 strongswan hidden_gateway
check "2 clients dial strongSwan" both_dial
interop_end
check "libreswan behind a NAT, clients behind another" \
	client_crew preserve 2 1 libreswan hidden_gateway
check "2 clients dial libreswan" both_dial
interop_end
finish
