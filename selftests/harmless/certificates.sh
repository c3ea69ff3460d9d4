#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A peer with a certificate that no packet has room for, behind an uplink with an MTU
# of 1492: IKE comes and goes in IP fragments.
# shellcheck disable=SC1091,SC2016,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"
. "$(dirname "$0")/../lib/harmless.sh"

# What strongswan_start loads, and what reads certificates.
CHARON_OPTIONS='load = random nonce aes sha1 sha2 hmac kdf gmp openssl pem pkcs1 pkcs8 x509 pubkey constraints kernel-netlink socket-default vici updown'

# An authority, and a certificate of some 2,500 bytes for each host.
PKI=$(mktemp -d)
at_exit rm -rf "$PKI"
authority() {
	local name

	openssl ecparam -name prime256v1 -genkey -noout -out "$PKI/ca.key" &&
	openssl req -x509 -new -key "$PKI/ca.key" -subj /CN=authority -days 30 \
		-out "$PKI/ca.pem" || return 1
	printf 'nsComment = %02000d\n' 0 >"$PKI/extensions"
	for name in srv client1; do
		openssl ecparam -name prime256v1 -genkey -noout \
			-out "$PKI/$name.key" &&
		openssl req -new -key "$PKI/$name.key" -subj "/CN=$name" |
			openssl x509 -req -CA "$PKI/ca.pem" -CAkey "$PKI/ca.key" \
				-CAcreateserial -days 30 \
				-extfile "$PKI/extensions" -out "$PKI/$name.pem" ||
			return 1
	done
}

# identified HOST: where swanctl looks for what is its.
identified() {
	local dir=$INTEROP/$1

	mkdir -p "$dir/x509" "$dir/x509ca" "$dir/private" &&
	cp "$PKI/ca.pem" "$dir/x509ca/" &&
	cp "$PKI/$1.pem" "$dir/x509/host.pem" &&
	cp "$PKI/$1.key" "$dir/private/host.pem"
}

# by_certificate: a connection becomes one with certificates, in whole messages.
by_certificate() {
	sed '0,/auth = psk/s//auth = pubkey\n\tcerts = host.pem/
		s/auth = psk/auth = pubkey/
		s/proposals = aes128-sha256-modp2048/fragmentation = no\n\t&/'
}

small_uplink() {
	ip -n "$(ns srv)" link set wan0 mtu 1492 &&
	ip -n "$(ns wan)" link set srv0 mtu 1492
}

load() {
	strongswan_load srv "$(strongswan_connection site "$1" "$SRV" "$PEER" \
		tunnel 10.50.0.1/32 10.60.0.0/24 | by_certificate)" &&
	load_peer "$1"
}

load_peer() {
	strongswan_load client1 "$(strongswan_connection site "$1" %any "$SRV" \
		tunnel 10.60.0.3/32 10.50.0.1/32 | by_certificate)"
}

setup() {
	peer_topology random && small_uplink && identified srv &&
		identified client1 && strongswan_boot srv client1 && load "$1"
}

# Whole datagrams that the gateway has made of fragments.
reassembled() {
	in_ns srv awk '/^Ip: [0-9]/ { print $16 }' /proc/net/snmp
}

in_fragments() { [ "$(reassembled)" -gt 0 ]; }

redial() { peer_hangup && peer_dial; }

after_power_cut() {
	peer_power_cut client1
	strongswan_start client1 && load_peer "$1" && peer_dial
}

# certified VERSION
certified() {
	step_both "set up" setup "$1" || return
	step_both "first dial" peer_dial || return
	step_both "IKE came in fragments" in_fragments
	step "redial after DELETE" redial
	step "power cut, redial" after_power_cut "$1"
}

PING_COUNT=4 PING_PATIENCE=12
# shellcheck disable=SC2119
begin
daemons_install >/dev/null 2>&1 || bail "no daemons"
authority >/dev/null 2>&1 || bail "no certificates"
scene "named IKEv1 peer with a certificate, MTU 1492" certified 1
scene "named IKEv2 peer with a certificate, MTU 1492" certified 2
harmless_end
