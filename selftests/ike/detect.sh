#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# NAT detection: what IKE says in the clear of the addresses that each end has
# tells which end is behind a NAT. It is each context's path, which the first
# word decides, and nobody who only guesses; follow_peer 1, alias_mode 2 and 3
# go by it.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

# --- what a context has learned, by its tracepoint ---

trace_begin esp_nat_ctx_position || bail "no tracing"

# learned SPII: the lines of the server's context that this IKE SA opened. Clients
# have one, too.
learned()
{
	local inode
	inode=$(command stat -L -c %i "/run/netns/$(ns srv)")
	grep "ns=$inode .* spii=$1 " "$TRACE/trace"
}

# path_is SPII ROLE LOCAL PEER [TIMES]: what that has learned in the end, and in
# how many steps.
path_is()
{
	local lines want="role=$2 local_nat=$3 peer_nat=$4"
	lines=$(learned "$1") || { echo "# no $1"; return 1; }
	echo "$lines"
	[[ ${lines##*$'\n'} == *" $want" ]] ||
		{ echo "# wanted $want"; return 1; }
	[ -z "${5:-}" ] || [ "$(wc -l <<<"$lines")" -eq "$5" ]
}

# The words of a message from or to there, d1 that of a client without NAT.
S5=$SRV:500 S45=$SRV:4500
own5() { echo "${ADDR[$1]}:500"; }

# tells NAME LOCAL PEER WORD...: an IKE_SA_INIT with these words.
tells()
{
	stage exchange from="$1.500" to="$S5" ver=2 "${@:4}" &&
	says answered=1 && path_is "$(field spii)" responder "$2" "$3" 1
}

# --- IKEv2 ---

topo_new
topo_crowd random c1 c2
topo_directs 101 d1 d2 d3 d4
daemon srv

d1=$(own5 d1)
# counted NAME BY COMMAND...: what a counter of contexts says.
counted()
{
	mark srv
	"${@:3}" && rose "$1" "$2" && same detect_unknown
}
check "IKEv2: no NAT" counted detect_no_nat 1 \
	tells d1 no no own="$d1" remote="$S5"
check "IKEv2: client behind NAT" counted detect_peer_nat 1 \
	tells c1 no yes own="$(own5 c1)" remote="$S5"
check "IKEv2: server behind NAT" counted detect_local_nat 1 \
	tells d1 yes no own="$d1" remote=192.0.2.7:500
check "both" tells c1 yes yes own="$(own5 c1)" remote=192.0.2.7:500
check "only the port was translated" \
	tells d1 yes yes own="${ADDR[d1]}:501" remote="$SRV:501"
check "a digest that is nobody's, as forced encapsulation has" \
	tells d1 no yes own=wrong remote="$S5"
check "several addresses, one is right" \
	tells d1 no no own="wrong,wrong,$d1" remote="wrong,$S5"
check "several addresses, none is right" \
	tells d1 no yes own=wrong,wrong,wrong remote="$S5"
check "its own addresses only" tells d1 unknown no own="$d1" remote=
check "the other end's only" tells d1 no unknown own= remote="$S5"
check "no NAT detection" tells d1 unknown unknown size=200
many=wrong,wrong,wrong,wrong,wrong,wrong,wrong,wrong
undecided()
{
	mark srv
	tells d1 no unknown own="$many,wrong" remote="$S5" &&
	rose detect_unknown 1
}
check "more addresses than are looked at" undecided
check "as many as are" tells d1 no yes own="$many" remote="$S5"
on_4500()
{
	stage exchange from=d1.4500 to="$S45" ver=2 own="${ADDR[d1]}:4500" \
		remote="$S45" && says answered=1 &&
	path_is "$(field spii)" responder no no
}
check "on port 4500" on_4500
# pieces CUTS WORD...: by hand, in fragments; the digests are cut, too.
pieces()
{
	stage raw ns="${NS[d1]}" src="${ADDR[d1]}" dst="$SRV" sport=500 dport=500 \
		ike=1 ver=2 spii="$1" size="$2" cuts="$3" own="$d1" remote="$S5" &&
	busywait 20000 path_is "$1" responder no no 1
}
check "in three fragments, cut within the digests" \
	pieces 00000000000f1a01 400 72,112
check "of 3000 bytes, with bytes behind the last payload" \
	pieces 00000000000f1a02 3000 80,1400,2400
broken()
{
	stage raw ns="${NS[d1]}" src="${ADDR[d1]}" dst="$SRV" sport=500 dport=500 \
		ike=1 ver=2 spii=00000000000f1a03 size=20 length=100 \
		own="$d1" remote="$S5" &&
	busywait 20000 path_is 00000000000f1a03 responder unknown unknown 1
}
check "a chain of payloads that is cut tells nothing" broken

# --- IKEv1 ---

# mode NAME LOCAL PEER WORD...: main mode; the third message has these words.
mode()
{
	local spii
	stage exchange from="$1.500" to="$S5" && says answered=1 || return 1
	spii=$(field spii)
	path_is "$spii" responder unknown unknown 1 &&
	stage exchange from="$1.500" to="$S5" spii="$spii" \
		spir="$(field spir)" "${@:4}" && says answered=1 &&
	path_is "$spii" responder "$2" "$3" 2
}
hashes()
{
	local hash natd
	for hash in md5 sha1 sha256 sha384 sha512; do
		for natd in 20 130; do
			mode d1 no no own="$d1" remote="$S5" hash="$hash" natd="$natd" &&
			mode d2 yes yes own=wrong,wrong remote=wrong hash="$hash" \
				natd="$natd" || return 1
		done
	done
}
check "IKEv1, main mode: each hash, RFC 3947 and drafts" hashes
check "the first is the remote end's, not the sender's" \
	mode d1 yes yes own="$S5" remote="$d1"
check "any of the others is the sender's" \
	mode d1 no no own="wrong,wrong,$d1" remote="$S5"
check "IKEv1: client behind NAT" mode c1 no yes own="$(own5 c1)" remote="$S5"
encrypted()
{
	stage exchange from=d1.500 to="$S5" && says answered=1 || return 1
	local spii
	spii=$(field spii)
	stage exchange from=d1.500 to="$S5" spii="$spii" spir="$(field spir)" \
		flags=1 own="$d1" remote="$S5" && says answered=1 &&
	path_is "$spii" responder unknown unknown 1
}
check "an encrypted message tells nothing" encrypted

# --- this end opens ---

# opened NAME LOCAL PEER WORD...: an answer with these words.
opened()
{
	stage start by=srv from=srv.500 to="$(own5 "$1")" want="$1.500" \
		spii=random "${@:4}" && says arrived=1 &&
	path_is "$(field spii)" initiator "$2" "$3"
}
# For each a client that no context of before is at.
topo_directs 111 e1 e2 e3 e4
check "this end opens, IKEv2: no NAT" \
	opened e1 no no ver=2 own="$(own5 e1)" remote="$S5"
check "this end opens, IKEv2: server behind NAT" \
	opened e2 yes no ver=2 own="$(own5 e2)" remote=wrong
check "the other end behind NAT" \
	opened e3 no yes ver=2 own=wrong remote="$S5"
check "IKEv1, aggressive mode: the second message tells" \
	opened e4 yes no xchg=4 own="$(own5 e4)" remote=wrong natd=130

# --- the first word counts ---

# Of a half-open context, and of a live one, whose path c1 and c2 have.
half_open()
{
	stage exchange from=d1.500 to="$S5" ver=2 own="$d1" remote="$S5" &&
	says answered=1 || return 1
	local spii
	spii=$(field spii)
	stage exchange from=d1.500 to="$S5" ver=2 spii="$spii" own=wrong \
		remote=wrong && says answered=1 && path_is "$spii" responder no no 1
}
check "half-open: a second IKE_SA_INIT changes nothing" half_open

check "a client that has told nothing" \
	both connect_client d3 2 -- everyone udp d3
live() { path_is "${SPII[$1]}" responder "${@:2}"; }
check "its path is not known" live d3 unknown unknown 1
# Sent by another, in its name, from where it is.
spoofed()
{
	stage raw ns="$(ns wan)" src="${ADDR[d3]}" dst="$SRV" sport=4500 dport=4500 \
		ike=1 marker=1 ver=2 spii=00000000005b00f1 \
		own="${ADDR[d3]}:4500" remote="$S45"
}
in_vain()
{
	mark srv
	spoofed && busywait 20000 rose in_ike && same ctx_created && live d3 unknown unknown 1
}
check "an IKE_SA_INIT in its name tells nothing" in_vain
# A new IKE SA; what IKE_SA_INIT has said counts when the daemon answers what only
# an authenticated peer is answered.
renewed()
{
	local name=$1 spii spir
	stage exchange from="$name.4500" to="$S45" ver=2 "${@:2}" &&
	says answered=1 || return 1
	spii=$(field spii) spir=$(field spir)
	stage exchange from="$name.4500" to="$S45" ver=2 xchg=35 msgid=1 \
		spii="$spii" spir="$spir" && says answered=1 || return 1
	BETWEEN=$(learned "${SPII[$name]}" | wc -l)
	stage exchange from="$name.4500" to="$S45" ver=2 xchg=37 msgid=2 \
		spii="$spii" spir="$spir" && says answered=1
}
learns()
{
	mark srv
	renewed d3 own="${ADDR[d3]}:4500" remote=wrong && same ctx_created &&
	[ "$BETWEEN" -eq 1 ] && live d3 yes no 2
}
check "its own does, once the daemon has authenticated it" learns
stays()
{
	renewed d3 own=wrong remote="$S45" && live d3 yes no 2
}
check "what a live client's next IKE SA says changes nothing" stays

# --- follow_peer 1 ---

# From now on the client's port 4500 is another one outside, and nothing comes to
# the old one.
shift_port()
{
	in_ns "${NS[$1]}" nft -f - <<-END
		table ip nat
		delete table ip nat
		table ip nat {
			chain old {
				type filter hook input priority 0
				ct direction original udp dport 4500 drop
			}
			chain post {
				type nat hook postrouting priority 100
				udp sport 4500 snat to ${ADDR[$1]}:$2
			}
		}
	END
	in_ns "${NS[$1]}" conntrack -F 2>/dev/null
	stage wait seconds=1
}
follows()
{
	mark srv
	hello "$1" && everyone udp "$1" && rose ctx_moved 1
}
# What comes from it passes as it came; nothing is translated to its new port.
stays_put()
{
	mark srv
	not hello "$1" && same ctx_moved in_esp_presented && rose in_esp
}
# tell NAME WORD...: IKEv2 with these words, SAs, traffic.
tell()
{
	stage exchange from="$1.500" to="$S5" ver=2 "${@:2}" &&
	says answered=1 || return 1
	SPII[$1]=$(field spii) SPIR[$1]=$(field spir)
	ike_float "$1" 2 && sa_install "$1" && everyone udp "$1"
}
# told NAME WORD...: the same, but this end opens the IKE SA.
told()
{
	stage start by=srv from=srv.500 to="$(own5 "$1")" want="$1.500" ver=2 \
		spii=random "${@:2}" && says arrived=1 || return 1
	SPII[$1]=$(field spii) SPIR[$1]=$(field spir)
	stage start by=srv from=srv.4500 to="${ADDR[$1]}:4500" want="$1.4500" \
		ver=2 xchg=35 msgid=1 spii="${SPII[$1]}" spir="${SPIR[$1]}" &&
	says arrived=1 &&
	field addr "PRES_ADDR[$1]" && field port "PRES_PORT[$1]" &&
	sa_install "$1" && everyone udp "$1"
}
topo_again
topo_direct d1 101
topo_direct d2 102
topo_direct d3 103
topo_direct e1 111
topo_direct e2 112
topo_direct e3 113
daemon srv
check "clients that have no NAT, one, or tell nothing" \
	both tell d1 own="$(own5 d1)" remote="$S5" -- \
	tell d2 own=wrong remote=wrong -- tell d3
check "peers to which this end has opened, with and without NAT here" \
	both told e1 own=wrong remote=wrong -- \
	told e2 own=wrong remote="$S5" -- told e3 own=wrong remote=wrong
for name in d1 d2 d3 e1 e2; do
	shift_port "$name" 4600
done
check "follow_peer 1: a client that has no NAT is not followed" stays_put d1
check "one behind a NAT is" follows d2
check "one that tells nothing is" follows d3
check "not from behind a NAT, when this end has opened" stays_put e1
check "from where no NAT is, it is" follows e2
set_sysctl follow_peer 2
check "follow_peer 2: all are" both follows d1 -- follows e1
set_sysctl follow_peer 0
shift_port d2 4700
check "follow_peer 0: none is" stays_put d2

# --- alias_mode ---

modes() { ! set_sysctl alias_mode 4 >/dev/null && set_sysctl alias_mode 3; }
check "alias_mode is 3 at most" modes

# dial NAME WORD...: a first message; what is the client presented as?
dial()
{
	stage exchange from="$1.500" to="$S5" "${@:2}" && says answered=1 &&
	field addr "PRES_ADDR[$1]"
}
keeps() { dial "$@" && is_at "$1" "${REAL[$1]}"; }
aliased() { dial "$@" && is_alias "$1"; }
declare -A REAL=([c1]=$P [c2]=$P [d1]=198.51.100.101 [d2]=198.51.100.102
	[d3]=198.51.100.103)
scene()
{
	topo_again
	topo_crowd random c1 c2
	topo_directs 101 d1 d2 d3
	daemon srv
	set_sysctl alias_mode "$1"
}
scene 2
check "alias_mode 2: the first client behind a NAT keeps its address" \
	keeps c1 ver=2 own="$(own5 c1)" remote="$S5"
check "the second has an alias" aliased c2 ver=2 own="$(own5 c2)" remote="$S5"
check "a client without NAT" keeps d1 ver=2 own="$(own5 d1)" remote="$S5"
check "and its address in use keeps it" \
	keeps d1 ver=2 own="$(own5 d1)" remote="$S5"
check "but not if it does not say so" aliased d1 ver=2
check "IKEv1 does not say so in time" aliased d1 own="$(own5 d1)" remote="$S5"
# One that knows what the NAT makes of it, and says that it has that address.
lies()
{
	stage raw ns="$(ns wan)" src="$P" dst="$SRV" sport=5555 dport=500 ike=1 \
		ver=2 spii=00000000000011e5 own="$P:5555" remote="$S5" &&
	busywait 20000 path_is 00000000000011e5 responder no no 1 &&
	[[ $(learned 00000000000011e5) == *" presented=198.1"[89]* ]]
}
check "nor is it believed where others are behind a NAT" lies

scene 3
check "alias_mode 3: the first client behind a NAT has an alias" \
	aliased c1 ver=2 own="$(own5 c1)" remote="$S5"
check "the second, too" aliased c2 ver=2 own="$(own5 c2)" remote="$S5"
check "one without NAT keeps its address" \
	keeps d1 ver=2 own="$(own5 d1)" remote="$S5"
check "also where it is in use" keeps d1 ver=2 own="$(own5 d1)" remote="$S5"
check "IKEv2 that tells nothing, first" keeps d2 ver=2
check "and second" aliased d2 ver=2
check "IKEv1, first" aliased d3
set_sysctl never_alias "$P/32,198.51.100.103"
check "but not who never is: IKEv1" keeps d3
check "nor behind NAT" keeps c1 ver=2 own="$(own5 c1)" remote="$S5"
set_sysctl never_alias ""
works()
{
	local name
	for name in c1 c2; do
		ike_connect "$name" 1 && is_alias "$name" && sa_install "$name" ||
			return 1
	done
	everyone udp c1 c2
}
check "with an alias each they work" works

# --- a half-open context that is folded ---

topo_again
topo_crowd random c1
daemon srv
check "a client that floats and has told nothing" \
	both connect_client c1 -- everyone udp c1
# folds WORD...: it renews its IKE SA from port 500, where NAT-D tells, and comes
# to 4500 then.
folds()
{
	local spii spir
	stage exchange from=c1.500 to="$S5" && says answered=1 || return 1
	spii=$(field spii) spir=$(field spir)
	mark srv
	stage exchange from=c1.500 to="$S5" spii="$spii" spir="$spir" "$@" &&
	says answered=1 && hello c1 &&
	stage exchange from=c1.4500 to="$S45" spii="$spii" spir="$spir" &&
	says answered=1 && rose ctx_folded 1
}
check "it renews its IKE SA from port 500: what that tells is the client's" \
	both folds own="$(own5 c1)" remote="$S5" -- live c1 no yes 2
check "but what is known stays" both folds own=wrong remote=wrong -- \
	live c1 no yes 2

# --- a client that changes networks: its guest context ---

topo_again
topo_nat nat $P preserving
topo_nat natb 198.51.100.3 preserving
topo_client nat c1 11
daemon srv
check "an IKEv2 client" tell c1 own="$(own5 c1)" remote=wrong
# MOBIKE: the same IKE SA from another address.
guest()
{
	local line
	ip -n "${NS[nat]}" link set c1 netns "${NS[natb]}" &&
	ip -n "${NS[natb]}" link set c1 master br0 up || return 1
	stage exchange from=c1.4500 to="$S45" ver=2 xchg=37 msgid=2 \
		spii="${SPII[c1]}" spir="${SPIR[c1]}" &&
	says answered=1 addr=198.51.100.3 || return 1
	line=$(grep "actual=198.51.100.3 " "$TRACE/trace" | tail -n 1)
	echo "$line"
	[[ $line == *" role=responder local_nat=yes peer_nat=unknown" ]]
}
check "its guest context has this end's path" guest

sa_end
