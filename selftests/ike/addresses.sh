#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Clients that dial two addresses of the server: their NAT gives one endpoint to
# both, and the address that they dial tells them apart. None needs an alias.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

SRV2=203.0.113.2

# c1 and c3 dial the one address, c2 and c4 the other.
scene()
{
	topo_again
	topo_crowd preserving c1 c2 c3 c4
	SRV_OF=([c2]=$SRV2 [c4]=$SRV2)
	daemon "$SERVER" && daemon_at "$SRV2"
	BURST=(rounds=12)
	# IKEv2 clients get aliases as those of IKEv1 do
	set_sysctl alias_mode 2
}
one_endpoint()
{
	local name
	for name; do
		is_at "$name" "$P" && [ "${PRES_PORT[$name]}" = 4500 ] || return 1
	done
}
two_clients()
{
	mark srv
	connect_client c1 "$1" && connect_client c2 "$1" &&
	one_endpoint c1 c2 && rose ctx_created 2 && same alias_given
}
# all_work: those of the two addresses, while the others' packets go on.
all_work()
{
	stage pump flows="c1>$SRV:1701,c2>$SRV2:1701,srv>${PRES_ADDR[c1]}:1701,srv-$SRV2>${PRES_ADDR[c2]}:1701" &&
	stage pump begun=1 || return 1
	everyone udp c1 && everyone udp c2 && { [ $# -eq 0 ] || "$@"; }
	local err=$?
	stage pump stop=1
	return "$err"
}
others_work() { everyone udp c1 c3 && everyone udp c2 c4; }
# remapped NAME: its NAT gives it another port; the others keep theirs.
remapped()
{
	mark srv
	in_ns nat nft insert rule ip nat post oifname out ip saddr "${ADDR[$1]}" \
		udp sport 4500 masquerade to :30000-40000 &&
	nat_forget nat -p udp -s "${ADDR[$1]}" && hello "$1" && rose ctx_moved 1 && [ "$(mapping "$1")" != 4500 ]
}
still_two() { same ctx_created alias_given ctx_destroyed; }
TOOL=${ESP_NAT_TOP:-$SELFTESTS/..}/build/tools/espnat
[ -x "$TOOL" ] || TOOL=$(command -v espnat) || bail "no espnat: make -C tools"
tool() { "$TOOL" -n "$(ns srv)" "$@"; }
# shown COUNT WORD...: so many contexts are shown.
shown()
{
	local count=$1
	shift
	[ "$(tool context show "$@" | grep -c "^$P:")" -eq "$count" ] ||
		{ tool context show; return 1; }
}
seen_apart()
{
	shown 2 peer "$P:4500" && shown 1 local "$SRV" &&
	shown 1 peer "$P:4500" local "$SRV2" && shown 0 local "$SRV_OTHER"
}
SRV_OTHER=203.0.113.9
ambiguous()
{
	local said
	if said=$(tool context del peer "$P:4500" 2>&1); then
		return 1
	fi
	[[ $said == *"name the local one"* ]] && shown 2 peer "$P:4500"
}
# A stranger's first message in the name of c1's endpoint, at the other address.
stranger()
{
	mark srv
	stage send from=c2.4500 to="$SRV2:4500" spii=0x1122334455667788 "$@" &&
	await_rise ctx_created && same ctx_moved alias_given
}
more_clients()
{
	mark srv
	connect_client c3 "$1" && connect_client c4 "$1" &&
	is_alias c3 && is_alias c4 && rose alias_given 2
}
again()
{
	mark srv
	redial c2 "$1" && everyone udp c2
}
forgotten()
{
	mark srv
	tool context del peer "$P:4500" local "$SRV2" && rose ctx_destroyed 1 &&
	shown 1 peer "$P:4500" local "$SRV"
}
# A walk over the SAs, one each half minute, may find the clients before they are
# imported, and finds their SAs later.
imported() { tool context flush && tool import <"$1"; }
carried_over()
{
	local saved
	saved=$(mktemp) && tool export >"$saved" &&
	busywait 20000 imported "$saved" && shown 2 peer "$P:4500" &&
	shown 1 local "$SRV2" && hello c1 && hello c2 &&
	busywait 60000 shown 2 state live
	local err=$?
	rm -f "$saved"
	return "$err"
}
# What was written by a version that had no local address there is refused.
not_half()
{
	local said
	if said=$(tool export | sed 's/ local [0-9.]*//' | tool import 2>&1); then
		return 1
	fi
	[[ $said == *"home and local"* ]]
}

topo_new
for ike in 1 2; do
	v=IKEv$ike
	scene
	check "$v: two clients have one endpoint" two_clients $ike
	check "$v: both work" all_work
	check "$v: the tool tells them apart" seen_apart
	check "$v: and does not guess" ambiguous
	check "$v: they are carried over" carried_over
	check "$v: not without their local address" not_half
	mark srv
	check "$v: both work then" all_work
	check "$v: the NAT remaps the first" remapped c1
	check "$v: both work, one remapped" all_work
	check "$v: the NAT remaps the second" remapped c2
	check "$v: both work, both remapped" all_work
	check "$v: and are the same" still_two
	check "$v: more clients need an alias each" more_clients $ike
	check "$v: all of them work" all_work others_work
	check "$v: the second dials again" again $ike
	check "$v: all of them work then" all_work others_work

	scene
	check "$v: one client" both connect_client c1 $ike -- one_endpoint c1
	check "$v: a stranger at the other address" stranger "ver=$ike"
	check "$v: the client works" everyone udp c1
	check "$v: the NAT remaps it" remapped c1
	check "$v: it still works" everyone udp c1

	scene
	check "$v: two clients again" two_clients $ike
	check "$v: the context of one is deleted" forgotten
	check "$v: the other works" everyone udp c1
done

sa_end
