#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# IKEv2 clients that change networks (MOBIKE, RFC 4555): the daemon is told by
# UPDATE_SA_ADDRESSES, ESP by itself, whichever comes first; the daemon moves
# the SAs by delete and add, or xfrm_migrate does and tells nobody, or nobody
# moves them. All of it ends consistent.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

# m1 and m2 are mobile, m2 has an alias; c1 stays where it is. What has lost its
# SAs goes at once.
topo_new
topo_nat nat $P random
topo_nat natb 198.51.100.3 random
topo_nat natc 198.51.100.4 random
topo_client nat c1 11
topo_client natb m1 21
topo_client natb m2 22
daemon srv
srv=$(ns srv)
set_sysctl alias_mode 2
set_sysctl idle_timeout 1
all=(c1 m1 m2)
connected()
{
	tunnel_connect c1 2 && tunnel_connect m1 2 && tunnel_connect m2 2 &&
	[ "${END_ADDR[m1]}" = 198.51.100.3 ] && has_alias m2
}
has_alias() { [[ ${END_ADDR[$1]} == 198.1[89].* ]]; }
check "IKEv2 clients connect, in tunnel mode" connected
check "they work" everyone udp "${all[@]}"

# roam NAME NAT: the client is behind that one from now on. All NATs look alike
# from inside.
roam()
{
	ip -n "${NS[${NAT_OF[$1]}]}" link set "$1" netns "${NS[$2]}" &&
	ip -n "${NS[$2]}" link set "$1" master br0 up && NAT_OF[$1]=$2
}

# update NAME ADDR: UPDATE_SA_ADDRESSES, presented as from there (alias: as from
# any), the port is the real one; the answer reaches the client.
MSGID=1
update()
{
	stage exchange from="$1.4500" to="$SRV:4500" ver=2 xchg=37 flags=8 \
		spii="${SPII[$1]}" spir="${SPIR[$1]}" msgid=$((++MSGID)) &&
	says answered=1 port="$(mapping "$1")" || return 1
	NEW_ADDR=$(field addr) NEW_PORT=$(field port)
	if [ "$2" = alias ]; then
		[[ $NEW_ADDR == 198.1[89].* ]]
	else
		[ "$NEW_ADDR" = "$2" ]
	fi || { echo "# presented as $NEW_ADDR"; return 1; }
}

# What answers the daemon's question has that question's message id, which is none of
# the client's own: with the same id it asks from where its NAT has put it since.
asks_elsewhere()
{
	local before
	before=$(mapping "$1")
	stage send from="$1.4500" to="$SRV:4500" ver=2 xchg=37 flags=40 \
		spii="${SPII[$1]}" spir="${SPIR[$1]}" msgid=$((MSGID + 1)) &&
	nat_forget "${NAT_OF[$1]}" &&
	stage exchange from="$1.4500" to="$SRV:4500" ver=2 xchg=37 flags=8 \
		spii="${SPII[$1]}" spir="${SPIR[$1]}" msgid=$((++MSGID)) &&
	says answered=1 && [ "$(mapping "$1")" != "$before" ] &&
	# once a second, at most
	busywait 30000 hello "$1" && everyone udp "${all[@]}"
}
check "it answers, its NAT forgets, and it asks" asks_elsewhere m1
check "likewise with an alias" asks_elsewhere m2

# The daemon moves a client's SAs to where the last update was presented.
OSEQ=0
move_add()
{
	ip -n "$srv" -batch - <<-END || return 1
		xfrm state delete src ${END_ADDR[$1]} dst $SRV proto esp spi $(spi_in "$1")
		xfrm state delete src $SRV dst ${END_ADDR[$1]} proto esp spi $(spi_out "$1")
	END
	END_ADDR[$1]=$NEW_ADDR END_PORT[$1]=$NEW_PORT
	OUTBOUND="replay-oseq $((OSEQ += 100000))"
	tunnel_install_server "$1"
	OUTBOUND=
}
move_migrate()
{
	local way
	for way in in out; do
		stage migrate ns="$srv" way="$way" policy="${ADDR[$1]}" \
			peer="${END_ADDR[$1]}" to="$NEW_ADDR" local="$SRV" \
			reqid="${ID[$1]}" mode=tunnel encap="$NEW_PORT" || return 1
	done
	END_ADDR[$1]=$NEW_ADDR END_PORT[$1]=$NEW_PORT
}

# All work, and soon there is one context for each again.
settled()
{
	everyone udp "${all[@]}" &&
	stage await ns="$srv" name=ctx_destroyed timeout=60 \
		is=$(($(stat ctx_created) - ${#all[@]})) && says good=1 &&
	everyone udp "${all[@]}"
}

# update_first NAME ADDR HOW: it is somewhere else.
update_first()
{
	mark srv
	update "$1" "$2" && "$3" "$1" && everyone udp "$1" &&
	rose ctx_created 1 && settled
}
# ESP first: the context moves, replies go there at once. Then as above.
esp_first()
{
	stage wait seconds=1
	mark srv
	hello "$1" && everyone udp "$1" && rose ctx_moved 1 &&
	same ctx_created && update_first "$@"
}

check "m1 goes behind another NAT" roam m1 natc
check "UPDATE first, the SAs deleted and added" \
	update_first m1 198.51.100.4 move_add
nat_renumber natc 198.51.100.5
check "UPDATE first, the SAs migrate" update_first m1 198.51.100.5 move_migrate
nat_renumber natc 198.51.100.6
check "ESP first, then UPDATE, the SAs deleted and added" \
	esp_first m1 198.51.100.6 move_add
nat_renumber natc 198.51.100.7
check "ESP first, then UPDATE, the SAs migrate" \
	esp_first m1 198.51.100.7 move_migrate
nat_renumber natb 198.51.100.8
free_alias()
{
	update_first m2 198.51.100.8 move_add && rose alias_released 1
}
check "m2 is where nobody is: it needs no alias any more" free_alias

# --- where another client is presented ---

# An alias stands for m2 there, as long as its SAs are. m1's daemon moves
# nothing: its guest goes, which is half-open, after 30 s.
among_others()
{
	mark srv
	roam m2 nat && update m2 alias && move_migrate m2 && nat_renumber natc \
		198.51.100.9 && update m1 198.51.100.9 && rose ctx_created 2
}
check "m2 is where c1 is: an alias; m1 moves, too" among_others
late()
{
	stage wait seconds=35
	hello m1 && hello m2 && settled && rose ctx_created 2 &&
	rose alias_given 1 && same alias_released
}
check "silent for longer than a half-open context lives, they work" late
check "m1's daemon moves the SAs after all" update_first m1 198.51.100.9 move_add
back()
{
	roam m2 natb && esp_first m2 198.51.100.8 move_migrate &&
	rose alias_released 1
}
check "m2 goes back, ESP first: it needs no alias any more" back

sa_end
