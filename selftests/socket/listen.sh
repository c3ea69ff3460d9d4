#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The own socket: nobody is bound to 4500. A daemon that knows port 500 only
# serves clients that float; one that binds 4500 has it at once; what is neither
# IKE of a context nor ESP gets no answer.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

# daemon_500: an IKE daemon on port 500 alone, and what it is for.
daemon_500()
{
	stage responder name=srv &&
	stage ike name=srv.500 ns="$(ns srv)" addr=0.0.0.0 port=500 \
		responder=srv &&
	stage udp name=srv ns="$(ns srv)" port=1701
}

# It binds 4500, too.
daemon_4500()
{
	stage ike name=srv.4500 ns="$(ns srv)" addr=0.0.0.0 port=4500 \
		responder=srv
}

# What the server has sent so far.
sent() { wire_count wire src="$SRV" "$@"; }

# float_not NAME: IKE on 500, then on 4500, where nobody answers.
float_not()
{
	stage exchange from="$1.500" to="$SRV:500" && says answered=1 &&
	field spii "SPII[$1]" && field spir "SPIR[$1]" &&
	stage exchange from="$1.4500" to="$SRV:4500" spii="${SPII[$1]}" \
		spir="${SPIR[$1]}" timeout=1 && says answered=0
}

# --- a daemon on port 500 alone ---

topo_new
topo_crowd random c1 c2 c3
topo_directs 101 d1 d2
daemon_500
all=(c1 c2 c3 d1)
# A firewall that knows nothing of port 500 towards peers that have floated.
in_ns srv nft -f - <<END
	table ip fw {
		chain in {
			type filter hook input priority 0; policy drop
			iif lo accept
			ct state established,related accept
			udp dport { 500, 4500 } accept
			meta ipsec exists accept
			icmp type echo-request accept
		}
		chain out {
			type filter hook output priority 0; policy drop
			ct state established,related accept
			rt ipsec exists accept
			udp sport 1701 accept
			udp sport 500 udp dport 500 accept
		}
	}
END

check "without it, nobody is on 4500" float_not c1
stage sniff name=wire ns="$(ns wan)" dev=srv0
check "listen 1" set_sysctl listen 1

connect_all()
{
	local name
	for name in "${all[@]}"; do
		connect_client "$name" || return 1
	done
}
mark srv
check "clients float to 4500 and are answered from there" connect_all
check "the daemon has heard them on port 500" rose in_own_ike
check "and answered there" rose out_own
check "two have an alias" both is_alias c2 -- is_alias c3
check "all work, all at once" everyone udp "${all[@]}"
check "ESP was the own socket's" rose in_own
check "nothing in the clear" nothing_clear wire

# To peers on 500 the daemon speaks as ever.
on_500()
{
	stage exchange from=d1.500 to="$SRV:500" && says answered=1 from="$SRV:500"
}
check "who stays on 500 is answered from there" on_500

# One flow: no packet left from 500 but to 500's mappings, and conntrack has
# nothing but what came.
one_flow()
{
	local pp=${PRES_PORT[c1]}
	in_ns srv conntrack -L -p udp 2>/dev/null | tee /dev/stderr |
		grep "sport=500 dport=$pp\b" && return 1
	[ "$(sent dport="$pp" sport=500)" -eq 0 ] &&
	[ "$(sent dport="$pp" sport=4500)" -gt 0 ]
}
check "conntrack has one flow, and the wire" one_flow

# dpd NAME SIZE: the daemon asks, the client answers.
dpd()
{
	stage start by=srv from=srv.500 to="${PRES_ADDR[$1]}:${PRES_PORT[$1]}" \
		want="$1.4500" spii="${SPII[$1]}" spir="${SPIR[$1]}" xchg=5 \
		msgid=$((++MSGID)) size="$2" &&
	says arrived=1 from="$SRV:4500" addr="${PRES_ADDR[$1]}" || return 1
	stage inbox name="$1.4500" && says kind=ike intact=1 size="$2"
}
MSGID=100
everybody_asked()
{
	local name
	for name in "${all[@]}"; do
		dpd "$name" 76 || return 1
	done
}
check "the daemon asks each of them" everybody_asked

# asks NAME SIZE: the client asks, the daemon answers.
asks()
{
	stage exchange from="$1.4500" to="$SRV:4500" spii="${SPII[$1]}" \
		spir="${SPIR[$1]}" xchg=5 msgid=$((++MSGID)) size="$2" &&
	says answered=1 from="$SRV:4500" || return 1
	stage seen by=srv spii="${SPII[$1]}" && says intact=1 size="$2"
}
# Fragments, and what just fits without the marker.
sizes()
{
	local size
	for size in 1460 1464 1468 1469 1470 1471 1472 1473 3000 9001 20000; do
		"$1" c1 "$size" && "$1" c2 "$size" || return 1
	done
}
check "messages of any size in" sizes asks
check "messages of any size out" sizes dpd

# A further IKE SA of the daemon's, to where the client is.
reauthenticates()
{
	stage start by=srv from=srv.500 to="${PRES_ADDR[c2]}:${PRES_PORT[c2]}" \
		want=c2.4500 xchg=2 && says arrived=1 from="$SRV:4500"
}
check "the daemon opens an IKE SA to a client" reauthenticates

# --- SAs of port 500 ---

again_on_500()
{
	ENCAP_PORT=500
	disconnect_client "$1" && redial "$1"
}
check "a client whose SA at the server has port 500" again_on_500 c1
check "another" again_on_500 c2
before=$(sent sport=500)
check "an SA with port 500: all work" everyone udp "${all[@]}"
check "none of it left from 500" [ "$(sent sport=500)" -eq "$before" ]
ENCAP_PORT=4500

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
	[ "$(sent)" -eq "$before" ]
}
stray() { stage data from=c3.4500 to="$SRV:4500" hex="$1" size="${2:-0}"; }
ask_strange() { stage send from=c3.4500 to="$SRV:4500" "$@"; }
zeros=$(printf '00%.0s' {1..64})
check "a keepalive is eaten" silent in_own stray ff
check "no answer: an empty datagram" silent drop_own stray ''
check "no answer: three bytes" silent drop_own stray 000000
check "no answer: the marker alone" silent drop_own stray 00000000
check "no answer: the marker and 27 bytes" silent drop_own stray "${zeros:0:62}"
check "no answer: IKE longer than its datagram" \
	silent drop_own ask_strange size=60 length=99
check "no answer: IKE with a wrong checksum" silent drop_own \
	stage raw ns="$(ns c3)" src="${ADDR[c3]}" dst="$SRV" sport=4500 \
		dport=4500 ike=1 marker=1 check=bad
check "no answer: ESP without an SA" silent in_own stray "c7777777$zeros"
# Not from where a client is: that one's context would have it.
check "no answer: IKE that no context has" silent drop_own \
	stage send from=d2.4500 to="$SRV:4500" spii=1234 spir=5678 xchg=5

nobody_500()
{
	stage close names=srv.500 || return 1
	silent drop_own ask_strange spii="${SPII[c3]}" spir="${SPIR[c3]}"
}
check "no answer: IKE, while no daemon runs" nobody_500
check "ESP passes all the same" everyone udp "${all[@]}"
check "the daemon is back" stage ike name=srv.500 ns="$(ns srv)" \
	addr=0.0.0.0 port=500 responder=srv
check "the clients are known to it" everybody_asked

# --- a daemon that binds 4500, and goes ---

check "traffic of all" stage pump flows="$(flows "${all[@]}")"
check "it flows" stage pump begun=1
takes_over()
{
	local n
	for n in 1 2 3 4 5; do
		mark srv
		daemon_4500 && await_rise in_esp 50 60 || return 1
		stage close names=srv.4500 || return 1
		mark srv
		await_rise in_own 50 60 || return 1
	done
}
check "a daemon binds 4500 and closes it again, five times" takes_over
check "a daemon on 4500: traffic ends" stage pump stop=1
check "no SA was lost: all work" everyone udp "${all[@]}"

# With it there, nothing is the own socket's.
daemon_has_it()
{
	mark srv
	daemon_4500 && everyone udp "${all[@]}" && ike_float c1 &&
	stage seen by=srv spii="${SPII[c1]}" && same in_own in_own_ike
}
check "with a daemon on 4500 nothing is the own socket's" daemon_has_it
check "the daemon goes" stage close names=srv.4500
# Some other program, which knows nothing of ESP.
not_ours()
{
	stage udp name=other ns="$(ns srv)" port=4500 && mark srv &&
	stray "c7777777$zeros" && stage take name=other timeout=3 && says count=1 &&
	same in_own drop_own && stage close names=other
}
check "nor with any other program there" not_ours
check "it serves again" both ike_float c1 -- everyone udp "${all[@]}"

# --- off and on ---

dark()
{
	stage burst server=srv target="$SRV:1701" rounds=1 wait=1 \
		peers="$(peers udp "$@")" && says up=0 back=0
}
check "listen 0: nobody takes ESP" both set_sysctl listen 0 -- dark "${all[@]}"
check "listen 1: all work" \
	both set_sysctl listen 1 -- everyone udp "${all[@]}"
often()
{
	local n
	for n in {1..20}; do
		set_sysctl listen 0 && set_sysctl listen 1 || return 1
	done
}
check "off and on: traffic of all" stage pump flows="$(flows "${all[@]}")"
check "off and on under traffic" often
check "off and on: traffic ends" stage pump stop=1
check "off and on: all work" everyone udp "${all[@]}"
check "another port" both set_sysctl nat_port 4501 -- dark "${all[@]}"
check "the first again" \
	both set_sysctl nat_port 4500 -- everyone udp "${all[@]}"
# The kernel has told that nobody is there, while nobody was.
none_clear()
{
	local word
	for word in dport=1701 sport=1701 proto=6; do
		[ "$(wire_count wire "$word")" -eq 0 ] || return 1
	done
}
check "nothing of all was in the clear" none_clear

# --- policies that cover any protocol ---

topo_again
topo_crowd random c1 c2
topo_direct d1 101
for name in c1 c2 d1; do
	POLICY[$name]=host
done
daemon_500
check "policies of any protocol, listen 1" \
	both set_sysctl listen 1 -- connect_client c1 -- connect_client c2 -- \
	connect_client d1
check "ICMP, all at once" everyone icmp c1 c2 d1
check "TCP, all at once" everyone tcp c1 c2 d1

# --- twenty ---

topo_again
crowd=()
for n in {1..20}; do
	crowd+=("u$n")
done
topo_crowd random "${crowd[@]}"
daemon_500
set_sysctl listen 1
twenty()
{
	local name
	for name in "${crowd[@]}"; do
		connect_client "$name" || return 1
	done
}
check "twenty clients" twenty
check "they work, all at once" everyone udp "${crowd[@]}"

# --- the namespace goes, with its socket ---

up=$(printf ",%s>$SRV:1701" "${crowd[@]}")
check "traffic to it" stage pump flows="${up#,}"
check "traffic to it flows" stage pump begun=1
check "the server's namespace goes" both stage close names=srv,srv.500 -- \
	stage netns del="$(ns srv)"
check "no namespace: traffic ends" stage pump stop=1

# That server is no more; the audit of all namespaces follows.
topo_end
finish
