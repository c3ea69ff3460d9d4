#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What user space sees and changes: contexts, sockets, counters, aliases, events.
# All of it by espnat's JSON. Nobody who may not, and nothing that is nonsense,
# changes anything.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=sa.sh
. "$(dirname "$0")/sa.sh"

TOOL=${ESP_NAT_TOP:-$SA_DIR/..}/build/tools/espnat
[ -x "$TOOL" ] || TOOL=$(command -v espnat) || bail "no espnat: make -C tools"

sa_begin

# espnat WORD...: its JSON, of the server's namespace.
espnat() { "$TOOL" -n "$(ns srv)" -j "$@"; }
pick() { "$SA_DIR/tools/pick.py" "$@"; }
# shows 'WORD...' EXPRESSION [ARGUMENT]...
shows()
{
	local words
	read -r -a words <<<"$1"
	espnat "${words[@]}" | pick "${@:2}"
}

# refuses STATUS WORD...: with that exit status, and says why.
refuses()
{
	local want=$1 status=0 said
	shift
	said=$(espnat "$@" 2>&1 >/dev/null) || status=$?
	echo "# $status: $said"
	[ $status -eq "$want" ] && [ -n "$said" ]
}

# --- contexts ---

topo_new
topo_crowd random c1 c2 c3
daemon srv
both connect_client c1 -- connect_client c2 -- connect_client c3
check "three clients work" everyone udp c1 c2 c3

each_shown()
{
	local name
	for name in c1 c2 c3; do
		shows "context show" \
			'some(presented=ep(a[0], a[1]), state="live")' \
			"${PRES_ADDR[$name]}" "${PRES_PORT[$name]}" || return 1
	done
	shows "context show" 'len(j) == 3 and len({c["id"] for c in j}) == 3'
}
check "each is shown" each_shown
check "with and without alias" shows "context show" \
	'sorted(c.get("aliased", False) for c in j) == [False, True, True]'
check "all at the NAT" shows "context show" \
	'all(c["home"]["addr"] == a[0] == c["actual"]["addr"] for c in j)' "$P"
check "what was in ESP, both ways" shows "-s context show" \
	'all(c["rx-packets"] >= 8 and c["rx-bytes"] > 60 * c["rx-packets"] and
	     c["tx-packets"] >= 8 and c["tx-bytes"] > 60 * c["tx-packets"] and
	     c["drops"] == 0 and c["idle"] < 3600000 for c in j)'
check "their IKE SAs" shows "-s context show" \
	'all(any(s["spii"] and s["spir"] for s in c["ike-sa"]) for c in j)'

one_of()
{
	shows "context show $1" 'len(j) == 1 and j[0]["presented"]["addr"] == a[0]' \
		"${PRES_ADDR[c2]}"
}
check "by its alias" one_of "alias ${PRES_ADDR[c2]}"
check "by its SPI" one_of "spi $(spi_in c2)"
check "by its number" one_of "id $(espnat context show alias "${PRES_ADDR[c2]}" | pick 'j[0]["id"]')"
check "by its endpoint" one_of "peer $(espnat context show alias "${PRES_ADDR[c2]}" |
	pick '"%s:%s" % (j[0]["actual"]["addr"], j[0]["actual"]["port"])')"
check "all of an address" shows "context show peer $P" 'len(j) == 3'
check "nobody's address" shows "context show peer 192.0.2.77" 'j == []'
check "who is that alias?" shows "resolve ${PRES_ADDR[c3]}" \
	'len(j) == 1 and j[0]["actual"]["addr"] == a[0]' "$P"
check "nobody's alias: exit status 1" refuses 1 resolve 198.19.255.1

check "a status" shows "" 'j["contexts"]["total"] == 3 and j["contexts"]["aliased"] == 2'
check "the daemon's sockets" shows socket \
	'some(local=ep("0.0.0.0", 4500), encap=True) and some(local=ep("0.0.0.0", 500))'
check "the pool" shows pool 'j["given"] == 2 and j["prefix-len"] == 15'
check "counters" shows "stats all" \
	'{c["name"]: c["value"] for c in j}["ctx_created"] == 3'

# --- events ---

EVENTS=$(mktemp)
at_exit rm -f "$EVENTS"
# as the first command that is not in a function: its child is the monitor
nsenter --net="/run/netns/$(ns srv)" "$TOOL" -j monitor >"$EVENTS" &
MONITOR=$!
at_exit kill $MONITOR
listening() { grep -q "^sk.*Eth\|esp_nat\| 16 " /proc/net/netlink 2>/dev/null; [ -d /proc/$MONITOR ]; }
event() { pick --lines "$@" <"$EVENTS"; }
told() { wait_for 20 event "$@" >/dev/null || event "$@"; }

wait_for 20 listening
stage wait seconds=1
topo_client nat c4 14
check "a fourth client connects" connect_client c4
check "told: born, aliased, confirmed" told \
	'[e["event"] for e in j if e.get("ctx", {}).get("presented", {}).get("addr") == a[0]][:3] == ["born", "aliased", "confirmed"]' "${PRES_ADDR[c4]}"
check "all work" everyone udp c1 c2 c3 c4
stage wait seconds=1
nat_forget nat
check "the NAT forgets, all work" hello c1 c2 c3 c4
check "told: four have moved, and where from" told \
	'len({e["ctx"]["id"] for e in j if e["event"] == "moved" and e["was"]["port"] != e["ctx"]["actual"]["port"]}) == 4'
check "shown: each has moved once" shows "-s context show" 'all(c["moves"] == 1 for c in j)'

set_sysctl max_contexts 4
topo_client nat c5 15
check "a limit: a fifth is not answered" eval 'stage exchange from=c5.500 to=$SRV:500 timeout=1 && says answered=0'
check "told: the limit" told 'some(event="limit", reason="drop_ctx_max")'
set_sysctl max_contexts 100

check "a context is deleted" espnat context del alias "${PRES_ADDR[c4]}"
check "told: ended, with its totals" told \
	'any(e["event"] == "ended" and e["reason"] == "deleted" and e["ctx"]["rx-packets"] > 0 for e in j)'
check "its client is found again by its next packet" hello c4
check "all work" everyone udp c1 c2 c3 c4

# --- who may ---

as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$TOOL" -j "$@"; }
nobody_refused()
{
	local status=0 said
	said=$(nsenter --net="/run/netns/$(ns srv)" setpriv --reuid=65534 \
		--regid=65534 --clear-groups --inh-caps=-all \
		"$TOOL" -j "$@" 2>&1 >/dev/null) || status=$?
	echo "# $status: $said"
	[ $status -eq 1 ] && [ -n "$said" ]
}
check "without privilege: no contexts" nobody_refused context show
check "nor may they be deleted" nobody_refused context flush
check "nor imported" eval 'espnat export | nobody_refused import'
check "nor events heard" nobody_refused monitor
check "but counters are shown" eval 'nsenter --net="/run/netns/$(ns srv)" setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$TOOL" -j stats all | pick "len(j) > 40"'
check "nothing has changed" shows "context show" 'len(j) == 4'

# --- what is wrong is refused, and why ---

check "no such context" refuses 1 context del id 999999
check "no such word" refuses 2 context frobnicate
check "no address" refuses 2 context del alias 1.2.3
check "no such SPI" refuses 1 context show spi 0x1
check "no alias of the pool" refuses 1 alias reserve 192.0.2.1 for 192.0.2.9
check "not reserved" refuses 1 alias release 198.18.0.9
check "nothing has changed" shows "context show" 'len(j) == 4'

# --- an alias that is kept ---

topo_again
topo_crowd random c1 c2 c3
daemon srv
check "an alias is kept for the clients of an address" espnat alias reserve 198.18.77.7 for $P
check "again: the same" espnat alias reserve 198.18.77.7 for $P
check "another for the same is refused" refuses 1 alias reserve 198.18.77.8 for $P
check "it is shown" shows "alias show" \
	'some(presented=ep("198.18.77.7"), actual=ep(a[0]))' $P
check "the first client connects" connect_client c1
check "it has it" is_at c1 198.18.77.7
check "the second connects, too" connect_client c2
check "it has its own address" is_at c2 $P
check "the third connects" connect_client c3
check "it has another alias" is_alias c3
check "all work" everyone udp c1 c2 c3
check "shown: it is used" shows "alias show" 'some(used=True)'
check "a pool that is used cannot be changed" eval '! set_sysctl alias_pool4 198.18.0.0/16'
check "it is released" espnat alias release 198.18.77.7
check "who has it keeps it" everyone udp c1 c2 c3
check "nothing is kept any more" shows "alias show" 'j == []'

# --- to another gateway, and back ---

SAVED=$(mktemp)
at_exit rm -f "$SAVED"
check "export" eval 'espnat export >"$SAVED" && tail -n 1 "$SAVED" | grep -qx "end 3"'
# shown without what time changes
lasting() { espnat -s context show | pick 'sorted(str({k: v for k, v in c.items() if k in ("actual", "presented", "home", "aliased", "spii", "ike-sa", "role", "peer-nat", "local-nat", "used-nat-port")}) for c in j)'; }
BEFORE_IT=$(lasting)
refuses_import() { local s=0; espnat import >/dev/null 2>&1 || s=$?; [ $s -ne 0 ]; }
check "import of what is there: nothing new" eval 'espnat import <"$SAVED" && shows "context show" "len(j) == 3"'
truncated() { head -n 2 "$SAVED" | refuses_import; }
check "a truncated file is refused" truncated
mixed() { sed '2s/198\.18\.[0-9.]*/198.18.9.9/;3s/home [0-9.]*/home 192.0.2.200/' "$SAVED" | refuses_import; }
standby()
{
	set_sysctl enabled 0 && set_sysctl enabled 1 &&
	shows "context show" 'all(not c.get("aliased") for c in j)'
}
check "the contexts are lost" standby
check "import brings them back" eval 'espnat context flush && espnat import <"$SAVED" && shows "context show" "len(j) == 3"'
check "each as it was" eval '[ "$(lasting)" = "$BEFORE_IT" ]'
check "all work" everyone udp c1 c2 c3
check "a file whose third client is wrong: none of it" eval 'espnat context flush && sed "s/^\(context.*\)\$/\1/;\$!{3s/presented [0-9.:]*/presented 203.0.113.99:1/}" "$SAVED" | refuses_import; shows "context show" "all(c[\"state\"] != \"lost\" for c in j)"'
check "import once more" eval 'espnat import <"$SAVED"'
check "all work" everyone udp c1 c2 c3

# --- hostile messages ---

hostile() { "$SA_DIR/tools/nlfuzz.py" "$(ns wan)" "${FUZZ:-3000}" && "$SA_DIR/tools/nlfuzz.py" "$(ns wan)" "${FUZZ:-3000}" 2; }
check "hostile messages" hostile
check "the gateway works" everyone udp c1 c2 c3
check "the namespace that they were for" eval '"$TOOL" -n "$(ns wan)" context flush && "$TOOL" -n "$(ns wan)" -j context show | pick "j == []"'

kill $MONITOR
sa_end
