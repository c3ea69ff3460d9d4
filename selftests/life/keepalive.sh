#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# NAT keepalives (RFC 3948, section 4): to clients that are silent and have an
# SA, where they are now, one for each client.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

topo_new
topo_crowd random c1 c2 c3
daemon srv
for c in c1 c2 c3; do
	stage sniff name=$c ns="${NS[$c]}" dev=eth0
done
both connect_client c1 -- connect_client c2
# Another pair of SAs of the same client, as after rekeying.
GEN[c2]=1
sa_install c2
check "two clients work, one has an alias" both everyone udp c1 c2 -- is_alias c2

# How many keepalives a client got: one byte, from and to 4500.
got()
{
	wire_count "$1" proto=17 src="$SRV" sport=4500 dport=4500 len=29
}
# One more, at each of them.
comes()
{
	local name had
	for name; do
		had=$(got "$name")
		wait_more "$name" "$had" || return 1
	done
}
wait_more()
{
	local i
	for ((i = 0; i < 200; i++)); do
		stage wait seconds=0.1
		[ "$(got "$1")" -le "$2" ] || return 0
	done
	echo "# no keepalive at $1"
	return 1
}

set_sysctl keepalive_interval 0
none()
{
	mark srv
	stage wait seconds=4
	same out_keepalive
}
check "keepalive_interval 0: none" none
set_sysctl keepalive_interval 2
check "2: both get them" comes c1 c2
# In so many seconds there cannot be more, whatever the number of SAs.
rate()
{
	local first=$SECONDS had took now
	had=$(got c2)
	stage wait seconds=10
	now=$(($(got c2) - had))
	took=$((SECONDS - first + 1))
	echo "$now in $took s"
	[ "$now" -ge 3 ] && [ "$now" -le $((took / 2 + 1)) ]
}
check "one every 2 seconds for a client with two pairs of SAs" rate

# Once packets flow. If the machine has let them rest for half an interval, then
# nothing is said, and it is done again.
busy()
{
	local tries status gap
	for ((tries = 0; tries < 10; tries++)); do
		status=0
		stage pump flows="$1" && stage pump begun=1 && mark srv || return 1
		stage wait seconds=6
		same out_keepalive || status=1
		stage pump stop=1 || return 1
		gap=$(field gap_ms)
		[ "$status" -ne 0 ] && [ "$gap" -ge 1000 ] || return "$status"
		echo "the packets rested for $gap ms"
	done
	return 1
}
check "none while both ends send" busy "$(flows c1 c2)"
check "none while only the clients send" \
	busy "c1>$SRV:1701,c2>$SRV:1701"
check "none while only the server sends" \
	busy "srv>${PRES_ADDR[c1]}:1701,srv>${PRES_ADDR[c2]}:1701"
check "after that, again" comes c1 c2

moved()
{
	nat_forget nat && hello c1 c2 && comes c1 c2
}
check "they follow the clients" moved
check "and keep the mapping: all work" everyone udp c1 c2

# As when the module was gone: a client with an alias is found again by a packet
# of it, and soon has keepalives, not after the next walk that nothing asks for.
found_again()
{
	set_sysctl enabled 0 && set_sysctl enabled 1 && mark srv &&
	hello c2 && rose ctx_healed && comes c2 &&
	# The other has moved, too, and what the server sends it would be lost.
	hello c1
}
check "to a client that was found again" both found_again -- everyone udp c1 c2

# Half-open, or without an SA any more: none.
half_open()
{
	ike_connect c3
	local had
	had=$(got c3)
	stage wait seconds=4
	[ "$(got c3)" -eq "$had" ]
}
check "none to a client without an SA" half_open
gone()
{
	ip -n "$(ns srv)" xfrm state deleteall src "${PRES_ADDR[c2]}" &&
	ip -n "$(ns srv)" xfrm state deleteall dst "${PRES_ADDR[c2]}" || return 1
	# A walk notices it, soon.
	stage wait seconds=3
	local had
	had=$(got c2)
	comes c1 && comes c1 && [ "$(got c2)" -eq "$had" ]
}
check "none to a client whose SAs have gone" gone

sa_end
