#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# One L2TP/IPsec client behind a NAT, whose address the gateway's configuration
# names: it dials, its NAT forgets it, it hangs up, loses power, the gateway's IKE
# daemon starts anew.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"
. "$(dirname "$0")/../lib/harmless.sh"

gateway_strongswan() {
	strongswan_start srv && strongswan_load srv "$(strongswan_connection \
		l2tp 1 "$SRV" "$P" transport 'dynamic[udp/1701]' 'dynamic[udp]')"
}

gateway_libreswan() {
	libreswan_start srv && libreswan_l2tp srv 1 "$SRV" "$P" %any "rekey=no
		rightid=10.1.0.11"
}

# setup DAEMON NAT
setup() {
	interop_begin
	topo_server srv wan
	topo_nat nat "$P" "$2"
	topo_client nat client1 11
	"gateway_$1" && l2tp_server srv && client_boot client1 1
}

# works: IKE, L2TP and every ping, whatever the daemons say in the clear.
works() {
	ping_all client1
	client_all_up client1
}

connect() {
	client_dial client1
	works
}

redial() { client_hangup client1 && connect; }

after_power_cut() {
	peer_power_cut client1
	client_boot client1 1 && connect
}

# The NAT gives it another port; whatever it sends then tells the gateway.
nat_forgets() {
	local address

	address=$(l2tp_address client1)
	nat_forget nat
	busywait 20000 in_ns client1 ping -n -c 1 -W 2 -I "$address" "$L2TP_SERVER" &&
		works
}

gateway_restarts() {
	"$1_stop" srv
	"gateway_$1" || return 1
	# The gateway has said DELETE: there may be nothing left to hang up.
	client_hangup client1 || :
	connect
}

# What xfrm has on the gateway, without what differs from dial to dial.
xfrm_of_gateway() {
	{
		ip -n "$(ns srv)" xfrm state
		ip -n "$(ns srv)" xfrm policy
	} | sed -E '/anti-replay|seq-num|oseq|lastused/d
		s/0x[0-9a-f]{6,}/X/g; s/reqid [0-9]+/reqid N/
		s/sport [0-9]{5}/sport N/; s/dport [0-9]{5}/dport N/
		/^[[:space:]]+([0-9a-f]{8} ?)+$/d'
}

# In the run without the module it is what the other is compared with.
same_xfrm() {
	if ! harmless_module; then
		xfrm_of_gateway >"$STOCK"
		grep -q 'encap type espinudp' "$STOCK"
	else
		diff -u "$STOCK" <(xfrm_of_gateway)
	fi
}

# named DAEMON NAT
named() {
	local L2TP_PATIENCE=40000

	step_both "set up" setup "$@" || return
	step_both "first dial" connect || return
	step "the gateway's xfrm is the same" same_xfrm
	step "the NAT forgets it" nat_forgets
	step "it hangs up and dials again" redial
	step "the gateway's IKE daemon restarts, it dials again" gateway_restarts "$1"
	step "power cut, redial" after_power_cut
}

PING_COUNT=4 PING_PATIENCE=12
STOCK=$(mktemp)
at_exit rm -f "$STOCK"
# shellcheck disable=SC2119
begin
daemons_install >/dev/null 2>&1 || bail "no daemons"
scene "named L2TP client, strongSwan" named strongswan random
scene "named L2TP client, libreswan" named libreswan random
harmless_end
