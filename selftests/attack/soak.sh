#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Clients come, move, renew their SAs, dial again, hang up and die, at random, for as
# long as one likes; after each of that all who are there send at the same time, and
# the server checks every payload's name. In the end nothing is left.
#
#	SEED=N MINUTES=N CLIENTS=N attack/soak.sh
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

SEED=${SEED:-$RANDOM} CLIENTS=${CLIENTS:-12}
SECONDS_LONG=$((${MINUTES:-0} * 60))
[ $SECONDS_LONG -gt 0 ] || SECONDS_LONG=30
RANDOM=$SEED
# Seconds between reports of how far it is.
TOLD=60

sa_begin
topo_new
names=()
for ((i = 1; i <= CLIENTS; i++)); do
	names+=("c$i")
done
check "$CLIENTS clients" topo_crowd random "${names[@]}"
echo "# seed $SEED"
daemon srv
# IKEv2 clients share selectors, too.
check "alias_mode 2" set_sysctl alias_mode 2
BURST=(rounds=2)

# By name: there, with SAs.
declare -A THERE=()
ACTIONS=0

comes() { connect_client "$1" $((1 + RANDOM % 2)) && THERE[$1]=1; }
hangs_up() { disconnect_client "$1"; GEN[$1]=$((GEN[$1] + 1)); unset "THERE[$1]"; }

# Its NAT forgets it, and it speaks first.
moves()
{
	nat_forget nat -p udp -s "${ADDR[$1]}"
	busywait 30000 hello "$1"
}

# New SAs under the old IKE SA, for the endpoint that the daemon knows.
rekeys()
{
	disconnect_client "$1"
	GEN[$1]=$((GEN[$1] + 1))
	sa_install "$1"
}

dials_again() { hangs_up "$1"; comes "$1"; }

# It says nothing any more, and its SAs stay until it dials again.
dies() { sa_remove_client "$1"; unset "THERE[$1]"; DEAD[$1]=1; }
declare -A DEAD=()
buried()
{
	sa_remove_server "$1"
	GEN[$1]=$((GEN[$1] + 1))
	unset "DEAD[$1]"
}

# act NAME: something that happens to it.
act()
{
	if [ -n "${DEAD[$1]:-}" ]; then
		buried "$1"
	elif [ -z "${THERE[$1]:-}" ]; then
		comes "$1"
	else
		local what=(moves moves rekeys rekeys dials_again hangs_up dies)
		WHAT=${what[RANDOM % ${#what[@]}]}
		"$WHAT" "$1"
	fi
}

# round: it happens to one, then all send.
round()
{
	local name=${names[RANDOM % CLIENTS]}
	WHAT=comes
	act "$name" || { echo "# action $ACTIONS: $name $WHAT"; return 1; }
	ACTIONS=$((ACTIONS + 1))
	[ ${#THERE[@]} -eq 0 ] || everyone udp "${!THERE[@]}" || {
		echo "# after action $ACTIONS: $name $WHAT; there: ${!THERE[*]}"
		return 1
	}
}

soaks()
{
	local end=$((SECONDS + SECONDS_LONG)) told=$((SECONDS + TOLD))
	while [ "$SECONDS" -lt "$end" ]; do
		round || return 1
		[ "$SECONDS" -lt "$told" ] || {
			echo "# $ACTIONS actions, ${#THERE[@]} clients, $((end - SECONDS)) s left" >&2
			told=$((SECONDS + TOLD))
		}
	done
	echo "# $ACTIONS actions"
	[ "$ACTIONS" -gt 0 ]
}
check "they come and go" soaks
all_go()
{
	local name
	for name in "${names[@]}"; do
		if [ -n "${DEAD[$name]:-}" ]; then
			buried "$name"
		elif [ -n "${THERE[$name]:-}" ]; then
			hangs_up "$name"
		fi
	done
}
check "all go" all_go
finish
