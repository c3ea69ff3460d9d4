#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ICMP errors that somebody has made up, about packets that the gateway never sent:
# what stock does not believe is not believed with the module, and what is about one
# client is not about its neighbour.
# shellcheck disable=SC1091,SC2317
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/sa.sh"
. "$(dirname "$0")/../lib/harmless.sh"
. "$(dirname "$0")/../lib/gateway.sh"

# crowd CLIENT...: a NAT, these behind it, and one that has none.
crowd() {
	topo_again && topo_crowd random "$@" && topo_direct d1 101 && daemon srv &&
		be_patient
}

dial() {
	local name

	for name; do
		connect_client "$name" || return 1
	done
	clients_work "$@"
}

# spi_to CLIENT: of the gateway's SA towards it.
spi_to() {
	ip -n "$(ns srv)" xfrm state | sed -n \
		"/^src ${SRV//./\\.} dst ${PRES_ADDR[$1]//./\\.}\$/{n;s/.* spi \(0x[0-9a-f]*\) .*/\1/p}" |
		head -n 1
}

# on_the_wire CLIENT: where it is.
on_the_wire() {
	if [ "$1" = d1 ]; then
		echo "${ADDR[d1]}:4500"
	else
		echo "$P:$(mapping "$1")"
	fi
}

# mtu_to CLIENT: what the gateway has learned of the path there.
mtu_to() {
	ip -n "$(ns srv)" route get "${PRES_ADDR[$1]}" from "$SRV" |
		sed -n 's/.* mtu \([0-9]*\).*/\1/p'
}

# believes CLIENT WORD...: somebody on the Internet says that its path is narrower
# than ever, and so it is thought to be.
MTU=1300
believes() {
	local client=$1

	shift
	MTU=$((MTU - 10))
	stage too-big ns="$(ns wan)" src=192.0.2.1 dst="$SRV" mtu="$MTU" \
		of="$SRV:4500" to="$(on_the_wire "$client")" "$@" &&
		stage wait seconds=0.2 && [ "$(mtu_to "$client")" = "$MTU" ]
}
disbelieves() { ! believes "$@"; }

# errors CLIENT: of all sorts.
errors() {
	step "$1: about another port of its" disbelieves "$1" \
		to="$(on_the_wire "$1" | sed 's/:.*/:9/')"
	step "$1: about another port of the gateway" disbelieves "$1" \
		of="$SRV:4501"
	step "$1: about another's address" disbelieves "$1" to=198.51.100.77:4500
	step "$1: with a wrong checksum" disbelieves "$1" check=bad
	step "$1: about an SPI that nobody has" disbelieves "$1"
	step "$1: a true one" believes "$1" spi="$(spi_to "$1")"
}

each_alone() {
	crowd c1 || return
	step_both "a client behind a NAT, one that has none" dial c1 d1 || return
	errors c1
	errors d1
	step "both work" clients_work c1 d1
}

keeps() {
	believes c2 spi="$(spi_to c2)" || return 1
	[ "$(mtu_to c1)" != "$MTU" ]
}

two() {
	crowd c1 c2 || return
	step_both "a client behind a NAT" dial c1 || return
	step_better "and another" dial c2
	step_better "an error about one is not about its neighbour" keeps
	step_better "they work" clients_work c1 c2
}

# shellcheck disable=SC2119
sa_begin
scene "ICMP errors" each_alone
scene "ICMP errors, two clients" two
harmless_end
