#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# IP-TFS (RFC 9347, Linux 6.14): several packets in one of ESP, or one in several. xfrm
# accepts a packet only when the last of its pieces is there, and that may have come
# after the ESP packet that tells where the client is.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin
# It is built in, or a module that selftests/vm/iptfs has built, or not there.
IPTFS_KO=$(realpath "$SELFTESTS/..")/.cache/iptfs/$(uname -r)/xfrm_iptfs.ko
# It stays: xfrm does not give back all references to it.
[ ! -e "$IPTFS_KO" ] || [ -d /sys/module/xfrm_iptfs ] || insmod "$IPTFS_KO"

topo_new
topo_crowd random c1 c2 c3
daemon srv
check "three clients connect, in tunnel mode" both tunnel_connect c1 -- \
	tunnel_connect c2 -- tunnel_connect c3

in_iptfs_mode()
{
	local name
	stage iptfs ns="$(ns srv)" local="$SRV" || return 1
	[ "$(field known)" = 1 ] || { skip "this kernel has no IP-TFS"; return; }
	says n=6 || return 1
	for name in c1 c2 c3; do
		stage iptfs ns="${NS[$name]}" local="${ADDR[$name]}" && says n=2 ||
			return 1
	done
}
IPTFS=
known_mode() { in_iptfs_mode && IPTFS=1; }
check "their SAs are in IP-TFS mode" known_mode
[ -n "$IPTFS" ] || { sa_end; exit; }

check "they work" everyone udp c1 c2 c3
check "and by TCP" everyone tcp c1 c2 c3

# esp_packets WORD...: what has crossed the wire before the server.
stage sniff name=wire ns="$(ns srv)" dev=wan0
esp_packets() { wire_count wire proto=17 sport=4500 src="$SRV"; }

# A packet of 1,430 bytes is too much for one of ESP, but not for the wire.
in_pieces()
{
	local before BURST=(size=1430 rounds=10)
	before=$(esp_packets)
	everyone udp c1 c2 c3 && [ "$(($(esp_packets) - before))" -ge 75 ]
}
check "packets in two pieces each: they work" in_pieces

# follows [WORD]...: the NAT forgets, and such packets tell where they are.
follows()
{
	local BURST=("$@")
	stage wait seconds=1
	nat_forget nat
	mark srv
	hello c1 c2 c3 && everyone udp c1 c2 c3 && rose ctx_moved 3
}
check "the NAT forgets: all are followed" follows
check "by packets in pieces, too" follows size=1430
check "and of packets of 7,000 bytes" follows size=7000

sa_end
