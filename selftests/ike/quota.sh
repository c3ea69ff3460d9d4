#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Whoever has no SA never costs another its place: floods of first messages and
# handshakes that fail, from the address that the clients share.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

topo_new
topo_nat nat $P random
for i in 1 2 3 4 5 6; do
	topo_client nat "c$i" $((10 + i))
done
topo_direct d1 101
daemon srv
connect_client c1
connect_client c2
check "two clients work" everyone udp c1 c2

# 10,000 requests with random SPIs from the NAT's own address.
stage ike name=flood ns="$(ns nat)" addr=$P port=4501 marker=0
# Somebody elsewhere is in the middle of a handshake meanwhile.
begins()
{
	stage exchange from=d1.500 to="$SRV:500" && says answered=1 &&
	field spii "SPII[d1]" && field spir "SPIR[d1]"
}
check "a client of another address begins to dial" begins
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
# One address has as many half-open ones as max_contexts_per_peer (256) lets it have
# of others. On a slow machine some have gone before they had to: they expired; so
# may he who is in the middle of a handshake.
made_room()
{
	local evicted expired
	evicted=$(stat ctx_evicted) expired=$(stat ctx_expired)
	echo "# evicted $evicted, expired $expired"
	evicted=$((evicted - BEFORE[ctx_evicted]))
	expired=$((expired - BEFORE[ctx_expired]))
	[ "$evicted" -le $((10000 - 256)) ] &&
		[ $((evicted + expired)) -ge $((10000 - 256)) ]
}
check "the oldest made room for the newest" made_room
goes_on() { mark srv && ike_float d1 && same ctx_created && sa_install d1; }
check "after a flood: who is elsewhere goes on with its handshake" goes_on
check "after a flood: the connected clients lose nothing" everyone udp c1 c2
check "after a flood: a new client is served" connect_client c3
check "after a flood: it has an alias" is_alias c3
check "after a flood: all work" everyone udp c1 c2 c3

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
check "after wrong PSKs: the connected clients lose nothing" everyone udp c1 c2 c3 c4
check "after wrong PSKs: a new client is served" connect_client c6
check "after wrong PSKs: it has an alias" is_alias c6
check "after wrong PSKs: all work" everyone udp c1 c2 c3 c4 c6

# The same with a quota so small that it is always full.
set_sysctl max_contexts 64
check "a quota of eight: 300 wrong handshakes" wrong_psk
disconnect_client c6
check "a quota of eight: a new dial is served" redial c6
check "a quota of eight: all work" everyone udp c1 c2 c3 c4 c6


# One that had to go in its handshake is not taken for its neighbour.
set_sysctl max_contexts_per_peer 8
check "a client whose handshake goes on" ike_connect c6
evicted()
{
	mark srv
	wrong_psk && rose ctx_evicted && mark srv &&
	stage exchange from=c6.4500 to="$SRV:4500" spii="${SPII[c6]}" \
		spir="${SPIR[c6]}" xchg=32 msgid=5 timeout=1
	says answered=0 presented=none && rose drop_evicted
}
check "it had to go: its IKE is not shown to the daemon" evicted
not_sent()
{
	mark srv
	stage start by=srv from=srv.4500 to="${PRES_ADDR[c6]}:4500" want=c6.4500 \
		spii="${SPII[c6]}" spir="${SPIR[c6]}" xchg=5 msgid=6 timeout=1
	rose drop_evicted
}
check "nor does the daemon's reach it" not_sent
check "it had to go: it dials again" redial c6
check "it had to go: all work" everyone udp c1 c2 c3 c4 c6 d1

sa_end
