#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Clients work behind the NATs that people have.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

# Whether NAT has forgotten and both clients appeared as P:PORT on the wire.
came_from()
{
	local count
	count=$(wire_count wire proto=17 src="$P" dst="$SRV" sport="$1")
	[ "$count" -gt "$2" ] || { echo "# nothing more came from $P:$1"; return 1; }
}

# A NAT that keeps ports and has forgotten the first client's port 500.
topo_new
topo_crowd preserving c1 c2
daemon srv
stage sniff name=wire ns="$(ns wan)" dev=srv0
connect_client c1
check "one client behind a NAT that keeps ports" everyone udp c1
before=$(wire_count wire proto=17 src="$P" dst="$SRV" sport=500)
nat_forget nat -p udp --orig-port-src 500
connect_client c2
check "the second came from port 500 too" came_from 500 "$before"
check "both work" everyone udp c1 c2
check "the second is a client of its own" is_alias c2
check "a NAT that keeps ports: no context is left" audit

# A NAT that never translates port 500 and tells clients apart by cookie.
topo_again
topo_crowd passing-500 c1 c2 c3
daemon srv
stage sniff name=wire ns="$(ns wan)" dev=srv0
connect_client c1
connect_client c2
connect_client c3
other_port()
{
	local count
	count=$(wire_count wire proto=17 dst="$SRV" dport=500)
	[ "$count" -gt 0 ] &&
	[ "$count" = "$(wire_count wire proto=17 dst="$SRV" dport=500 sport=500)" ]
}
check "IPsec passthrough: all IKE on 500 comes from 500" other_port
check "IPsec passthrough: three clients work" everyone udp c1 c2 c3
again_on_500()
{
	stage exchange from="$1.500" to="$SRV":500 spii="${SPII[$1]}" \
		spir="${SPIR[$1]}" xchg=5 msgid=77 && says answered=1 &&
	says addr="${PRES_ADDR[$1]}"
}
check "IPsec passthrough: the first is answered at P:500" again_on_500 c1
check "IPsec passthrough: the second is answered at P:500" again_on_500 c2
check "IPsec passthrough: the third is answered at P:500" again_on_500 c3

# A carrier's NAT: what goes to port 500 leaves by one address, what goes to port
# 4500 by another.
two_addresses()
{
	local port
	for port in 500 4500; do
		echo "# port $port: $(wire_count wire src="$P" dport="$port") from $P," \
			"$(wire_count wire src="$P2" dport="$port") from $P2"
	done
	[ "$(wire_count wire src="$P" dport=500)" -gt 0 ] &&
	[ "$(wire_count wire src="$P2" dport=4500)" -gt 0 ] &&
	[ "$(wire_count wire src="$P" dport=4500)" -eq 0 ] &&
	[ "$(wire_count wire src="$P2" dport=500)" -eq 0 ]
}
topo_again
topo_crowd two-addresses c1 c2 c3 c4
daemon srv
stage sniff name=wire ns="$(ns wan)" dev=srv0
check "two addresses: a client" connect_client c1
check "two addresses: a second and a third" both connect_client c2 -- connect_client c3
check "two addresses: port 500 comes by one, port 4500 by the other" two_addresses
# Where they are is known by IKE alone until they send ESP.
server_first() { local BURST=(up=0); everyone udp "$@"; }
check "two addresses: the server speaks first" server_first c1 c2 c3
check "two addresses: all work" everyone udp c1 c2 c3
check "two addresses: the first keeps the one it began with, others have aliases" \
	both is_at c1 "$P" -- is_alias c2 -- is_alias c3
not_followed()
{
	set_sysctl follow_peer 0 && connect_client c4 && everyone udp c4
}
check "two addresses: one works that must not be followed" not_followed
check "two addresses: nothing in the clear" nothing_clear wire

# Two NATs in a row: two clients behind the inner one, one behind the outer.
topo_again
topo_nat nat $P random
topo_nat cpe 10.1.0.99 preserving nat
topo_client cpe c1 11
topo_client cpe c2 12
topo_client nat c3 13
daemon srv
connect_client c1
connect_client c2
connect_client c3
check "two NATs in a row" everyone udp c1 c2 c3

# Two NATs, the same private addresses behind both.
topo_again
topo_nat nat $P random
topo_nat natb 198.51.100.3 random
topo_client nat c1 11
topo_client nat c2 12
topo_client natb e1 11
topo_client natb e2 12
topo_direct d1 101
daemon srv
connect_client c1
connect_client e1
connect_client c2
connect_client e2
connect_client d1
check "two NATs with the same private addresses, and a client without NAT" \
	everyone udp c1 c2 e1 e2 d1
check "the first behind each NAT keeps its address" \
	both is_at c1 "$P" -- is_at e1 198.51.100.3
check "so does the one without NAT" is_at d1 198.51.100.101

# A carrier's NAT gives the port of a dead client to another.
topo_again
topo_crowd preserving c1 c2 c3
daemon srv
stage sniff name=wire ns="$(ns wan)" dev=srv0
connect_client c1
connect_client c3
check "two clients of a carrier" everyone udp c1 c3
stage close names=c1,c1.500,c1.4500
sa_remove_client c1
nat_forget nat --orig-src 10.1.0.11
before=$(wire_count wire proto=17 src="$P" dst="$SRV" sport=4500)
connect_client c2
check "another client appears at the dead one's port" came_from 4500 "$before"
check "it works, and so does who was there" everyone udp c2 c3
check "it is a client of its own" is_alias c2
rekey()
{
	stage exchange from=c2.4500 to="$SRV":4500 spii=random && says answered=1 \
		addr="${PRES_ADDR[c2]}" port="${PRES_PORT[c2]}"
}
check "its next IKE SA is its own, not the dead one's" rekey

# A NAT that lets ESP through and tells clients apart by SPI; they never came
# by 4500. UDP and TCP would not survive: their checksums cover the addresses,
# and without NAT-T nobody mends them.
connect_plain()
{
	ENCAP[$1]=no POLICY[$1]=icmp
	stage exchange from="$1.500" to="$SRV:500" at=srv && says answered=1 || return 1
	PRES_ADDR[$1]=$(field addr) PRES_PORT[$1]=$(field port)
	sa_install "$1"
}
topo_again
topo_crowd stateless c1 c2
daemon srv
stage sniff name=wire ns="$(ns wan)" dev=srv0
check "plain ESP through a NAT: a client" connect_plain c1
check "plain ESP: a second client" connect_plain c2
mark srv
check "plain ESP: both work" everyone icmp c1 c2
check "plain ESP: the second has an alias" both is_at c1 "$P" -- is_alias c2
check "plain ESP it was" rose in_esp_plain
check "plain ESP: nothing in the clear" nothing_clear wire

sa_end
