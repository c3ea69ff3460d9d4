#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# libreswan at both ends, told not to negotiate NAT-T, with two clients behind a
# NAT that lets no ESP pass but in UDP: dark, until the rule has it sent so.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"

# site HOST NAME LEFT LEFTID LEFTNET RIGHT RIGHTID RIGHTNET
site() {
	local dir=$INTEROP/$1

	cat >>"$dir/ipsec.conf" <<-CONF
		conn $2
		  auto=add
		  authby=secret
		  ikev2=no
		  nat-ikev1-method=none
		  type=tunnel
		  left=$3
		  leftid=@$4
		  leftsubnet=$5
		  right=$6
		  rightid=@$7
		  rightsubnet=$8
		  ike=aes128-sha2_256;modp2048
		  esp=aes128-sha1
		  pfs=no
		  rekey=no
	CONF
	in_ns "$1" "$PLUTO/addconn" --config "$dir/ipsec.conf" \
		--ctlsocket /run/pluto/pluto.ctl "$2" >>"$dir/pluto.out" 2>&1
}

setup() {
	local i

	tunnel_scene
	in_ns nat nft -f - <<-RULES
		table ip block {
			chain forward {
				type filter hook forward priority 0
				ip protocol esp counter drop
			}
		}
	RULES
	libreswan_start srv || return 1
	for i in 1 2; do
		site srv "client$i" "$SRV" server 10.50.0.1/32 \
			%any "client$i" "10.60.0.$i/32" || return 1
		topo_client nat "client$i" $((10 + i))
		ip -n "$(ns client)$i" address add "10.60.0.$i/32" dev lo
		libreswan_start "client$i" || return 1
		site "client$i" site %defaultroute "client$i" "10.60.0.$i/32" \
			"$SRV" server 10.50.0.1/32 || return 1
	done
}

initiate() {
	in_ns "$1" timeout 90 "$PLUTO/whack" --ctlsocket /run/pluto/pluto.ctl \
		--name site --initiate >>"$INTEROP/$1/pluto.out" 2>&1
}

# Both SAs are there, and neither has encapsulation.
plain_sas() {
	initiate client1 && initiate client2 || return 1
	in_ns srv ip xfrm state >"$INTEROP/states" || return 1
	cat "$INTEROP/states"
	[ "$(grep -c '^src ' "$INTEROP/states")" -eq 4 ] &&
		! grep -q encap "$INTEROP/states"
}

blocked() {
	in_ns nat nft list table ip block |
		sed -n 's/.*counter packets \([0-9]*\).*/\1/p'
}

# No ping comes through, both ways, and the NAT has seen why.
dark() {
	local PING_COUNT=4 name before result

	before=$(blocked)
	ping_prepare
	for name in client1 client2; do
		ping_start "$INTEROP/$name.up" "$name" -w 4 \
			-I "$(tunnel_inner "$name")" 10.50.0.1
		ping_start "$INTEROP/$name.down" srv -w 4 \
			-I 10.50.0.1 "$(tunnel_inner "$name")"
	done
	ping_run
	result=$(cat "$INTEROP"/client[12].up "$INTEROP"/client[12].down | xargs)
	echo "pings: $result; ESP blocked: $before, then $(blocked)"
	[ "$result" = "0 0 0 0" ] && [ "$(blocked)" -gt "$before" ]
}

rule() {
	local name

	for name in srv client1 client2; do
		in_ns "$name" sysctl -qw \
			"net.esp_nat.assume_udp_encap_context_on_send=$1" || return 1
	done
}

# The client's first packet tells the server its port.
works() {
	local name

	for name in client1 client2; do
		busywait 10000 in_ns "$name" ping -n -c 1 -W 1 \
			-I "$(tunnel_inner "$name")" 10.50.0.1 || return 1
	done
	tunnel_ping client1 client2
}

# shellcheck disable=SC2119
begin
no_offload
check "the daemons are there" daemons_install
check "a server, a NAT that blocks ESP, clients, all without NAT-T" setup
check "IKE comes up, the SAs are without encapsulation" plain_sas
check "rule 0: dark" dark
check "rule 2" rule 2
check "rule 2: both work, all at once" works
check "rule 0 again" rule 0
check "dark again" dark
check "rule 1" rule 1
check "rule 1: both work, all at once" works
interop_end
finish
