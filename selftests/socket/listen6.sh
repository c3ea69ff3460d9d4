#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The own socket in IPv6: a daemon that knows port 500 only, and SAs set by hand
# with no process on 4500; a client behind a NAT that changes ports, and one that
# has none.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

two=(c1 d1)

# crew: the topology; the clients' IKE sockets are of IPv6.
crew()
{
	topo_crowd random c1 && topo_direct d1 101 &&
	stage close names=c1,c1.500,c1.4500,d1,d1.500,d1.4500 &&
	topo6 && client6 c1 && client6 d1 && settled6
}

daemon_on()
{
	stage ike name="srv.$1" ns="$(ns srv)" addr=:: port="$1" responder=srv
}

# float NAME: IKE on 500, then on 4500; how it was presented.
float()
{
	stage exchange from="$1.500" to="[$SRV6]:500" && says answered=1 \
		from="$SRV6:500" || return 1
	field spii "SPII[$1]" && field spir "SPIR[$1]" && speak "$1"
}

# speak NAME: on 4500.
speak()
{
	stage exchange from="$1.4500" to="[$SRV6]:4500" spii="${SPII[$1]}" \
		spir="${SPIR[$1]}" && says answered=1 from="$SRV6:4500" &&
	field addr "PRES_ADDR[$1]" && field port "PRES_PORT[$1]"
}

# each COMMAND [WORD]...: with each client's name as its last word.
each()
{
	local name
	for name in "${two[@]}"; do
		"$@" "$name" || return 1
	done
}

# What the server has sent from or to a port so far.
sent() { wire_count wire proto=17 src="$SRV6" "$@"; }

# --- a daemon on port 500 alone ---

topo_new
check "a server, a client behind a NAT, one that has none" crew
check "a daemon on port 500" both stage responder name=srv -- daemon_on 500

float_not()
{
	stage exchange from="$1.500" to="[$SRV6]:500" && says answered=1 &&
	field spii "SPII[$1]" && field spir "SPIR[$1]" &&
	stage exchange from="$1.4500" to="[$SRV6]:4500" spii="${SPII[$1]}" \
		spir="${SPIR[$1]}" timeout=1 && says answered=0
}
check "without it, nobody is on 4500" each float_not
check "listen 1" set_sysctl listen 1
stage sniff name=wire ns="$(ns wan)" dev=srv0 ip=6

mark srv
check "clients float to 4500 and are answered from there" each float
presented()
{
	[ "${PRES_ADDR[c1]}" = "$P6" ] && [ "${PRES_PORT[c1]}" != 4500 ] &&
	[ "${PRES_ADDR[d1]} ${PRES_PORT[d1]}" = "${ADDR6[d1]} 4500" ]
}
check "the daemon sees where they are" presented
check "it has heard them on port 500" rose in_own_ike 2
check "and answered there" rose out_own 2

on_500()
{
	stage exchange from=d1.500 to="[$SRV6]:500" && says answered=1 \
		from="$SRV6:500"
}
check "who stays on 500 is answered from there" on_500

MSGID=100
# dpd SIZE NAME: the daemon asks, the client answers.
dpd()
{
	stage start by=srv from=srv.500 \
		to="[${PRES_ADDR[$2]}]:${PRES_PORT[$2]}" want="$2.4500" \
		spii="${SPII[$2]}" spir="${SPIR[$2]}" xchg=5 \
		msgid=$((++MSGID)) size="$1" &&
	says arrived=1 from="$SRV6:4500" addr="${PRES_ADDR[$2]}" || return 1
	stage inbox name="$2.4500" && says kind=ike intact=1 size="$1"
}
# asks SIZE NAME: the client asks, the daemon answers.
asks()
{
	stage exchange from="$2.4500" to="[$SRV6]:4500" spii="${SPII[$2]}" \
		spir="${SPIR[$2]}" xchg=5 msgid=$((++MSGID)) size="$1" &&
	says answered=1 from="$SRV6:4500" || return 1
	stage seen by=srv spii="${SPII[$2]}" && says intact=1 size="$1"
}
# Fragments, and what just fits without the marker.
sizes()
{
	local size
	for size in 76 1440 1444 1448 1449 1450 1451 1452 1453 3000 9001 20000; do
		each "$1" "$size" || return 1
	done
}
check "messages of any size in" sizes asks
check "messages of any size out" sizes dpd

# --- what gets no answer ---

# silent COUNTER COMMAND...: it is counted, and the server sends nothing.
silent()
{
	local before counter=$1
	shift
	mark srv
	before=$(sent)
	"$@" || return 1
	await_rise "$counter" &&
	[ "$(sent)" -eq "$before" ] &&
	[ "$(wire_count wire proto=58 src="$SRV6" type=1)" -eq 0 ]
}
stray() { stage data from=d1.4500 to="[$SRV6]:4500" hex="$1"; }
zeros=$(printf '00%.0s' {1..64})
check "a keepalive is eaten" silent in_own stray ff
check "no answer: an empty datagram" silent drop_own stray ''
check "no answer: three bytes" silent drop_own stray 000000
check "no answer: the marker alone" silent drop_own stray 00000000
check "no answer: the marker and 27 bytes" silent drop_own stray "${zeros:0:62}"
check "no answer: IKE longer than its datagram" silent drop_own \
	stage send from=d1.4500 to="[$SRV6]:4500" size=60 length=99
check "no answer: ESP without an SA" silent in_own stray "c7777777$zeros"
nobody_500()
{
	stage close names=srv.500 || return 1
	silent drop_own stage send from=d1.4500 to="[$SRV6]:4500" \
		spii="${SPII[d1]}" spir="${SPIR[d1]}"
}
check "no answer: IKE, while no daemon runs" nobody_500

# --- SAs set by hand, no process on 4500 ---

stage close names=c1.500,c1.4500,d1.500,d1.4500

# sas PORT: everybody's SAs, new ones; the server's have that port of its own.
sas()
{
	local name
	for name in srv "${two[@]}"; do
		ip -n "$(ns "$name")" xfrm state flush
	done
	sas_by_hand srv "$SRV6" "$P6" 0xc1 0xd1 "$1" "${PRES_PORT[c1]:-0}" &&
	sas_by_hand srv "$SRV6" "${ADDR6[d1]}" 0xc2 0xd2 "$1" 4500 &&
	sas_by_hand c1 "${ADDR6[c1]}" "$SRV6" 0xd1 0xc1 4500 4500 &&
	sas_by_hand d1 "${ADDR6[d1]}" "$SRV6" 0xd2 0xc2 4500 4500
}
own()
{
	stage sysctl ns="$(ns "$2")" name=esp_nat.listen value="$1" &&
	says errno=0
}
no_process()
{
	[ -z "$(in_ns "$1" ss -Huan)" ] || { in_ns "$1" ss -uanp; return 1; }
}

# together COMMAND ... -- COMMAND ...: all of them at the same time, each true.
together()
{
	local words=() jobs=() job status=0
	while [ $# -gt 0 ]; do
		if [ "$1" = -- ]; then
			"${words[@]}" & jobs+=($!)
			words=()
		else
			words+=("$1")
		fi
		shift
	done
	"${words[@]}" & jobs+=($!)
	for job in "${jobs[@]}"; do
		wait "$job" || status=1
	done
	return "$status"
}
pings() { in_ns "$1" ping -6 -n -q -c 8 -i 0.2 -w 60 "$2"; }
everyone6()
{
	together pings c1 "$SRV6" -- pings d1 "$SRV6" -- pings srv "$P6" -- \
		pings srv "${ADDR6[d1]}"
}
dark() { ! in_ns "$1" ping -6 -n -q -c 3 -i 0.2 -w 3 "$SRV6"; }

check "SAs set by hand" sas 4500
check "listen 1 at the clients" each own 1
check "no process has a socket" both no_process c1 -- no_process d1 -- \
	no_process srv
mark srv
check "ICMP, all at once, both ways" everyone6
check "ESP was the own socket's" rose in_own

# lines NAME COUNT: sent over TCP, and back.
lines()
{
	local got
	# shellcheck disable=SC2016 # that shell's
	got=$(in_ns "$1" timeout 120 bash -c '
		exec 3<>"/dev/tcp/$1/7777" && seq "$2" >&3 &&
		head -n "$2" <&3' bash "$SRV6" "$2")
	[ "$got" = "$(seq "$2")" ]
}
listens() { [ -n "$(in_ns srv ss -Hltn 'sport = 7777')" ]; }
in_ns_start srv "$SELFTESTS/tools/talk.py" serve 7777
busywait 60000 listens
check "5,000 lines over TCP, both at once" \
	together lines c1 5000 -- lines d1 5000

narrow()
{
	ip -n "$(ns wan)" -6 route replace 2001:db8:2::/64 dev srv0 metric 1 mtu lock 1300 &&
	ip -n "$(ns wan)" -6 route replace 2001:db8:3::/64 dev pub metric 1 mtu lock 1300
}
check "a narrow path: TCP arrives" both narrow -- \
	together lines c1 5000 -- lines d1 5000
told() { [ "$(wire_count wire proto=58 type=2 dst="$SRV6")" -gt 0 ]; }
check "it was the path that told" told
udp_only()
{
	[ "$(sent)" -gt 20 ] && [ "$(sent sport=4500)" -eq "$(sent)" ] &&
	[ "$(wire_count wire proto=6)" -eq 0 ] &&
	[ "$(wire_count wire proto=50)" -eq 0 ] &&
	[ "$(wire_count wire proto=58 type=128)" -eq 0 ]
}
stage sniff name=wire ns="$(ns wan)" dev=srv0 ip=6
check "again" both everyone6 -- together lines c1 500 -- lines d1 500
check "on the wire there is ESP in UDP from 4500, and nothing else" udp_only

check "SAs whose port at the server is 500" sas 500
check "they work" everyone6
check "none of it left from 500" udp_only

# --- a daemon that binds 4500, and goes ---

takes_over()
{
	local n
	for n in 1 2 3; do
		daemon_on 4500 && mark srv && everyone6 && same in_own ||
			return 1
		stage close names=srv.4500 && mark srv && everyone6 &&
			rose in_own || return 1
	done
}
check "a daemon binds 4500 and closes it again, three times" takes_over
check "listen 0: nobody takes ESP" both own 0 srv -- dark c1 -- dark d1
check "listen 1: all work" both own 1 srv -- everyone6

sa_end
