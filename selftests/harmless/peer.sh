#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A peer that the gateway's configuration names by its address, with strongSwan
# at both ends: it dials, redials, loses power, has a wrong key, renews.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"
. "$(dirname "$0")/../lib/harmless.sh"

setup() {
	peer_topology "$2" && strongswan_boot srv client1 &&
		peer_load_server "$1" && peer_load "$1"
}

redial() { peer_hangup && peer_dial; }

# after_power_cut VERSION [COMMAND]: what happens to the NAT meanwhile.
after_power_cut() {
	peer_power_cut client1
	"${@:2}"
	strongswan_start client1 && peer_load "$1" && peer_dial
}

# The right key comes when the wrong one has failed.
wrong_key_first() {
	peer_hangup
	STRONGSWAN_PSK=wrong peer_load "$1" || return 1
	! swanctl_in client1 --initiate --child site --timeout 5 || return 1
	swanctl_in client1 --terminate --ike site --force --timeout 1
	peer_load "$1" && peer_dial
}

# renewed_by HOST VERSION: it renews the IKE SA, and traffic goes on.
renewed_by() {
	local how=()

	[ "$2" = 2 ] || how=(--reauth)
	client_ike_sas client1 >"$INTEROP/before"
	swanctl_in "$1" --rekey --ike site "${how[@]}" || return 1
	busywait 30000 client_ike_changed client1 && tunnel_ping client1
}

child_rekeyed() {
	local spi

	spi=$(client_spi_out client1)
	swanctl_in client1 --rekey --child site || return 1
	busywait 30000 has_another_spi "$spi" && host_settles client1 &&
		tunnel_ping client1
}

has_another_spi() {
	[ -n "$(client_spi_out client1)" ] && [ "$(client_spi_out client1)" != "$1" ]
}

# With another address behind its NAT, it tells the gateway by MOBIKE.
moves() {
	ip -n "$(ns client1)" -batch - <<-END &&
		address del ${ADDR[client1]}/16 dev eth0
		address add 10.1.0.21/16 dev eth0
		route replace default via 10.1.0.1
	END
	busywait 20000 in_ns client1 ping -n -c 1 -W 1 -I 10.60.0.3 10.50.0.1 &&
		tunnel_ping client1
}

# named VERSION NAT
named() {
	step_both "set up" setup "$@" || return
	step_both "first dial" peer_dial || return
	step "the peer renews the IKE SA" renewed_by client1 "$1"
	step "the gateway renews the IKE SA" renewed_by srv "$1"
	step "Quick Mode follows" child_rekeyed
	step "redial after DELETE" redial
	step "power cut, redial" after_power_cut "$1"
	[ "$2" != random ] ||
		step "power cut, redial, another mapping" after_power_cut "$1" nat_forget nat
	step "wrong key, then the right one" wrong_key_first "$1"
	[ "$1/$2" != 2/random ] || step "it moves, with MOBIKE" moves
}

PING_COUNT=4 PING_PATIENCE=12
# shellcheck disable=SC2119
begin
daemons_install >/dev/null 2>&1 || bail "no daemons"
scene "named IKEv1 peer behind a NAT" named 1 random
scene "named IKEv1 peer behind a NAT that keeps ports" named 1 preserving
scene "named IKEv1 peer without NAT" named 1 none
PEER_OPTIONS='encap = yes' \
	scene "named IKEv1 peer without NAT that encapsulates" named 1 none
scene "named IKEv2 peer behind a NAT" named 2 random
scene "named IKEv2 peer without NAT" named 2 none
harmless_end
