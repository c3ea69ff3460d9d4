#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 20,000 hostile frames (frames.c) while clients of every sort send: nothing of
# theirs is lost, nothing of them has changed, and nothing is left.
#
#	SEED=N COUNT=N attack/frames.sh
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

FRAMES=${ESP_NAT_TOP:-$SELFTESTS/..}/build/attack/frames
[ -x "$FRAMES" ] || bail "no $FRAMES: make -C selftests/attack"
SEED=${SEED:-1} COUNT=${COUNT:-20000}

sa_begin
need ethtool

# c1 has its real address, c2 an alias, c3 has moved, c4 has no NAT and no UDP, c5 is
# in an IKEv2 tunnel, c6 has an address that is never aliased.
topo_new
topo_crowd random c1 c2 c3 c5
topo_nat natb 198.51.100.3 random
topo_client natb c6 16
topo_direct c4 101
topo6
daemon srv
ENCAP[c4]=no
LIVE=(c1 c2 c3 c4 c5 c6)
live()
{
	local name
	set_sysctl never_alias 198.51.100.3 || return 1
	for name in c1 c2 c3 c4 c6; do
		connect_client "$name" || return 1
	done
	tunnel_connect c5 2 && is_at c6 198.51.100.3 || return 1
	everyone udp "${LIVE[@]}" && nat_forget nat -p udp -s "${ADDR[c3]}" &&
		hello c3
}
check "clients of every sort" live

LEARNED=$(mktemp -u)
at_exit rm -f "$LEARNED"
# frames WORD...: to the server's device.
frames()
{
	in_ns wan "$FRAMES" --learned "$LEARNED" --ipv6 "$SRV6" "$@" srv0 "$SRV"
}
asks()
{
	stage exchange from="$1.4500" to="$SRV:4500" spii="${SPII[$1]}" \
		spir="${SPIR[$1]}" xchg=5 msgid=77 at=srv && says answered=1
}
learns()
{
	local pid name
	frames --count 0 --seconds 5 &
	pid=$!
	until [ -e "$LEARNED" ]; do
		everyone udp "${LIVE[@]}" || return 1
		for name in c1 c2 c3; do
			asks "$name" || return 1
		done
	done
	wait "$pid"
}
check "their traffic is learned from" learns

# Forged IKE that the daemon would answer is its own business.
# attacked NAME...: a third of all frames, while all send.
attacked()
{
	SEED=$((SEED + 1))
	mark srv
	stage mode name=srv mode=mute && stage pump flows="$(flows "$@")" &&
		frames --seed "$SEED" --count $((COUNT / 3 + 1)) &&
		stage pump stop=1 && stage wait seconds=0.2 &&
		stage mode name=srv mode=answer &&
		rose in_ike && rose in_ike_length && rose in_csum &&
		rose in_esp_no_sa && same ctx_moved ctx_healed && everyone udp "$@"
}
known()
{
	local name
	for name; do
		asks "$name" && says addr="${PRES_ADDR[$name]}" \
			port="${PRES_PORT[$name]}" || return 1
	done
}
check "frames" attacked "${LIVE[@]}"
check "after frames: each is known as before" known c1 c2 c3

stage close names=srv.4500
stage ike name=srv.4500 ns="$(ns srv)" addr=0.0.0.0 port=4500 responder=srv gro=1
topo_gro
check "a socket with GRO: all work" both known c1 -- everyone udp "${LIVE[@]}"
check "a socket with GRO: frames" attacked "${LIVE[@]}"
check "after frames with GRO: each is known as before" known c1 c2 c3

check "the own socket" both set_sysctl listen 1 -- stage close names=srv.4500
check "the own socket: all work" everyone udp "${LIVE[@]}"
check "the own socket: frames" attacked "${LIVE[@]}"
finish
