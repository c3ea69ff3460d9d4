#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Several clients behind one NAT with the same selectors all work at once.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

# crowd COUNT: that many clients c1.. behind a NAT that changes every port,
# connected one after the other.
crowd()
{
	local i
	topo_nat nat $P random
	daemon srv
	stage sniff name=wire ns="$(ns wan)" dev=srv0
	ALL=()
	for ((i = 1; i <= $1; i++)); do
		[ -z "${2:-}" ] || POLICY["c$i"]=$2
		[ "${2:-}" != any-l2tp ] || SPORT["c$i"]=$((40000 + i))
		topo_client nat "c$i" $((10 + i))
		connect_client "c$i" || return 1
		ALL+=("c$i")
	done
}

all_distinct()
{
	local name seen=''
	for name in "${ALL[@]}"; do
		[[ $seen != *" ${PRES_ADDR[$name]} "* ]] || return 1
		seen+=" ${PRES_ADDR[$name]} "
	done
}

topo_new
crowd 2
check "2 clients, SAs as strongSwan's, L2TP both ways at once" everyone udp "${ALL[@]}"
check "the first keeps its address" is_at c1 $P
check "the second has an alias" is_alias c2
check "2 clients: nothing in the clear" nothing_clear wire
check "2 clients: no context is left" audit

topo_again
STYLE=libreswan
crowd 3
check "3 clients, SAs as libreswan's" everyone udp "${ALL[@]}"
check "libreswan: each has an address of its own" all_distinct

topo_again
crowd 3 any-l2tp
check "3 clients with ephemeral L2TP source ports" everyone udp "${ALL[@]}"

topo_again
crowd 3 host
check "3 clients host to host: UDP" everyone udp "${ALL[@]}"
check "3 clients host to host: TCP" everyone tcp "${ALL[@]}"
check "3 clients host to host: ICMP" everyone icmp "${ALL[@]}"
check "host to host: nothing in the clear" nothing_clear wire

topo_again
CROWD=${CROWD:-20}
crowd "$CROWD"
check "$CROWD clients at once" everyone udp "${ALL[@]}"
check "$CROWD clients: each has an address of its own" all_distinct
check "$CROWD clients: nothing in the clear" nothing_clear wire

sa_end
