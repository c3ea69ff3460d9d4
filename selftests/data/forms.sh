#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# An SA takes both forms of ESP, with and without UDP header (RFC 7296, section
# 2.23), whichever it was made for. The stock kernel drops the other one.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

# mixed SERVER CLIENT NAME: ESP of the server's SAs is encapsulated or not, that
# of the client's is or is not.
mixed()
{
	ike_connect "$3" &&
	ENCAP[$3]=$1 && sa_install_server "$3" &&
	ENCAP[$3]=$2 && sa_install_client "$3"
}

# Packets of the form that xfrm refuses, in a namespace.
# shellcheck disable=SC2016 # awk's, not the shell's
mismatches()
{
	in_ns "$1" awk '$1 == "XfrmInStateMismatch" { print $2 }' /proc/net/xfrm_stat
}

works()
{
	mark srv
	everyone "$1" "${@:2}" && rose in_esp_converted && same ctx_moved &&
	[ "$(mismatches srv)" -eq 0 ] && [ "$(mismatches "$2")" -eq 0 ]
}

topo_new
topo_nat nat $P stateless
topo_directs 101 d1 d2 d3
topo_client nat c1 11
topo_client nat c2 12
daemon srv

check "encapsulated at the server, plain at the client" mixed yes no d1
check "plain at the client: works" works udp d1
check "plain at the server, encapsulated at the client" mixed no yes d2
check "plain at the server: works" works udp d2
check "both at once" works udp d1 d2

# Behind a NAT that lets ESP without UDP through. What comes back has to be of an
# SA with encapsulation: only then are checksums over other addresses ignored.
plain_out()
{
	local n=${NS[$1]} spi
	connect_client "$1" && spi=$(spi_in "$1") || return 1
	ip -n "$n" -batch - <<-END
		xfrm state delete src ${ADDR[$1]} dst $SRV proto esp spi $spi
		xfrm state add src ${ADDR[$1]} dst $SRV proto esp spi $spi reqid 1 mode transport $KEY sel src ${ADDR[$1]} dst $SRV
	END
}
check "two clients behind one address, one has an alias" \
	both plain_out c1 -- plain_out c2 -- is_alias c2
check "work" works udp c1 c2
check "a third that is as it should be" connect_client d3
check "all at once" works udp d1 d2 c1 c2 d3

# The wire has both forms, in both directions.
stage sniff name=wire ns="$(ns srv)" dev=wan0
check "watched: all at once" works udp d1 d2 c1 c2 d3
on_wire()
{
	[ "$(wire_count wire "$@")" -gt 0 ]
}
check "plain ESP in" on_wire proto=50 dst=$SRV
check "plain ESP out" on_wire proto=50 src=$SRV
check "nothing in the clear" nothing_clear wire

# With a socket whose ESP GRO takes.
topo_again
modprobe -q esp4_offload
topo_directs 101 d1 d2
daemon srv gro=1
topo_gro
check "GRO: an SA without, and one with encapsulation" \
	both mixed no yes d1 -- connect_client d2
check "GRO: both work" works udp d1 d2
in_gro()
{
	mark srv
	everyone udp d2 || return 1
	if grep -q ' xfrm4_gro_udp_encap_rcv' /proc/kallsyms; then
		rose in_esp_gro
	else
		same in_esp_gro
	fi
}
check "GRO takes what it should, where the kernel has that" in_gro

sa_end
