#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# NATs forget and clients move: replies go to where the newest authenticated
# packet came from, at once, and nothing else moves them. Daemon and xfrm know
# nothing of it.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

topo_new
topo_crowd random c1 c2 c3 c4
daemon srv
both connect_client c1 -- connect_client c2 -- connect_client c3 -- \
	connect_client c4
check "four clients work" everyone udp c1 c2 c3 c4
all=(c1 c2 c3 c4)

# What xfrm tells IKE daemons.
MONITOR=$(mktemp)
at_exit rm -f "$MONITOR"
stdbuf -oL ip -n "$(ns srv)" xfrm monitor >"$MONITOR" 2>&1 &
told() { grep -qi "$1" "$MONITOR"; }

# What the kernel has installed, without lifetimes and sequence numbers.
sas() { ip -n "$(ns srv)" xfrm state | grep -v 'anti-replay\|lastused'; }

# Each client's next packet, and then not one is lost, either way.
goes_on() { hello "$@" && everyone udp "$@"; }

# moved N COMMAND...: it moves that many contexts, and no SA. A second after
# the last move, not sooner.
moved()
{
	local n=$1 before
	shift
	stage wait seconds=1
	before=$(sas)
	mark srv
	"$@" && goes_on "${all[@]}" && rose ctx_moved "$n" &&
	diff <(echo "$before") <(sas)
}

# --- moves ---

check "the NAT forgets: another port" moved 4 nat_forget nat
check "and once more" moved 4 nat_forget nat
check "the NAT has another address" moved 4 nat_renumber nat 198.51.100.9
check "and its first one again" moved 4 nat_renumber nat "$P"
port()
{
	nat_forget nat -p udp -s "${ADDR[$1]}"
}
check "only one with its real address gets another port" moved 1 port c1
check "only one with an alias" moved 1 port c2
check "no daemon is told of a mapping" not told mapping
# A second move within a second of the first has to wait for its time.
early()
{
	local i
	mark srv
	for i in {1..30}; do
		port "$1"
		stage burst server=srv target="$SRV:1701" rounds=1 push=0 wait=0.1 \
			peers="$(peers udp "$1")" >/dev/null
		rose ctx_move_early >/dev/null && break
	done
	rose ctx_move_early && stage wait seconds=1 && goes_on "$1"
}
check "more often than once a second: the next packet after that" \
	both early c1 -- early c2

# --- IKE from the new port ---

# Known to the daemon by the endpoint that it knows; answers find it.
dpd()
{
	stage exchange from="$1.4500" to="$SRV:4500" spii="${SPII[$1]}" \
		spir="${SPIR[$1]}" xchg=5 msgid="$RANDOM" &&
	says answered=1 addr="${PRES_ADDR[$1]}" port="${PRES_PORT[$1]}"
}
# The daemon asks by itself, at the endpoint that it knows.
asked()
{
	stage clear name="$1.4500"
	stage send from=srv.4500 to="${PRES_ADDR[$1]}:${PRES_PORT[$1]}" \
		spii="${SPII[$1]}" spir="${SPIR[$1]}" xchg=5 msgid="$RANDOM" \
		marker=1 &&
	stage inbox name="$1.4500" wait=1 && says count=1
}
first_ike()
{
	stage wait seconds=1
	nat_forget nat
	mark srv
	dpd c1 && dpd c2 && same ctx_moved ctx_created
}
check "IKE comes first: answered, and moves nothing" first_ike
check "then ESP moves them" moved 4 true
check "IKE again" both dpd c1 -- dpd c2
check "and the daemon asks" both asked c1 -- asked c2

# --- follow_peer ---

stays()
{
	set_sysctl follow_peer 0
	stage wait seconds=1
	nat_forget nat
	mark srv
	stage burst server=srv target="$SRV:1701" rounds=1 push=0 wait=1 \
		peers="$(peers udp c2 c3)" && says all=0 up=2 back=0 &&
	same ctx_moved
}
check "follow_peer 0: clients with an alias are heard, not followed" stays
mapping_told()
{
	hello c1 >/dev/null
	busywait 20000 told mapping
}
check "of a client with its real address a daemon is told, as ever" mapping_told
check "follow_peer 2" both set_sysctl follow_peer 2 -- goes_on c2 c3
bad_value()
{
	stage sysctl ns="$(ns srv)" name=esp_nat.follow_peer value=3 &&
	says errno=22
}
check "follow_peer 3 is refused" bad_value
set_sysctl follow_peer 1
check "all work" goes_on "${all[@]}"

# --- what must not move them ---

# Somebody on the internet: all of it goes out from there.
topo_direct evil 66
EVIL=198.51.100.66:4500
stage sniff name=pub ns="$(ns wan)" dev=srv0
spi() { printf '%08x' "$(spi_in "$1")"; }

# unmoved COMMAND...: afterwards every packet still goes where it went.
unmoved()
{
	mark srv
	"$@" && same ctx_moved && everyone udp "${all[@]}"
}
forged()
{
	stage raw ns="${NS[evil]}" src=198.51.100.66 dst="$SRV" sport=4500 \
		dport=4500 hex="$(spi "$1")7fffffff" size=80 times=20
}
check "a forged packet with the right SPI" \
	unmoved both forged c1 -- forged c2
last_of()
{
	stage resend name=pub ns="${NS[evil]}" from="$EVIL" out=1 dport=4500 \
		sport="$(mapping "$1")" "${@:2}"
}
check "a replayed one" unmoved both last_of c1 -- last_of c2
check "a genuine one with one bit changed" \
	unmoved both last_of c1 flip=40 -- last_of c2 flip=40
keepalive()
{
	stage data from=evil.4500 to="$SRV:4500" hex=ff times=5
}
check "a keepalive" unmoved keepalive
ike()
{
	stage exchange from=evil.4500 to="$SRV:4500" spii="${SPII[$1]}" \
		spir="${SPIR[$1]}" xchg=5 msgid="$RANDOM" && says answered=1
}
check "IKE: its own answer goes where it came from" \
	unmoved both ike c1 -- ike c2

# One that was held back: genuine, never seen, but no longer the newest.
held()
{
	in_ns srv nft -f - <<-END
		table ip held {
			chain in {
				type filter hook prerouting priority -400
				udp dport 4500 drop
			}
		}
	END
	stage data from="$1" to="$SRV:1701" size=300
	stage wait seconds=0.2
	in_ns srv nft delete table ip held
}
old()
{
	local held
	held "$1"
	held=$(mapping "$1")
	everyone udp "$1" || return 1
	mark srv
	stage resend name=pub ns="${NS[evil]}" from="$EVIL" out=1 dport=4500 \
		sport="$held" 'len>=340' || return 1
	echo "$REPLY"
	same ctx_moved && everyone udp "${all[@]}"
}
check "an old sequence number, client with its real address" old c1
check "an old sequence number, client with an alias" old c2

# --- races ---

# One who copies packets and is quicker: the client is back with its next.
copied()
{
	held "$1"
	mark srv
	stage resend name=pub ns="${NS[evil]}" from="$EVIL" out=1 dport=4500 \
		sport="$(mapping "$1")" 'len>=340' && rose ctx_moved 1 &&
	goes_on "$1" && rose ctx_moved 2
}
check "a copy that overtakes the original moves it until the next packet" \
	both copied c1 -- copied c2 -- copied c1 -- copied c2

# --- the module is gone for a while ---

# With their SAs installed and under traffic; the NAT forgets as well. The first
# packet of each tells where it is.
reloaded()
{
	switch_off && busywait 20000 module_unload && nat_forget nat &&
	module_load && mark srv && goes_on "${all[@]}" && rose ctx_healed 3
}
check "the module reloaded under them: each is found again" reloaded
check "IKE, too" both dpd c1 -- dpd c2 -- asked c1 -- asked c2
off_and_on()
{
	set_sysctl enabled 0 && set_sysctl enabled 1 && mark srv &&
	goes_on "${all[@]}" && rose ctx_healed 3
}
check "the same for enabled=0 and 1" off_and_on
new_client()
{
	mark srv
	redial c3 && is_alias c3 && everyone udp "${all[@]}"
}
check "a new dial gets an alias of its own" new_client

sa_end
