#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# strongSwan and xl2tpd, as they are, with several clients behind one NAT that
# all send at the same time, and what happens to such clients: hanging up,
# crashing, rekeying, wrong passwords, and a peer on the NAT's own address.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"

three=(client1 client2 client3)

first_keeps_its_address() {
	client_has_own client1 && client_has_alias client2
}

# One after the other, so that it is known who has the alias.
two_dial() {
	client_dial client1
	client_dial client2
	client_work client1 client2
}

third_joins() {
	client_dial client3
	client_work "${three[@]}" && client_all_distinct "${three[@]}"
}

orderly_redial() {
	client_hangup client2 || return 1
	client_dial client2
	# Its last words may have followed its SA's end in the clear: its own
	# doing. To its alias nothing left.
	[ "$(capture_count alias)" = 0 ] || return 1
	capture_reset
	client_work "${three[@]}"
}

crash_and_redial() {
	host_stop client2
	client_boot client2 1 || return 1
	client_dial client2
	client_work "${three[@]}"
}

# The server starts a new phase 1 to each of them, aliased or not. Nobody may
# have crashed before: it would renew the SAs of the dead one too, and the NAT
# takes that to the live one, which has the same mapping.
server_rekeys_ikev1() {
	client_ike_sas "${three[@]}" >"$INTEROP/before"
	swanctl_in srv --rekey --ike l2tp --reauth >&2 || return 1
	busywait 90000 client_ike_changed "${three[@]}" || return 1
	client_work "${three[@]}"
}

wrong_passwords() {
	in_ns client4 "$SELFTESTS/tools/wrongpsk.py" "$SRV" 300 >&2 || return 1
	client_work "${three[@]}"
}

new_client_after_that() {
	client_boot client4 1 || return 1
	client_dial client4
	client_work "${three[@]}" client4 && client_has_alias client4
}

# The NAT itself is a site-to-site peer.
site_to_site() {
	local site

	ip -n "$(ns srv)" address add 10.50.0.1/32 dev lo
	ip -n "$(ns nat)" address add 10.60.0.1/32 dev lo
	strongswan_start nat || return 1
	strongswan_load nat "$(strongswan_connection site 1 198.51.100.1 "$SRV" \
		tunnel 10.60.0.1/32 10.50.0.1/32)" || return 1
	site=$(strongswan_connection site 1 "$SRV" 198.51.100.1 \
		tunnel 10.50.0.1/32 10.60.0.1/32)
	strongswan_load srv "$(strongswan_l2tp 1)
		$site" || return 1
	strongswan_initiate srv site || return 1
	ping_prepare
	ping_start "$INTEROP/site.down" srv \
		-I 10.50.0.1 10.60.0.1
	ping_start "$INTEROP/site.up" nat \
		-I 10.60.0.1 10.50.0.1
	ping_run
	[ "$(cat "$INTEROP/site.down" "$INTEROP/site.up" | xargs)" = \
		"$PING_COUNT $PING_COUNT" ] || return 1
	# The peer is known by its own address.
	ip -n "$(ns srv)" xfrm state list src 198.51.100.1 dst "$SRV" |
		grep -q 'mode tunnel' || return 1
	client_work "${three[@]}"
}

# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
check "a server, a NAT that changes every port, clients" client_crew random 3 1
check "2 clients, IKEv1, L2TP" two_dial
check "the first keeps its address, the second has an alias" first_keeps_its_address
check "3 clients, IKEv1, L2TP" third_joins
# Before a client crashes: what the server then keeps of it would be renewed too.
check "the NAT's own address is a site-to-site peer of the gateway" site_to_site
check "one hangs up with DELETE and dials again" orderly_redial
check "the server starts a new phase 1 to everybody" server_rekeys_ikev1
check "one crashes and dials again, without DELETE" crash_and_redial
topo_client nat client4 14
check "300 handshakes with a wrong PSK from the NAT's address" wrong_passwords
check "a new client gets its alias after that" new_client_after_that
interop_end
finish
