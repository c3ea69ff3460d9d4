#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# libreswan, which renews phase 1 from port 500: as a peer that the gateway's
# configuration names by its address, the gateway being strongSwan or libreswan;
# and as a server of XAUTH clients. All in tunnel mode.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"
. "$(dirname "$0")/../lib/harmless.sh"

# Its phase 1 is renewed 20 s after it came up.
SOON=$'ikelifetime=60s\nrekeymargin=40s\nrekeyfuzz=0%'

# client [OPTIONS]: the peer, from nothing.
client() {
	libreswan_start client1 && libreswan_conn client1 site 1 "type=tunnel
		left=%defaultroute
		leftid=@peer
		leftsubnet=10.60.0.3/32
		right=$SRV
		rightsubnet=10.50.0.1/32${1:+
		$1}"
}

gateway_strongswan() { strongswan_start srv && peer_load_server 1; }

gateway_libreswan() {
	libreswan_start srv && libreswan_conn srv site 1 "type=tunnel
		left=$SRV
		leftsubnet=10.50.0.1/32
		right=$PEER
		rightid=@peer
		rightsubnet=10.60.0.3/32
		rekey=no"
}

# setup GATEWAY NAT
setup() {
	peer_topology "$2" && "gateway_$1" && client "$SOON"
}

dial() {
	libreswan_initiate client1 site && tunnel_ping client1
}

renewed() {
	busywait 40000 libreswan_renewed client1 "$(libreswan_phases_1 client1)" && tunnel_ping client1
}

quick_mode() {
	local spi

	spi=$(client_spi_out client1)
	libreswan_initiate client1 site && [ "$(client_spi_out client1)" != "$spi" ] &&
		tunnel_ping client1
}

redial() { libreswan_tell client1 --name site --terminate && dial; }

# after_power_cut [COMMAND]: what happens to the NAT meanwhile.
after_power_cut() {
	peer_power_cut client1
	"$@"
	client && dial
}

wrong_key_first() {
	libreswan_tell client1 --name site --terminate
	libreswan_secret client1 wrong
	libreswan_tell client1 --rereadsecrets
	! LIBRESWAN_PATIENCE=5 libreswan_initiate client1 site || return 1
	libreswan_tell client1 --name site --terminate
	libreswan_secret client1 "$PSK"
	libreswan_tell client1 --rereadsecrets
	dial
}

# named GATEWAY NAT
named() {
	step_both "set up" setup "$@" || return
	step_both "first dial" dial || return
	step "phase 1 is renewed from port 500" renewed
	step "Quick Mode follows" quick_mode
	step "redial after DELETE" redial
	step "power cut, redial" after_power_cut
	[ "$2" != random ] ||
		step "power cut, redial, another mapping" after_power_cut nat_forget nat
	step "wrong key, then the right one" wrong_key_first
}

# --- XAUTH ---

both=(client1 client2)

xauth_server() {
	libreswan_conn srv xauth 1 "type=tunnel
		left=$SRV
		leftsubnet=10.50.0.1/32
		right=%any
		rightaddresspool=10.70.0.10-10.70.0.20
		leftxauthserver=yes
		rightxauthclient=yes
		xauthby=alwaysok
		leftmodecfgserver=yes
		rightmodecfgclient=yes
		modecfgpull=yes
		rekey=no"
}

xauth_client() {
	libreswan_start "$1" || return 1
	echo "@$1 : XAUTH \"word\"" >>"$INTEROP/$1/ipsec.secrets"
	libreswan_conn "$1" xauth 1 "type=tunnel
		left=%defaultroute
		leftid=@$1
		right=$SRV
		rightsubnet=10.50.0.1/32
		leftxauthclient=yes
		rightxauthserver=yes
		leftusername=$1
		leftmodecfgclient=yes
		rightmodecfgserver=yes
		modecfgpull=yes"
}

xauth_setup() {
	local i

	tunnel_scene
	for i in 1 2; do
		topo_client nat "client$i" $((10 + i))
	done
	libreswan_start srv && xauth_server && xauth_client client1 &&
		xauth_client client2
}

xauth_dial() {
	libreswan_initiate "$1" xauth && tunnel_ping "$1"
}

xauth_redial() {
	libreswan_tell "$1" --name xauth --terminate
	xauth_dial "$1" && tunnel_ping "${both[@]}"
}

xauth() {
	step_both "set up" xauth_setup || return
	step_both "the first dials" xauth_dial client1 || return
	step "the second dials" xauth_dial client2
	step "both at the same time" tunnel_ping "${both[@]}"
	step "the second dials again" xauth_redial client2
	step "the first dials again" xauth_redial client1
}

PING_COUNT=4 PING_PATIENCE=12
# shellcheck disable=SC2119
begin
daemons_install >/dev/null 2>&1 || bail "no daemons"
scene "named libreswan peer, strongSwan" named strongswan random
scene "named libreswan peer, libreswan" named libreswan random
scene "named libreswan peer without NAT, strongSwan" named strongswan none
scene "XAUTH clients behind one NAT" xauth
harmless_end
