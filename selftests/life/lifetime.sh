#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A context lives as long as its client has SAs, whatever the daemon does with
# them: rekeys, moves, migrates them, dies. Nothing is left in the end, and what
# is half-open holds nobody up.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

topo_new
topo_crowd random c1 c2 c3
topo_nat natb 198.51.100.3 random
topo_client natb e1 11
daemon srv
srv=$(ns srv)
check "clients connect" both connect_client c1 -- connect_client c2 -- \
	connect_client c3 -- connect_client e1 -- is_alias c2 -- is_alias c3
all=(c1 c2 c3 e1)
check "all work" everyone udp "${all[@]}"

# How many contexts with alias and SAs there are: each holds the module.
held() { cat /sys/module/esp_nat/refcnt; }
held_is() { [ "$(held)" -eq "$1" ]; }

# A daemon that begins an SA anew counts on where it was: the client has seen
# those numbers.
OSEQ=0
sa_add()
{
	local name
	OUTBOUND="replay-oseq $((OSEQ += 100000))"
	for name; do
		sa_install_server "$name" || return 1
	done
	OUTBOUND=
}

# The server's SAs go, the policies stay.
sa_del()
{
	local name
	for name; do
		ip -n "$srv" -batch - <<-END || return 1
			xfrm state delete src ${PRES_ADDR[$name]} dst $SRV proto esp spi $(spi_in "$name")
			xfrm state delete src $SRV dst ${PRES_ADDR[$name]} proto esp spi $(spi_out "$name")
		END
	done
}

# A walk over the SAs is over when c3 has lost its own, and no other has.
walked()
{
	local before
	before=$(held)
	sa_del c3 && busywait 10000 held_is $((before - 1)) && sa_add c3 &&
	held_is "$before"
}

# kept COMMAND...: no context comes or goes by that, no alias, and all work.
kept()
{
	mark srv
	"$@" && walked && everyone udp "${all[@]}" &&
	same ctx_created ctx_destroyed alias_given alias_released
}

# --- rekeying ---

rekeyed()
{
	local name
	for name; do
		GEN[$name]=$((GEN[$name] + 1))
		sa_install "$name" || return 1
	done
	everyone udp "$@" || return 1
	for name; do
		GEN[$name]=$((GEN[$name] - 1))
		sa_del "$name" || return 1
		ip -n "${NS[$name]}" -batch - <<-END
			xfrm state delete src ${ADDR[$name]} dst $SRV proto esp spi $(spi_in "$name")
			xfrm state delete src $SRV dst ${ADDR[$name]} proto esp spi $(spi_out "$name")
		END
		GEN[$name]=$((GEN[$name] + 1))
	done
}
check "new SPIs, the old SAs go: nothing else is new" kept rekeyed c1 c2 e1

# A new IKE SA on 4500, the SAs under it, and the old ones go.
reauth()
{
	local name
	for name; do
		stage exchange from="$name.4500" to="$SRV:4500" &&
		says answered=1 addr="${PRES_ADDR[$name]}" \
			port="${PRES_PORT[$name]}" || return 1
		SPII[$name]=$(field spii) SPIR[$name]=$(field spir)
	done
	rekeyed "$@"
}
check "IKE reauthentication, then new SPIs: the same" kept reauth c1 c2 e1

# --- SAs deleted and added, with the same SPIs ---

# kept_under_traffic COMMAND...
kept_under_traffic()
{
	kept pumped "$@"
}
pumped()
{
	local status=0
	stage pump flows="$(flows "${all[@]}")" || return 1
	"$@" || status=1
	stage pump stop=1 && return "$status"
}
at_once() { sa_del c1 c2 e1 && sa_add c1 c2 e1; }
noticed()
{
	sa_del c1 c2 e1 && busywait 10000 held_is 1 && sa_add c1 c2 e1 && held_is 2
}
check "the SAs deleted and added at once, under traffic" \
	kept_under_traffic at_once
check "the same when a walk has seen that there are none" \
	kept_under_traffic noticed

# --- the same to where the client is now: a daemon follows by itself ---

# followed NAME COMMAND...: COMMAND changes where NAME is.
followed()
{
	local name=$1
	shift
	"$@"
	mark srv
	stage burst server=srv target="$SRV:1701" rounds=1 push=0 wait=1 \
		peers="$(peers udp "$name")" && says all=0 || return 1
	sa_remove_server "$name"
	PRES_ADDR[$name]=${OUTSIDE[${NAT_OF[$name]}]}
	PRES_PORT[$name]=$(mapping "$name")
	sa_add "$name" && walked && everyone udp "${all[@]}" &&
	rose ctx_created 1 && same ctx_moved alias_given alias_released
}
gone()
{
	set_sysctl idle_timeout 1
	await_rise ctx_expired "$1" 60 && everyone udp "${all[@]}" &&
	rose ctx_expired "$1" && set_sysctl idle_timeout 300
}
set_sysctl follow_peer 0
check "a daemon moves the SAs to another port" \
	followed c1 nat_forget nat -p udp -s "${ADDR[c1]}"
check "to another port: the context that has none goes" gone 1
check "a daemon moves the SAs to another address" \
	followed e1 nat_renumber natb 198.51.100.8
check "to another address: the context that has none goes" gone 1
set_sysctl follow_peer 1

# --- xfrm_migrate tells nobody ---

# migrate NAME OLD NEW: its SAs, not what its policies are for.
migrate()
{
	local way
	for way in in out; do
		stage migrate ns="$srv" way="$way" policy="${PRES_ADDR[$1]}" \
			peer="$2" to="$3" local="$SRV" reqid=1 port=1701 \
			encap="${PRES_PORT[$1]}" || return 1
	done
}
migrated()
{
	mark srv
	migrate c1 "${PRES_ADDR[c1]}" 198.51.100.77 &&
	migrate c2 "${PRES_ADDR[c2]}" 198.51.100.78 &&
	sa_del c3 && busywait 10000 held_is 0 && sa_add c3 && held_is 1 &&
	rose ctx_created 2
}
# Only an inbound SA whose peer is nobody's address makes a context. c3 has none
# meanwhile, so that what is held tells when a walk has seen c2's; e1's going
# asks for that walk.
and_back()
{
	sa_del c3 && busywait 10000 held_is 0 &&
	migrate c1 198.51.100.77 "${PRES_ADDR[c1]}" &&
	migrate c2 198.51.100.78 "${PRES_ADDR[c2]}" &&
	sa_del e1 && busywait 10000 held_is 1 && sa_add e1 c3 && held_is 2 &&
	everyone udp "${all[@]}" && rose ctx_created 2 &&
	same ctx_destroyed alias_given alias_released
}
check "SAs migrate to addresses that nobody has" migrated
check "and back: the clients are who they were" and_back
check "the contexts that have none go" gone 2

# --- the daemon dies ---

dies()
{
	mark srv
	stage close names=srv.500,srv.4500 && set_sysctl idle_timeout 1 &&
	sa_del c3 || return 1
	# c3's SAs are gone, those of the others are not.
	await_rise ctx_destroyed 1 60 &&
	stage burst server=srv target="$SRV:1701" rounds=3 push=0 wait=1 \
		peers="$(peers udp c1 c2 e1)" && says all=0 up=0 &&
	rose ctx_destroyed 1 && held_is 1
}
check "the daemon dies: who has SAs stays, nothing reaches them" dies
again()
{
	mark srv
	stage ike name=srv.500 ns="$srv" addr=0.0.0.0 port=500 responder=srv &&
	stage ike name=srv.4500 ns="$srv" addr=0.0.0.0 port=4500 responder=srv &&
	everyone udp c1 c2 e1 && same ctx_created ctx_destroyed
}
check "its socket is open again: they go on" again
flushed()
{
	stage close names=srv.500,srv.4500 && ip -n "$srv" xfrm state flush &&
	stage await ns="$srv" name=ctx_destroyed is="$(stat ctx_created)" \
		timeout=60 && says good=1 &&
	stage await ns="$srv" name=alias_released is="$(stat alias_given)" &&
	says good=1
}
check "dead, and its SAs flushed: every context goes" flushed
check "nothing holds the module" module_unload

# --- half-open ---

half_open()
{
	module_load &&
	stage ike name=srv.500 ns="$srv" addr=0.0.0.0 port=500 responder=srv &&
	stage ike name=srv.4500 ns="$srv" addr=0.0.0.0 port=4500 responder=srv &&
	ike_connect c1 && ike_connect c2 && is_alias c2 &&
	stage exchange from=c3.500 to="$SRV:500" && says answered=1 &&
	[[ $(field addr) == 198.1[89].* ]] && held_is 0 && module_unload
}
check "half-open contexts, aliased ones too, do not hold the module" half_open

check "the module is loaded again" module_load
sa_end
