#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Sockets with UDP_GRO that come and go while the module does: nothing of it is left
# in any, however they got their port.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin
need ethtool

topo_new
topo_direct d1 101
topo_gro
PEER=198.51.100.101

# --- a socket whose port the kernel has chosen ---

socket_begin()
{
	in_ns srv sysctl -qw net.ipv4.ip_local_port_range='4500 4500' || return 1
	coproc SOCKET { in_ns srv "$SELFTESTS/tools/autobind.py"; }
	socket connect "$PEER" 4500 && [ "$PORT" = 4500 ]
}
# socket COMMAND: PORT is what it is bound to then.
socket()
{
	echo "$*" >&"${SOCKET[1]}" && read -r -t 20 -u "${SOCKET[0]}" PORT
}
# A message of IKE and ESP, twice each.
reached()
{
	local i
	for i in 1 2; do
		stage raw ns="${NS[d1]}" src="$PEER" dst="$SRV" sport=4500 \
			dport=4500 ike=1 marker=1 &&
		stage raw ns="${NS[d1]}" src="$PEER" dst="$SRV" sport=4500 \
			dport=4500 size=64 || return 1
	done
}
heard() { mark srv && reached && await_rise in_ike; }
check "a socket of nat_port that the kernel has chosen for it" socket_begin
check "IKE reaches it" heard
disconnected() { socket disconnect && [ "$PORT" = 0 ]; }
check "it leaves the port" disconnected
check "the module goes" leak_audit
again() { socket send "$PEER" 9 && [ "$PORT" = 4500 ]; }
check "it takes the port again" again
check "ESP and IKE reach it" reached

# --- sockets that are opened all the time ---

check "the module comes back" module_load
closed() { kill "$SOCKET_PID" && { wait "$SOCKET_PID" || :; }; }
check "that socket is closed" closed
daemon srv gro=1
busy()
{
	local i
	for i in {1..5}; do
		stage close names=srv.4500 &&
		stage ike name=srv.4500 ns="$(ns srv)" addr=0.0.0.0 port=4500 \
			responder=srv gro=1 && reached && leak_audit && reached &&
		module_load || return 1
	done
}
check "the module goes and comes, a daemon opens its socket anew" busy

# --- esp4_offload goes at the same time, before whose place in GRO ours is ---

# Who of them is first is chance; esp4_offload's place is its own, or nobody's.
together()
{
	local i other
	modprobe -q esp4_offload || return 1
	[ -d /sys/module/esp4_offload/sections ] || return 0
	for i in {1..10}; do
		modprobe -r esp4_offload &
		other=$!
		leak_audit || return 1
		wait "$other" || return 1
		reached && modprobe esp4_offload && reached && module_load &&
		reached || return 1
	done
}
check "the module and esp4_offload go at once, and come back" together
check "a client dials" connect_client d1
check "it works" everyone udp d1
finish
