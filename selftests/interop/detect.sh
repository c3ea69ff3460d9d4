#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Real daemons say which end is behind a NAT: what the contexts of the server,
# which answers, and those of the client, which opens, have learned agrees with
# where the NATs are. A client that forces encapsulation looks behind a NAT.
#
# With run.sh --verbose what was on the wire is kept with the results, for
# fuzz/corpus.py.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"

AGGRESSIVE='i_dont_care_about_security_and_use_aggressive_mode_psk = yes'

# connections LOCAL REMOTE: a connection each of IKEv1, of its aggressive mode,
# of IKEv2; and the same with forced encapsulation.
connections() {
	local name

	for name in main aggr init; do
		case $name in
		main) set -- "$1" "$2" 1 '' ;;
		aggr) set -- "$1" "$2" 1 'aggressive = yes' ;;
		init) set -- "$1" "$2" 2 '' ;;
		esac
		strongswan_connection "$name" "$3" "$1" "$2" transport \
			'dynamic[udp/1701]' 'dynamic[udp/1701]' "$4"
		[ "$2" = %any ] || strongswan_connection "$name-encap" "$3" \
			"$1" "$2" transport 'dynamic[udp/1701]' \
			'dynamic[udp/1701]' "$4"$'\nencap = yes'
	done
}

# scene plain|hidden public|nat: a server that has the public address, or has
# ports of it forwarded; a client that has one, or is behind a NAT.
scene() {
	interop_end
	interop_begin
	if [ "$1" = hidden ]; then
		topo_hidden_server srv wan
	else
		topo_server srv wan
	fi
	if [ "$2" = nat ]; then
		topo_nat nat 198.51.100.1 random
		topo_client nat client1 11
	else
		topo_direct client1 77
	fi
	[ -z "${VERBOSE:-}" ] || host_start wan tcpdump.out tcpdump -Z root \
		-U -i srv0 -w "$INTEROP/$1-$2-$DAEMON.pcap" udp
	strongswan_start client1 &&
		strongswan_load client1 "$(connections %any "$SRV")" &&
		"server_$DAEMON" "$SRV_HOME"
}

server_strongswan() {
	CHARON_OPTIONS=$AGGRESSIVE strongswan_start srv &&
		strongswan_load srv "$(connections "$1" %any)"
}

server_libreswan() {
	libreswan_start srv &&
		libreswan_l2tp srv "$VERSION" "$1" %any %any
}

server_iked() {
	modprobe -q af_key
	iked_virtual_server srv 10.50.0.1/32 10.77.0.0/24
}

# dial CONNECTION HERE PEER [LOCAL REMOTE]: which end is behind a NAT, as the
# server sees it; the client sees it the other way round, or as told.
dial() {
	local name=$1 here=$2 peer=$3

	path_forget srv client1 &&
		strongswan_initiate client1 "$name" || return 1
	path_is client1 initiator "${4:-$peer}" "${5:-$here}" &&
		path_is srv responder "$here" "$peer" || return 1
	hang_up "$name"
}

hang_up() {
	swanctl_in client1 --terminate --ike "$1" \
		>>"$INTEROP/client1/swanctl.out" 2>&1
	busywait 20000 no_sa srv
}

no_sa() { [ -z "$(ip -n "$(ns "$1")" xfrm state)" ]; }

# In aggressive mode the initiator's word is encrypted: the responder does not
# learn, the initiator does.
aggressive() {
	path_forget srv client1 &&
		strongswan_initiate client1 aggr || return 1
	path_is client1 initiator "$2" "$1" &&
		path_is srv responder unknown unknown || return 1
	hang_up aggr
}

# all_of LOCAL PEER WHO
all_of() {
	check "$3: IKEv1, main mode" dial main "$1" "$2"
	check "$3: IKEv2" dial init "$1" "$2"
	check "$3: IKEv1, aggressive mode" aggressive "$1" "$2"
}

# What the client forces, only the server sees.
forced() {
	dial main-encap no yes no no && dial init-encap no yes no no
}

# IKEv2 with libreswan, which does not take these traffic selectors: the IKE SA is
# enough.
init_only() {
	path_forget srv client1 || return 1
	strongswan_initiate client1 init
	path_is client1 initiator "$2" "$1" && path_is srv responder "$1" "$2"
}

# A connection of its own for openiked, which gives virtual addresses.
iked_dials() {
	strongswan_load client1 "$(strongswan_connection init 2 %any "$SRV" \
		tunnel dynamic 10.50.0.1/32 'vips = 0.0.0.0')" &&
		dial init no yes
}

# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
check "their words can be heard" trace_begin esp_nat_ctx_position
DAEMON=strongswan
check "strongSwan, no NAT" scene plain public
all_of no no "no NAT"
check "a client that forces encapsulation looks behind a NAT" forced
check "strongSwan, the client behind NAT" scene plain nat
all_of no yes "client behind NAT"
check "strongSwan, the server behind NAT" scene hidden public
all_of yes no "server behind NAT"
check "strongSwan, both behind NAT" scene hidden nat
all_of yes yes "both behind NAT"
DAEMON=libreswan VERSION=1
check "libreswan, the client behind NAT" scene plain nat
check "libreswan: IKEv1, main mode" dial main no yes
VERSION=2
check "libreswan, IKEv2, no NAT" scene plain public
check "libreswan: IKEv2" init_only no no
DAEMON=iked
check "openiked, the client behind NAT" scene plain nat
check "openiked: IKEv2" iked_dials
interop_end
finish
