#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What user space sees and changes: contexts, sockets, counters, aliases, events.
# All of it by espnat's JSON. Nobody who may not, and nothing that is nonsense,
# changes anything.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

TOOL=${ESP_NAT_TOP:-$SELFTESTS/..}/build/tools/espnat
[ -x "$TOOL" ] || TOOL=$(command -v espnat) || bail "no espnat: make -C tools"

sa_begin

# espnat WORD...: its JSON, of the server's namespace.
espnat() { "$TOOL" -n "$(ns srv)" -j "$@"; }
pick() { "$SELFTESTS/tools/pick.py" "$@"; }
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
	[ "$status" -eq "$want" ] && [ -n "$said" ]
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
	'all(c["rx-packets"] >= 5 and c["rx-bytes"] > 60 * c["rx-packets"] and
	     c["tx-packets"] >= 5 and c["tx-bytes"] > 60 * c["tx-packets"] and
	     c["drops"] == 0 and c["idle"] < 3600000 for c in j)'
sent_to_all() { espnat -s context show | pick 'sum(c["tx-packets"] for c in j)'; }
keepalives_not_counted()
{
	local before
	before=$(sent_to_all)
	mark srv
	set_sysctl keepalive_interval 1 && await_rise out_keepalive 6 &&
	set_sysctl keepalive_interval 20 &&
	[ "$(sent_to_all)" -eq "$before" ]
}
check "keepalives are not counted as that" keepalives_not_counted
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
check "nobody's address" shows "context show peer 203.0.113.77" 'j == []'
check "who is that alias?" shows "resolve ${PRES_ADDR[c3]}" \
	'len(j) == 1 and j[0]["actual"]["addr"] == a[0]' "$P"
check "nobody's alias: exit status 1" refuses 1 resolve 198.19.255.1

check "a status" shows "" 'j["contexts"]["total"] == 3 and j["contexts"]["aliased"] == 2'
check "the daemon's sockets" shows socket \
	'some(local=ep("0.0.0.0", 4500), encap=True) and some(local=ep("0.0.0.0", 500))'
check "the pool" shows pool \
	'j["given"] == 2 and j["lingering"] == j["static"] == 0 and j["prefix-len"] == 15'
check "counters" shows "stats all" \
	'{c["name"]: c["value"] for c in j}["ctx_created"] == 3'
check "what they mean, and what to do" shows "-s stats" \
	'all(c["meaning"] for c in j) and any(c.get("remedy") for c in j)'
check "a table of who speaks" shows "top" \
	'len(j) == 3 and all(c["rx-rate"] >= 0 and c["id"] for c in j)'

# s: another order; f: only some; q: the end.
SCREEN=$(mktemp)
at_exit rm -f "$SCREEN"
live_table()
{
	local status=0
	stage pump flows="$(flows c1 c2 c3)" || return 1
	"$SELFTESTS/tools/terminal.py" "see=by traffic" "see=${PRES_ADDR[c2]}:" \
		"see=by traffic" "see=${PRES_ADDR[c2]}:" \
		type=s "see=by in" type=f "see=only addresses with" \
		"type=${PRES_ADDR[c3]}\n" "see=only ${PRES_ADDR[c3]} " \
		"see=${PRES_ADDR[c3]}:" type=q \
		-- "$TOOL" -n "$(ns srv)" top >"$SCREEN" || { cat "$SCREEN"; status=1; }
	stage pump stop=1 && [ "$status" -eq 0 ] &&
	awk -v RS='\033[[]H' -v other="${PRES_ADDR[c2]}:" \
		'END { exit index($0, other) > 0 }' "$SCREEN"
}
check "a live one and its keys, on a terminal that is left as it was" live_table
# A key sorts what was seen: rates are not of the moment since.
same_rates()
{
	awk -v RS='\033[[]H' -v row="${PRES_ADDR[c2]}:[^\n]*" '
		match($0, row) { now = substr($0, RSTART, RLENGTH) }
		/by in/ { exit !(now && now == was) }
		{ was = now }' "$SCREEN"
}
check "a key changes no rates" same_rates

# OpenMetrics: each family has its type, help and values; the end is told.
openmetrics()
{
	"$@" stats --openmetrics | awk '
		ended { bad = 1 }
		/^# TYPE esp_nat_[a-z0-9_]+ (counter|gauge)$/ {
			name = $3; suffix = $4 == "counter" ? "_total" : ""; next
		}
		/^# HELP / { if ($3 != name) bad = 1; next }
		/^# EOF$/ { ended = 1; next }
		{ series = $1; sub(/[{]state="[a-z]+"[}]$/, "", series) }
		series == name suffix && $2 ~ /^[0-9]+$/ && NF == 2 { count++; next }
		{ print "# not OpenMetrics: " $0; bad = 1 }
		END { exit bad || !ended || count < 40 }'
}
check "OpenMetrics" openmetrics espnat
live() { espnat stats --openmetrics | grep -qx 'esp_nat_contexts{state="live"} 3'; }
check "with contexts by state" live
helps()
{
	local object
	for object in status context resolve alias pool socket stats monitor \
		top diag export import; do
		"$TOOL" "$object" help | grep -q '^ *espnat' || return 1
	done
}
check "help on every object" helps
pretty() { "$TOOL" -n "$(ns srv)" -j -p context show | pick 'len(j) == 3'; }
check "JSON for people" pretty
colours() { ! "$TOOL" -n "$(ns srv)" context show | grep -q "$(printf '\033')"; }
check "no colour but on a terminal" colours
# on_terminal [NAME=VALUE]...: with these in its environment.
on_terminal()
{
	"$SELFTESTS/tools/terminal.py" "see=module" -- env "$@" \
		"$TOOL" -n "$(ns srv)" diag >"$SCREEN"
}
escapes() { grep -q "$(printf '\033')\\[3" "$SCREEN"; }
coloured() { on_terminal && escapes; }
no_color() { on_terminal NO_COLOR=1 && ! escapes; }
check "on one" coloured
check "not with NO_COLOR" no_color

# --- events ---

EVENTS=$(mktemp)
at_exit rm -f "$EVENTS"
in_ns_start srv "$TOOL" -j monitor >"$EVENTS"
MONITOR=$!
at_exit kill_monitor
kill_monitor() { kill "$MONITOR" 2>/dev/null; }
# Its socket has joined the group.
listening()
{
	awk -v pid="$MONITOR" '$2 == 16 && $3 == pid && $4 != "00000000" { found = 1 }
		END { exit !found }' "/proc/$MONITOR/net/netlink"
}
event() { pick --lines "$@" <"$EVENTS"; }
told() { busywait 20000 event "$@" >/dev/null || event "$@"; }

busywait 20000 listening || bail "no monitor"
topo_client nat c4 14
check "a fourth client connects" connect_client c4
check "told: born, aliased, confirmed" told \
	'[e["event"] for e in j if e.get("ctx", {}).get("presented", {}).get("addr") == a[0]][:3] == ["born", "aliased", "confirmed"]' "${PRES_ADDR[c4]}"
check "a fourth client: all work" everyone udp c1 c2 c3 c4
stage wait seconds=1
nat_forget nat
check "the NAT forgets, all work" hello c1 c2 c3 c4
check "told: four have moved, and where from" told \
	'len({e["ctx"]["id"] for e in j if e["event"] == "moved" and e["was"]["port"] != e["ctx"]["actual"]["port"]}) == 4'
check "shown: each has moved once" shows "-s context show" 'all(c["moves"] == 1 for c in j)'

set_sysctl max_contexts 4
topo_client nat c5 15
not_answered()
{
	stage exchange from="$1.500" to="$SRV:500" timeout=1 && says answered=0
}
check "a limit: a fifth is not answered" not_answered c5
check "told: the limit" told 'some(event="limit", reason="drop_ctx_max")'
set_sysctl max_contexts 100

# --- the rule, block mode ---

# It says that both ends are behind a NAT, which rule 0 does not allow.
outside_peer()
{
	stage exchange from="$1.500" to="$SRV:500" && says answered=1 &&
	field spii "SPII[$1]" && field spir "SPIR[$1]" &&
	stage exchange from="$1.500" to="$SRV:500" spii="${SPII[$1]}" \
		spir="${SPIR[$1]}" own=wrong remote=wrong timeout="$2"
}
told_of_rule()
{
	told 'any(e["event"] == a[0] and e["ctx"]["rule"] == "outside" for e in j)' "$1"
}
half_open() { espnat context show state echoed | pick 'j[0]["id"]'; }
topo_client nat c6 16
topo_client nat c7 17
check "a client that the rule does not allow" outside_peer c6 30
check "told: outside" told_of_rule outside
check "outside: it is forgotten" espnat context del id "$(half_open)"
set_sysctl refuse_outside_rule 1
check "another, which is refused" outside_peer c7 1
check "told: refused" told_of_rule refused
check "shown: outside the rule" shows "" 'j["contexts"]["outside"] == 1'
check "refused: it is forgotten" espnat context del id "$(half_open)"
set_sysctl refuse_outside_rule 0
set_sysctl block_mode 2
check "L2TP in the clear" stage raw ns="$(ns nat)" src=$P dst="$SRV" \
	sport=1701 dport=1701 hex=00
check "told: blocked" told \
	'any(e["event"] == "blocked" and e["reason"] == "drop_block_in" and
	     e["peer"]["addr"] == a[0] and e["local"]["port"] == 1701 for e in j)' $P
set_sysctl block_mode 0

check "a context is deleted" espnat context del alias "${PRES_ADDR[c4]}"
check "told: ended, with its totals" told \
	'any(e["event"] == "ended" and e["reason"] == "deleted" and e["ctx"]["rx-packets"] > 0 for e in j)'
check "its client is found again by its next packet" hello c4
check "found again: all work" everyone udp c1 c2 c3 c4

# --- who may ---

nobody()
{
	in_ns srv setpriv --reuid=65534 --regid=65534 --clear-groups \
		--inh-caps=-all "$TOOL" -j "$@"
}
nobody_refused()
{
	local status=0 said
	said=$(nobody "$@" 2>&1 >/dev/null) || status=$?
	echo "# $status: $said"
	[ "$status" -eq 1 ] && [ -n "$said" ]
}
nobody_imports() { espnat export | nobody_refused import; }
nobody_counts()
{
	nobody stats all | pick 'len(j) > 40' && openmetrics nobody
}
check "without privilege: no contexts" nobody_refused context show
check "nor may they be deleted" nobody_refused context flush
check "nor imported" nobody_imports
check "nor events heard" nobody_refused monitor
check "but counters are shown" nobody_counts
check "without privilege: nothing has changed" shows "context show" 'len(j) == 4'

# --- what is wrong is refused, and why ---

check "no such context" refuses 1 context del id 999999
check "no such word" refuses 2 context frobnicate
check "no address" refuses 2 context del alias 1.2.3
check "no such SPI" refuses 1 context show spi 0x1
check "no alias of the pool" refuses 1 alias add 203.0.113.1 for 203.0.113.9
check "not static" refuses 1 alias del 198.18.0.9
check "nonsense: nothing has changed" shows "context show" 'len(j) == 4'

# --- a static alias ---

topo_again
topo_crowd random c1 c2 c3
daemon srv
check "an alias is static, for the clients of an address" espnat alias add 198.18.77.7 for $P
check "again: the same" espnat alias add 198.18.77.7 for $P
check "another for the same is refused" refuses 1 alias add 198.18.77.8 for $P
check "it is shown" shows "alias show" \
	'some(presented=ep("198.18.77.7"), actual=ep(a[0]))' $P
check "the first client connects" connect_client c1
check "it has it" is_at c1 198.18.77.7
check "the second connects, too" connect_client c2
check "it has its own address" is_at c2 $P
check "the third connects" connect_client c3
check "it has another alias" is_alias c3
check "a kept alias: all work" everyone udp c1 c2 c3
check "shown: it is used" shows "alias show" 'some(used=True)'
check "counted in the pool" shows pool 'j["static"] == 1'
pool_fixed()
{
	stage sysctl ns="$(ns srv)" name=esp_nat.alias_pool4 value=198.18.0.0/16 &&
	says errno=16
}
check "a pool that is used cannot be changed" pool_fixed
check "it is static no more" espnat alias del 198.18.77.7
check "who has it keeps it" everyone udp c1 c2 c3
check "there are no static ones any more" shows "alias show" 'j == []'

# --- to another gateway, and back ---

SAVED=$(mktemp) WRONG=$(mktemp)
at_exit rm -f "$SAVED" "$WRONG"
LASTS='("actual", "presented", "home", "aliased", "spii", "ike-sa", "role",
	"peer-nat", "local-nat", "used-nat-port")'
# lasting [HOST]: what is exported of its contexts.
lasting()
{
	"$TOOL" -n "$(ns "${1:-srv}")" -j -s context show | pick \
		"sorted(str({k: v for k, v in c.items() if k in $LASTS}) for c in j)"
}
as_before() { diff <(lasting "$@") <(echo "$WAS"); }
export_all() { espnat export >"$SAVED" && [ "$(tail -n 1 "$SAVED")" = "end 3" ]; }
import_file() { "$TOOL" -n "$(ns "${2:-srv}")" import <"$1"; }
import_refused()
{
	local status=0 said
	said=$(import_file "$@" 2>&1) || status=$?
	echo "# $status: $said"
	[ "$status" -eq 1 ] && [ -n "$said" ]
}
no_alias() { shows "context show" 'not any(c.get("aliased") for c in j)'; }

# Each is presented where it was then.
moved() { mark srv && nat_forget nat && busywait 30000 hello c1 c2 c3 && rose ctx_moved; }
check "all have moved" moved
check "export" export_all
WAS=$(lasting)
check "import of what is there" import_file "$SAVED"
check "changes nothing" as_before
check "all are forgotten" espnat context flush
check "no client has an alias" no_alias
head -n 3 "$SAVED" >"$WRONG"
check "a file that was cut off is refused" import_refused "$WRONG"
sed '3s/ike-sa/ike-as/' "$SAVED" >"$WRONG"
check "a word that there is not" import_refused "$WRONG"
# the third client with the alias of another
awk '$2 == "actual" && / aliased / {
	for (i = 1; i < NF; i++) if ($i == "presented") {
		if (first) $(i + 1) = first; else first = $(i + 1)
	}
} { print }' "$SAVED" >"$WRONG"
check "two with one alias" import_refused "$WRONG"
# The first client somewhere else: WHAT ENDPOINT.
elsewhere()
{
	awk -v what="$1" -v at="$2" '!done { for (i = 1; i < NF; i++)
		if ($i == what) { $(i + 1) = at; done = 1 }
	} { print }' "$SAVED" >"$WRONG"
	! cmp -s "$SAVED" "$WRONG" && import_refused "$WRONG"
}
for address in 0.0.0.0 127.0.0.1 224.0.0.5 255.255.255.255 "$SRV"; do
	check "a client at $address" elsewhere actual "$address:4500"
done
check "a client at port 0" elsewhere actual "$P:0"
# The first address of the pool, and the last.
aliased_as()
{
	awk -v at="$1" '/ aliased / { for (i = 1; i < NF; i++)
		if ($i == "presented") $(i + 1) = at ":4500"
	} { print }' "$SAVED" >"$WRONG"
	import_refused "$WRONG"
}
check "the pool's first address" aliased_as 198.18.0.0
check "the pool's last address" aliased_as 198.19.255.255
check "none of all these came" no_alias
check "the whole file" import_file "$SAVED"
check "each client is as before" as_before
check "imported: all work" everyone udp c1 c2 c3
stage sysctl ns="$(ns wan)" name=esp_nat.alias_pool4 value=198.18.0.0/15
check "into another gateway" import_file "$SAVED" wan
check "there they are the same" as_before wan
check "once more: nothing new" import_file "$SAVED" wan
check "still the same" as_before wan
check "and forgotten there" "$TOOL" -n "$(ns wan)" context flush

# The gateway dies; a standby with its address and its SAs takes over.
standby()
{
	local name
	export_all &&
	stage netns add="$(ns stby)" &&
	ip -n "$(ns srv)" link del wan0 &&
	topo_cable stby wan &&
	stage sysctls ns="$(ns stby)" net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.wan0.rp_filter=0 &&
	import_file "$SAVED" stby && daemon stby || return 1
	SERVER=stby OUTBOUND='replay-oseq 100000'
	mark stby
	for name in c1 c2 c3; do
		SERVER_OF[$name]=stby
		sa_install_server "$name" || return 1
	done
}
check "a standby gateway takes over" standby
check "the clients go on" everyone udp c1 c2 c3
check "nobody had to be found again" same ctx_healed
check "nothing is left at the first" audit srv
SERVER=stby

# --- hostile messages ---

hostile() { "$SELFTESTS/tools/nlfuzz.py" "$(ns wan)" 4000 "$1"; }
check "hostile messages" hostile 1
check "and others" hostile 2
check "the gateway works" everyone udp c1 c2 c3
empty()
{
	"$TOOL" -n "$(ns wan)" context flush &&
	"$TOOL" -n "$(ns wan)" -j context show | pick 'j == []'
}
check "what they made can be flushed" empty

sa_end
