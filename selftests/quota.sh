#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Whoever has no SA never costs another its place: floods of first messages and
# handshakes that fail, from the address that the clients share.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=sa.sh
. "$(dirname "$0")/sa.sh"

sa_begin

topo_new
topo_nat nat $P random
for i in 1 2 3 4 5 6; do
	topo_client nat "c$i" $((10 + i))
done
daemon srv
connect_client c1
connect_client c2
check "two clients work" everyone udp c1 c2

# 10,000 requests with random SPIs from the NAT's own address.
stage ike name=flood ns="$(ns nat)" addr=$P port=4501 marker=0
mark srv
flood()
{
	stage mode name=srv mode=mute
	stage flood from=flood to="$SRV:500" count=10000 && says seen=10000
	local good=$?
	stage mode name=srv mode=answer
	return "$good"
}
check "10,000 first messages reach the daemon" flood
check "each was a context of its own for a while" rose ctx_created 10000
# An eighth of max_contexts (65536) may be half-open, so that 1808 have to go.
# On a slow machine some have gone before they had to: they expired.
made_room()
{
	local evicted expired
	evicted=$(stat ctx_evicted) expired=$(stat ctx_expired)
	echo "# evicted $evicted, expired $expired"
	evicted=$((evicted - BEFORE[ctx_evicted]))
	expired=$((expired - BEFORE[ctx_expired]))
	[ "$evicted" -le 1808 ] && [ $((evicted + expired)) -ge 1808 ]
}
check "the oldest made room for the newest" made_room
check "the connected clients lose nothing" everyone udp c1 c2
check "a new client is served" connect_client c3
check "it has an alias" is_alias c3
check "all work" everyone udp c1 c2 c3

# A half-open client that has echoed the daemon's SPIr goes last.
echoed()
{
	ike_connect c4 && stage mode name=srv mode=mute &&
	stage flood from=flood to="$SRV:500" count=9000 seed=2 &&
	stage mode name=srv mode=answer && mark srv &&
	ike_float c4 && rose ctx_created 0 && sa_install c4 &&
	everyone udp c1 c2 c3 c4
}
check "a handshake under way survives a flood" echoed

# A client with a wrong PSK, 300 times.
wrong_psk()
{
	stage handshakes from500=c5.500 from4500=c5.4500 to="$SRV" count=300 &&
	says done=300
}
check "300 handshakes with a wrong PSK are all answered" wrong_psk
check "the connected clients lose nothing" everyone udp c1 c2 c3 c4
check "a new client is served" connect_client c6
check "it has an alias" is_alias c6
check "all work" everyone udp c1 c2 c3 c4 c6

# The same with a quota so small that it is always full.
set_sysctl max_contexts 64
check "a quota of eight: 300 wrong handshakes" wrong_psk
disconnect_client c6
check "a quota of eight: a new dial is served" redial c6
check "all work" everyone udp c1 c2 c3 c4 c6

sa_end
