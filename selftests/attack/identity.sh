#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Who shares a NAT with others, knows their SPIs, and can send from where he likes:
# he changes nothing for anybody. Six clients of every sort are there all the time.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

# c1 has its real address, c2 and c6 an alias, c3 has moved, c4 is plain ESP, and so
# outside the NAT; evil is a client as well. v dials under attack.
topo_new
topo_crowd random c1 c2 c3 c6 evil v
topo_direct c4 101
topo_direct d5 105
daemon srv
LIVE=(c1 c2 c3 c4 c6 evil)
live()
{
	local name
	ENCAP[c4]=no
	for name in "${LIVE[@]}"; do
		connect_client "$name" || return 1
	done
	everyone udp "${LIVE[@]}" || return 1
	mark srv
	nat_forget nat -p udp -s "${ADDR[c3]}" && hello c3 && rose ctx_moved 1
}
check "six clients, one has moved" live
unharmed() { everyone udp "${LIVE[@]}" "$@"; }
check "they work" unharmed

# An attacker's host knows nothing of us.
check "evil has no module" in_ns evil sysctl -qw net.esp_nat.enabled=0

# ended NAME: a client that has dialled under attack goes.
ended() { disconnect_client "$1"; GEN[$1]=$((GEN[$1] + 1)); }

# The daemon does not answer what it cannot decrypt.
unanswered()
{
	stage mode name=srv mode=mute && "$@" &&
		stage wait seconds=0.2 && stage mode name=srv mode=answer
}

# --- several messages in one packet, as GRO makes it of those with the same ports ---

whole_packets()
{
	in_ns srv nft -f - <<-END
		table ip whole {
			counter whole {}
			chain input {
				type filter hook input priority filter
				udp dport { 500, 4500 } ip length > 200 counter name whole
			}
		}
	END
}
# as_one CLIENT...: from where the first is, a message under each one's IKE SA.
as_one()
{
	local name sas=''
	for name; do
		sas+=,${SPII[$name]}/${SPIR[$name]}
	done
	in_ns srv nft reset counter ip whole whole >/dev/null
	stage send-as-one from="$1.4500" to="$SRV:4500" with="${sas#,}" xchg=5 \
		msgid=4712 size=100 && stage wait seconds=0.2 &&
		in_ns srv nft list counter ip whole whole | grep -q 'packets 1 '
}
shown_as_itself()
{
	stage seen by=srv spii="${SPII[$1]}" &&
		says presented="${PRES_ADDR[$1]}:${PRES_PORT[$1]}" size=100
}
each_as_itself()
{
	unanswered as_one c1 c2 c6 && shown_as_itself c1 && shown_as_itself c2 &&
		shown_as_itself c6
}
check "a counter of packets that carry several messages" whole_packets
check "three clients' messages in one packet: each is its own" each_as_itself
check "after these, all work" unharmed

# --- under the cookies of one who dials ---

# opens NAME: its first exchange, on port 500.
opens()
{
	mark srv
	stage exchange from="$1.500" to="$SRV:500" at=srv && says answered=1 &&
		field spii "SPII[$1]" && field spir "SPIR[$1]"
}

# forges OF WORD...: evil speaks under somebody's SPIs, from where it is.
forges()
{
	local of=$1
	shift
	stage send from=evil.4500 to="$SRV:4500" spii="${SPII[$of]}" \
		spir="${SPIR[$of]}" "$@"
}

# alone NAME: it is presented where nobody else is.
alone()
{
	local name
	for name in "${LIVE[@]}"; do
		[ "${PRES_ADDR[$1]}" != "${PRES_ADDR[$name]}" ] || {
			echo "as $name: ${PRES_ADDR[$1]}"
			return 1
		}
	done
}

floats_in_peace()
{
	ike_float v && alone v && same ctx_folded && sa_install v && unharmed v &&
		ended v
}
under_forgery()
{
	opens v && hello evil && unanswered forges v xchg=2 && floats_in_peace
}
check "before its float, from a client's endpoint" under_forgery

# The copy of a genuine message is answered: its sender is taken for it.
under_a_copy()
{
	opens v && hello evil &&
		stage exchange from=evil.4500 to="$SRV:4500" spii="${SPII[v]}" \
			spir="${SPIR[v]}" xchg=2 at=srv && says answered=1 &&
		ike_float v && alone v && quick_mode v && sa_install v && unharmed v &&
		ended v
}
# quick_mode NAME: under the same SPIs, shown where it floated to.
quick_mode()
{
	stage exchange from="$1.4500" to="$SRV:4500" spii="${SPII[$1]}" \
		spir="${SPIR[$1]}" xchg=32 msgid=4711 at=srv &&
		says answered=1 addr="${PRES_ADDR[$1]}" port="${PRES_PORT[$1]}"
}
check "a copy of its float comes first, and is answered" under_a_copy
after_its_float()
{
	opens v && hello evil && ike_float v && alone v &&
		unanswered forges v xchg=2 && unanswered forges v xchg=32 msgid=99 &&
		quick_mode v && same ctx_folded && sa_install v && unharmed v &&
		ended v
}
check "after its float, and before Quick Mode" after_its_float

# --- IKE SAs ---

# known_by NAME: the daemon's answer has proved its IKE SA; from another endpoint
# it is still its client's.
known_by()
{
	local i addr=${PRES_ADDR[$1]} port=${PRES_PORT[$1]}
	quick_mode "$1" || return 1
	for i in {1..20}; do
		stage exchange from="$1.4500" to="$SRV:4500" xchg=2 at=srv &&
			says answered=1 || return 1
	done
	nat_forget nat -p udp -s "${ADDR[$1]}"
	stage exchange from="$1.4500" to="$SRV:4500" spii="${SPII[$1]}" \
		spir="${SPIR[$1]}" xchg=5 msgid=4712 at=srv &&
		says answered=1 addr="$addr" port="$port" && hello "$1" && unharmed
}
check "twenty first messages in its name, with its real address" \
	known_by c1
check "twenty first messages in another's name, with an alias" known_by c2

# An IKE SA that nobody saw begin: evil copies a message of it first, and again.
unseen()
{
	local spii=5e5e5e5e0000000$2 spir=e5e5e5e50000000$2 who
	for who in evil "$1" evil "$1"; do
		stage exchange from="$who.4500" to="$SRV:4500" spii="$spii" \
			spir="$spir" xchg=5 msgid=$((++UNSEEN)) at=srv &&
			says answered=1 addr="${PRES_ADDR[$who]}" \
				port="${PRES_PORT[$who]}" || return 1
	done
	unharmed
}
UNSEEN=600
check "an IKE SA that nobody saw begin, with its real address" unseen c1 1
check "an IKE SA that nobody saw begin, with an alias" unseen c2 2

# --- one who renews its IKE SA ---

renews()
{
	local from_addr=${PRES_ADDR[$1]} from_port=${PRES_PORT[$1]}
	opens "$1" && hello "$1" && hello evil &&
		unanswered forges "$1" xchg=2 &&
		stage exchange from="$1.4500" to="$SRV:4500" spii="${SPII[$1]}" \
			spir="${SPIR[$1]}" xchg=2 at=srv &&
		says answered=1 addr="$from_addr" port="$from_port" &&
		rose ctx_folded 1 && hello "$1" &&
		unanswered forges "$1" xchg=32 msgid=98 &&
		quick_mode "$1" && unharmed
}
check "a client renews from port 500 meanwhile, with its real address" renews c1
check "a client renews meanwhile, with an alias" renews c2

# --- who is answered? ---

# asks NAME MSGID: in a context of its own.
asks()
{
	stage send from="$1.4500" to="$SRV:4500" spii="${SPII[$1]}" \
		spir="${SPIR[$1]}" xchg=5 msgid="$2"
}
got() { stage inbox name="$1.4500" wait=1 kind=ike && says count=1; }
is_answered()
{
	stage clear name="$1.4500" && stage clear name=evil.4500 &&
		stage mode name=srv mode=hold && asks "$1" 1001 &&
		stage wait seconds=0.2 && forges "$1" xchg=5 msgid=1001 &&
		stage wait seconds=0.2 && stage release name=srv && says count=2 &&
		stage mode name=srv mode=answer && got "$1" &&
		stage inbox name=evil.4500 kind=ike && says count=0
}
check "the daemon answers whom it was asked by, with its real address" \
	is_answered c1
check "the daemon answers whom it was asked by, with an alias" is_answered c2
check "the daemon answers one that has moved" is_answered c3
# A first forgery, as a peer does that has just moved.
asks_again()
{
	unanswered forges "$1" xchg=5 msgid=1002 && stage clear name="$1.4500" &&
		stage clear name=evil.4500 && asks "$1" 1002 && got "$1" &&
		stage inbox name=evil.4500 kind=ike && says count=0
}
check "forged first: with its real address" asks_again c1
check "forged first: with an alias" asks_again c2
check "they work on" unharmed

# --- endpoints and ports ---

PORTS=({7001..7012})
many_ports()
{
	local port
	for port in "${PORTS[@]}"; do
		stage ike name="evil.$port" ns="${NS[evil]}" addr=0.0.0.0 \
			port="$port" || return 1
	done
}
from_many_ports()
{
	local port
	stage mode name=srv mode=mute || return 1
	for port in "${PORTS[@]}"; do
		stage send from="evil.$port" to="$SRV:4500" spii="${SPII[$1]}" \
			spir="${SPIR[$1]}" xchg=32 msgid="$port" || return 1
	done
	stage wait seconds=0.2 && stage mode name=srv mode=answer
}
check "twelve ports" many_ports
several_times()
{
	mark srv
	from_many_ports c1 && from_many_ports c2 && from_many_ports c3 &&
		unharmed && same ctx_destroyed ctx_moved
}
check "under three clients' SPIs from each: they work" several_times

# What cannot be answered begins nothing, and comes as it came.
port_0()
{
	stage raw ns="$(ns wan)" src="$P" dst="$SRV" sport=0 dport="$1" ike=1 \
		marker="$2" spii="$3"
}
from_port_0()
{
	mark srv
	unanswered port_0 "$@" && stage seen by=srv spii="$3" &&
		says count=1 presented="$P:0" && same ctx_created in_ike && unharmed
}
check "IKE from port 0 to 500" from_port_0 500 0 00000000beef0500
check "IKE from port 0 to 4500" from_port_0 4500 1 00000000beef4500

# Bytes behind the datagram are not its.
behind()
{
	local sport=$1
	mark srv
	stage raw ns="$(ns wan)" src="$P" dst="$SRV" sport="$sport" dport=500 \
		ike=1 behind=24 spii="$BEHIND" && busywait 5000 rose in_ike 1 &&
		rose ctx_created 1 && stage seen by=srv spii="$BEHIND" &&
		says intact=1 size=60
}
BEHIND=00000000beef0001
check "an IKE message with bytes behind its datagram is a message" behind 5001
check "all work after that" unharmed

# --- an SA of packets from anywhere is nobody's ---

D5=198.51.100.105
from_any()
{
	mark srv
	ip -n "$(ns srv)" -batch - <<-END &&
		xfrm state add src 0.0.0.0 dst $SRV proto esp spi 0xc9 reqid 9 mode transport replay-window 32 $KEY encap espinudp 4500 4500 0.0.0.0
		xfrm state add src 0.0.0.0 dst $SRV proto esp spi 0xca reqid 9 mode transport replay-window 32 $KEY encap espinudp 4500 4500 0.0.0.0
	END
	sas_by_hand d5 "$D5" "$SRV" 0xd9 0xc9 4500 4500 &&
		stage udp name=any ns="$(ns srv)" addr="$SRV" port=777 &&
		stage udp name=d5 ns="$(ns d5)" addr="$D5" port=777
}
arrives_from()
{
	stage data from=d5 to="$SRV:777" size=40 && stage take name=any wait=1 &&
		says count=1 src="$1" && same ctx_created
}
check "such an SA" from_any
check "a packet under it arrives from where it came from" arrives_from "$D5"
# xfrm takes it only as its SA was made: in UDP.
in_no_udp()
{
	ip -n "$(ns d5)" xfrm state deleteall && sas_by_hand d5 "$D5" "$SRV" 0xda 0xca &&
		stage data from=d5 to="$SRV:777" size=40 && await_rise in_esp_plain &&
		stage take name=any timeout=0.2 && says count=0 && same in_esp_converted ctx_created
}
check "not in its other form, as without the module" in_no_udp
check "after that, all work" unharmed
finish
