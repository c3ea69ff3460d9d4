#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# IKEv1 rekeying of phase 1 and reauthentication on port 4500 join the client,
# with and without alias: strongSwan adopts the children only where address and
# port are equal. From port 500, too, once the client shows that it is the same
# one; another that is given its port never does.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

topo_new
topo_crowd random c1 c2 c3
daemon srv
connect_client c1
connect_client c2
check "two clients work" everyone udp c1 c2

reauth()
{
	mark srv
	stage exchange from="$1.4500" to="$SRV:4500" xchg="$2" &&
	says answered=1 addr="${PRES_ADDR[$1]}" port="${PRES_PORT[$1]}" &&
	same ctx_created alias_given
}
check "Main Mode on 4500, without alias" reauth c1 2
check "Main Mode on 4500, with alias" reauth c2 2
check "Aggressive Mode on 4500, without alias" reauth c1 4
check "Aggressive Mode on 4500, with alias" reauth c2 4
goes_on()
{
	stage exchange from="$1.4500" to="$SRV:4500" spii="$(field spii)" \
		spir="$(field spir)" xchg=32 msgid=12345 &&
	says answered=1 addr="${PRES_ADDR[$1]}" port="${PRES_PORT[$1]}"
}
check "and Quick Mode under the new IKE SA" both reauth c2 2 -- goes_on c2

# Nobody else joins by that rule: c3 is heard at an endpoint of its own.
check "a further client on 4500 is a context of its own" connect_client c3
check "a further client: all work" everyone udp c1 c2 c3

# --- from port 500, and then to the old mapping of 4500 ---

# On 500 nobody can know who it is.
opened()
{
	stage exchange from="$1.500" to="$SRV:500" && says answered=1 &&
	[[ $(field addr) == 198.1[89].* ]] &&
	[ "$(field addr)" != "${PRES_ADDR[$1]}" ] || return 1
	NEW_ADDR=$(field addr) NEW_SPII=$(field spii) NEW_SPIR=$(field spir)
}
floated()
{
	stage exchange from="$1.4500" to="$SRV:4500" xchg="$2" msgid="$3" \
		spii="$NEW_SPII" spir="$NEW_SPIR" && says answered=1
}
folded()
{
	mark srv
	opened "$1" && hello "$1" || return 1
	floated "$1" 2 0 &&
	says addr="${PRES_ADDR[$1]}" port="${PRES_PORT[$1]}" &&
	floated "$1" 32 77 &&
	says addr="${PRES_ADDR[$1]}" port="${PRES_PORT[$1]}" &&
	rose ctx_folded 1 && rose ctx_created 1 && rose ctx_destroyed 1 &&
	rose alias_given 1 && rose alias_released 1
}
check "from 500, ESP under the old SA, then 4500: joins, without alias" folded c1
check "the same, with alias" folded c2

# --- a dead client's port is given to another ---

# e2, which has an alias, had the NAT's port 4500; e3 gets it.
topo_nat natb 198.51.100.3 preserving
topo_client natb e1 11
topo_client natb e2 12
topo_client natb e3 13
stage data from=e2.4500 to="$SRV:4500" hex=ff
connect_client e1
connect_client e2
in_port_4500() { is_alias "$1" && [ "${PRES_PORT[$1]}" = 4500 ]; }
check "two clients behind a NAT that keeps ports" \
	both everyone udp e1 e2 -- in_port_4500 e2
sas_of()
{
	ip -n "$(ns srv)" xfrm state list src "${PRES_ADDR[$1]}"
	ip -n "$(ns srv)" xfrm state list dst "${PRES_ADDR[$1]}"
}
given_to_another()
{
	local before
	before=$(sas_of e2)
	mark srv
	nat_forget natb -p udp -s "${ADDR[e2]}"
	connect_client e3 && in_port_4500 e3 &&
	[ "${PRES_ADDR[e3]}" != "${PRES_ADDR[e2]}" ] &&
	everyone udp e1 e3 && rose ctx_created 1 && rose alias_given 1 &&
	same ctx_destroyed ctx_folded ctx_moved && reauth e3 2 &&
	diff <(echo "$before") <(sas_of e2)
}
check "one dies, another gets its port: nothing of that joins the first" \
	given_to_another
check "the first was not dead: all work" \
	both hello e2 -- everyone udp e1 e2 e3

# --- no ESP in between ---

# Alone at its address it is known by its endpoint, as without the module.
topo_nat natc 198.51.100.4 random
topo_client natc f1 11
check "a client that is alone" both connect_client f1 -- everyone udp f1
silent()
{
	mark srv
	opened f1 && floated f1 2 0 &&
	says addr="${PRES_ADDR[f1]}" port="${PRES_PORT[f1]}" &&
	rose ctx_folded 1
}
check "from 500, silent, then 4500: joins" both silent -- everyone udp f1
# What the module sends asks for no answer.
kept_alive()
{
	set_sysctl keepalive_interval 1 && hello f1 && mark srv &&
	stage wait seconds=5 && rose out_keepalive &&
	set_sysctl keepalive_interval 20 && silent
}
check "the same, after keepalives: joins" both kept_alive -- everyone udp f1
mute()
{
	mark srv
	stage wait seconds=3 &&
	stage data from=srv to="${PRES_ADDR[f1]}:1701" size=50 && opened f1 && floated f1 2 0 &&
	says addr="$NEW_ADDR" && same ctx_folded
}
check "from 500 and 4500, but it has not answered: a context of its own" mute

# A carrier's NAT: 500 leaves by one address, 4500 by another.
topo_nat natd 198.51.100.5 two-addresses
topo_client natd g1 11
topo_client natd g2 12
check "two clients behind a NAT with two addresses" \
	both connect_client g1 -- connect_client g2
check "two addresses: both work" everyone udp g1 g2
check "two addresses: from 500, ESP, then 4500: joins" folded g1
check "two addresses: the same, with alias" folded g2
check "two addresses: both work on" everyone udp g1 g2

crashed()
{
	mark srv
	hello "$1" && opened "$1" && floated "$1" 2 0 && says addr="$NEW_ADDR" &&
	floated "$1" 32 78 && says addr="$NEW_ADDR" &&
	same ctx_folded ctx_destroyed
}
check "from 500 and 4500, it may have crashed: a context of its own" \
	both crashed c1 -- crashed c2
check "clients that may have crashed: all work" everyone udp c1 c2 c3 e1 e2 e3
# Its ESP comes later; the daemon drops its SAs with the old IKE SA.
held_is() { [ "$(cat /sys/module/esp_nat/refcnt)" -eq "$1" ]; }
folded_late()
{
	local held
	held=$(cat /sys/module/esp_nat/refcnt)
	mark srv
	opened "$1" && floated "$1" 2 0 && says addr="$NEW_ADDR" &&
	hello "$1" && sa_remove_server "$1" && busywait 10000 held_is $((held - 1)) &&
	floated "$1" 32 79 &&
	says addr="${PRES_ADDR[$1]}" port="${PRES_PORT[$1]}" &&
	rose ctx_folded 1 || return 1
	sa_remove_client "$1"
	GEN[$1]=$((GEN[$1] + 1))
	sa_install "$1"
}
check "the same, but ESP comes later: joins at Quick Mode" folded_late c2
check "ESP that came later: all work" everyone udp c1 c2 c3 e1 e2 e3

# Long silence: longer than a half-open context lives, less than idle_timeout.
stage wait seconds=100
check "Main Mode on 4500 after 100 s of silence, without alias" reauth c1 2
check "Main Mode on 4500 after 100 s of silence, with alias" reauth c2 2
check "after the silence: all work" everyone udp c1 c2 c3

sa_end
