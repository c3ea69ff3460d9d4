#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A server behind a NAT of its own, which hands on UDP 500 and 4500 and nothing
# else: its clients, behind another NAT, send all at the same time. And two of
# strongSwan's own topologies, with what it claims of them: double-nat-net, and
# host2host-transport-nat, where on the stock kernel only the last client works.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"
. "$(dirname "$0")/../lib/harmless.sh"

# Everything between the two NATs was UDP-encapsulated.
only_in_udp() {
	[ "$(capture_count esp)" = 0 ] && [ "$(capture_count udpesp)" -gt 0 ] &&
		capture_is_clean
}

# --- strongSwan's double-nat-net ---

# Two clients in tunnel mode; the net behind the server is that of its NAT.
double_nat_net() {
	interop_begin
	topo_hidden_server srv wan
	topo_nat nat 198.51.100.1 random
	capture_start
	ip -n "$(ns gate)" route add 10.1.0.0/16 via "$SRV_HOME"
	in_ns srv sysctl -qw net.ipv4.ip_forward=1 \
		net.ipv4.conf.all.send_redirects=0 \
		net.ipv4.conf.wan0.send_redirects=0
	strongswan_start srv &&
		strongswan_load srv "$(strongswan_connection net 2 \
			"$SRV_HOME" %any tunnel 10.3.0.0/24 \
			10.1.0.0/16)" || return 1
	two_clients net 2 %any "$SRV" tunnel dynamic 10.3.0.0/24
}

# two_clients CONNECTION...: the words of strongswan_connection().
two_clients() {
	local i

	for i in 1 2; do
		topo_client nat "client$i" $((10 + i))
		strongswan_start "client$i" &&
			strongswan_load "client$i" \
				"$(strongswan_connection "$@")" || return 1
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

# both_initiate CONNECTION MODE
both_initiate() {
	strongswan_initiate client1 "$1" && strongswan_initiate client2 "$1" &&
		installed srv "$2-in-UDP" && installed client1 "$2-in-UDP" &&
		installed client2 "$2-in-UDP"
}

both_dial_net() { both_initiate net TUNNEL; }

# --- strongSwan's host2host-transport-nat ---

host2host() {
	interop_begin
	topo_server srv wan
	topo_nat nat 198.51.100.1 preserving
	capture_start
	strongswan_start srv &&
		strongswan_load srv "$(strongswan_connection host 2 \
			"$SRV" %any transport dynamic dynamic)" || return 1
	two_clients host 2 %any "$SRV" transport dynamic dynamic
}

set_alias_mode() {
	in_ns srv sysctl -qw "net.esp_nat.alias_mode=$1"
}

both_dial() { with_module set_alias_mode 2 && both_initiate host TRANSPORT; }

# reached ADDRESS CLIENT...: every ping is answered, and goes in UDP.
reached() {
	local name

	pings "$@"
	shift
	for name; do
		answered "$name" "$PING_COUNT" || return 1
	done
	only_in_udp
}

# --- the scenes ---

from_host_to_host() {
	step_both "set up" host2host || return
	step_both "two clients dial" both_dial || return
	step "the last works" reached "$SRV" client2
	step_better "both work" reached "$SRV" client1 client2
}

to_a_net() {
	step_both "set up" double_nat_net || return
	step "two clients dial" both_dial_net
	step "both reach it" reached 10.3.0.1 client1 client2
}

# l2tp DAEMON
l2tp() {
	local L2TP_PATIENCE=150000

	harmless_module || L2TP_PATIENCE=15000
	step_both "set up" client_crew preserving 2 1 "$1" hidden_server || return
	step_both "a client dials" dials client1 || return
	step_better "two dial at once" both_l2tp
}

dials() { client_connect "$1" && only_in_udp; }

# both_l2tp: they are told apart, too.
both_l2tp() {
	client_hangup client1
	client_connect client1 client2 &&
		client_all_distinct client1 client2 && only_in_udp
}

PING_PATIENCE=12
# shellcheck disable=SC2119
begin
daemons_install >/dev/null 2>&1 || bail "no daemons"
scene "host2host-transport-nat" from_host_to_host
scene "double-nat-net" to_a_net
scene "strongSwan behind a NAT" l2tp strongswan
scene "libreswan behind a NAT" l2tp libreswan
harmless_end
