#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# IKEv1 clients that authenticate anew and go on with Quick Mode under the new
# phase 1: L2TP and an open TCP connection survive, with and without an alias.
# strongSwan does that from port 4500, here at once and after 100 s in which
# nothing was heard of it; libreswan opens phase 1 from port 500, a mapping that
# the NAT has forgotten, and floats to its old one.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"

quiet=(client1 client2)
all=(client1 client2 client3)
declare -A KNOWN_AS=()

# The clients of strongSwan send no keepalives, that of libreswan is soon to
# renew its phase 1.
crew() {
	CHARON_OPTIONS='keep_alive = 0s'
	client_crew random 2 1 "$1" && talk_serve || return 1
	topo_client nat client3 13
	client_boot_libreswan client3 1 \
		$'ikelifetime=150s\n  rekeymargin=30s\n  rekeyfuzz=0%'
}

three_dial() {
	local name

	client_dial client1
	client_dial client3
	client_dial client2
	client_has_own client1 && client_has_alias client2 &&
		client_has_alias client3 && talk_open "${all[@]}" || return 1
	for name in "${all[@]}"; do
		KNOWN_AS[$name]=$(client_seen_as "$name")
	done
	client_work "${all[@]}"
}

# goes_on CLIENT...: they work, known as before, and so do their connections.
goes_on() {
	local name

	client_work "$@" && talk "$@" || return 1
	for name; do
		[ "$(client_seen_as "$name")" = "${KNOWN_AS[$name]}" ] || {
			note "$name: was ${KNOWN_AS[$name]}, is $(client_seen_as "$name")"
			return 1
		}
	done
}

# both_reauthenticate: they do, and then Quick Mode, all at the same time.
both_reauthenticate() {
	local name
	local -A spi=()

	client_ike_sas "${quiet[@]}" >"$INTEROP/before"
	for name in "${quiet[@]}"; do
		swanctl_in "$name" --rekey --ike l2tp --reauth || return 1
	done
	busywait 90000 client_ike_changed "${quiet[@]}" || return 1
	talk "${quiet[@]}" || return 1
	for name in "${quiet[@]}"; do
		spi[$name]=$(client_spi_out "$name")
		swanctl_in "$name" --rekey --child l2tp || return 1
	done
	for name in "${quiet[@]}"; do
		busywait 60000 has_new_spi "$name" "${spi[$name]}" || return 1
	done
	goes_on "$@"
}

# has_new_spi CLIENT SPI: at both ends.
has_new_spi() {
	[ "$(client_spi_out "$1")" != "$2" ] && [ -n "$(client_seen_as "$1")" ]
}

# Of L2TP only the kernel's part remains, which does not speak by itself.
l2tp_daemons() {
	local name

	for name in srv "${all[@]}"; do
		kill -"$1" "$(cat "$INTEROP/$name/run/xl2tpd.pid")" || return 1
	done
}

# What the quiet ones have sent: ESP by SA, and IKE.
said() {
	local name

	for name in "${quiet[@]}"; do
		ip -s -n "$(ns "$name")" xfrm state list dst "$SRV" |
			grep packets
		grep -c 'sending packet' "$INTEROP/$name/charon.log"
	done
}

silence_begins() {
	l2tp_daemons STOP || return 1
	SAID=$(said) SINCE=$SECONDS
}

silence_was_long() { [ $((SECONDS - SINCE)) -ge 100 ]; }

silence_ends() {
	busywait 120000 silence_was_long
	diff <(echo "$SAID") <(said) && l2tp_daemons CONT
}

# libreswan refuses to be told, so its phase 1 has to grow old; meanwhile the
# others are silent. There is traffic between its first message and the float, if
# the machine is not too slow for that; at the latest before Quick Mode.
# libreswan as the server, which sees its ID at another address at first, drops
# its old SAs: until Quick Mode nothing passes, as long as L2TP can stand.
libreswan_renews() {
	local ike

	silence_begins || return 1
	ike=$(capture_count ike)
	host_start client3 traffic.log ping -n -q -i 0.03 \
		-I "$(l2tp_address client3)" "$L2TP_SERVER"
	busywait 180000 libreswan_renewed client3 "$(libreswan_phases_1 client3)" ||
		return 1
	[ "$(capture_count ike)" -gt "$ike" ] || return 1
	[ "$daemon" = libreswan ] || goes_on client3
}

was_folded() { [ "$(stat_of srv ctx_folded)" -gt 0 ]; }

libreswan_goes_on() {
	local spi

	spi=$(client_spi_out client3)
	libreswan_initiate client3 && busywait 30000 was_folded || return 1
	busywait 60000 has_new_spi client3 "$spi" && goes_on client3
}

daemon=strongswan
[[ $(uname -r) != 6.1.* ]] || daemon=libreswan
# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
check "$daemon, a NAT that gives random ports, clients" crew $daemon
check "clients with strongSwan, one aliased, and libreswan" three_dial
check "strongSwan reauthenticates, Quick Mode follows" \
	both_reauthenticate "${quiet[@]}"
check "libreswan renews phase 1 from port 500" libreswan_renews
check "Quick Mode of libreswan follows" libreswan_goes_on
check "strongSwan has been silent for 100 s" silence_ends
check "strongSwan reauthenticates, Quick Mode follows, all work" \
	both_reauthenticate "${all[@]}"
interop_end
finish
