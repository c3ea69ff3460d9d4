#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# SAs for one processor each (RFC 9611, Linux 6.13), beside the one for all: they are
# their client's, whichever of them carries its packets. On older kernels each is for
# all processors, and the clients work all the same.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

STYLE=libreswan
topo_new
topo_crowd random c1 c2 c3
daemon srv
check "three clients connect" both connect_client c1 -- connect_client c2 -- \
	connect_client c3 -- is_alias c2 -- is_alias c3
check "they work" everyone udp c1 c2 c3

# for_processor CPU NAME...: further SAs of these clients, what leaves by the server's
# is that processor's.
KNOWN=
for_processor()
{
	local name cpu=$1
	shift
	for name; do
		GEN[$name]=$((GEN[$name] + 1))
		sa_install "$name" &&
		stage resa ns="$(ns srv)" dst="${PRES_ADDR[$name]}" \
			spi="$(spi_out "$name")" pcpu="$cpu" || return 1
		field known KNOWN
	done
}
CPUS=$(nproc)
all_processors()
{
	local cpu
	mark srv
	for ((cpu = 0; cpu < CPUS; cpu++)); do
		for_processor "$cpu" c1 c2 c3 || return 1
	done
	same ctx_created alias_given
}
check "each gets SAs for each processor: nothing else is new" all_processors

# carried NAME GENERATION: packets of the server's SA of that generation.
carried()
{
	local GEN=([$1]=$2)
	ip -n "$(ns srv)" -s xfrm state get dst "${PRES_ADDR[$1]}" proto esp \
		spi "$(spi_out "$1")" |
		sed -n '/lifetime current/{n;s/.*, \([0-9]*\)(packets).*/\1/p}'
}

# The server's process on one processor after the other: its SA has the packets.
by_each()
{
	local cpu name status=0 first
	first=$((GEN[c1] - CPUS + 1))
	for ((cpu = 0; cpu < CPUS; cpu++)); do
		taskset -cp "$cpu" "$STAGE_PID" >/dev/null || return 1
		everyone udp c1 c2 c3 || status=1
		for name in c1 c2 c3; do
			[ "$KNOWN" != 1 ] ||
				[ "$(carried "$name" $((first + cpu)))" -gt 0 ] || {
				echo "# $name: nothing by the SA of processor $cpu"
				status=1
			}
		done
	done
	taskset -cp "0-$((CPUS - 1))" "$STAGE_PID" >/dev/null
	return "$status"
}
check "the server sends on each processor: all work, by its SAs" by_each

moved()
{
	stage wait seconds=1
	nat_forget nat
	mark srv
	hello c1 c2 c3 && everyone udp c1 c2 c3 && rose ctx_moved 3
}
check "the NAT forgets: all are followed" moved
one_goes()
{
	local name
	mark srv
	for name in c1 c2 c3; do
		ip -n "$(ns srv)" xfrm state delete src "$SRV" \
			dst "${PRES_ADDR[$name]}" proto esp spi "$(spi_out "$name")" ||
			return 1
	done
	everyone udp c1 c2 c3 && same ctx_destroyed alias_released
}
check "one of them goes: the others serve" one_goes

sa_end
