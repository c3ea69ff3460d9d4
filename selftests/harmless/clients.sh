#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two clients behind one NAT that the stock kernel can tell apart: they dial two
# addresses of the gateway, or are in tunnel mode, whoever handles ESP. The NAT
# keeps ports where it can, and gives other ones when told.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"
. "$(dirname "$0")/../lib/harmless.sh"

both=(client1 client2)
# What of the gateway each dials, and what it is in a tunnel.
declare -A DIALS=() INSIDE=([client1]=10.60.0.3 [client2]=10.60.0.4)
SECOND=203.0.113.2

# topology VERSION MODE: gateway, NAT and clients; all daemons run.
topology() {
	local name i=10

	VERSION=$1 MODE=$2
	interop_begin
	topo_server srv wan
	topo_nat nat "$P" preserving
	capture_start
	ip -n "$(ns srv)" address add 10.50.0.1/32 dev lo
	for name in "${both[@]}"; do
		DIALS[$name]=$SRV
		topo_client nat "$name" $((++i))
		ip -n "$(ns "$name")" address add "${INSIDE[$name]}/32" dev lo
	done
	strongswan_boot srv "${both[@]}"
}

# connection NAME LOCAL REMOTE LOCAL_NET REMOTE_NET: of MODE; in transport mode
# there are no nets.
connection() {
	if [ "$MODE" = transport ]; then
		strongswan_connection "$1" "$VERSION" "$2" "$3" transport \
			dynamic dynamic
	else
		strongswan_connection "$1" "$VERSION" "$2" "$3" tunnel "$4" "$5"
	fi
}

load() {
	local name

	strongswan_load srv "$(connection first "$SRV" %any 10.50.0.1/32 10.60.0.0/24)
		$(connection second "$SECOND" %any 10.50.0.1/32 10.60.0.0/24)" || return 1
	for name in "${both[@]}"; do
		strongswan_load "$name" "$(connection site %any "${DIALS[$name]}" \
			"${INSIDE[$name]}/32" 10.50.0.1/32)" || return 1
	done
}

one_address() { topology "$@" && load; }

two_addresses() {
	topology "$@" || return 1
	ip -n "$(ns srv)" address add "$SECOND/24" dev wan0
	DIALS[client2]=$SECOND
	load
}

# esp_in_user_space: with strongSwan's kernel-libipsec at the gateway.
esp_in_user_space() {
	modprobe tun || return 1
	GATEWAY_OPTIONS="load = random nonce aes sha1 sha2 hmac kdf gmp openssl pem pkcs1 kernel-libipsec kernel-netlink socket-default vici updown" \
		one_address "$@"
}

# ends CLIENT: sets UP and DOWN, what ping is told there and at the gateway.
ends() {
	if [ "$MODE" = transport ]; then
		UP=("${DIALS[$1]}")
		DOWN=(-I "${DIALS[$1]}" "$(SRV=${DIALS[$1]} client_seen_as "$1")")
	else
		UP=(-I "${INSIDE[$1]}" 10.50.0.1)
		DOWN=(-I 10.50.0.1 "${INSIDE[$1]}")
	fi
}

# work CLIENT...: all at the same time, both ways, nothing in the clear.
work() {
	local name

	ping_prepare
	for name; do
		ends "$name"
		ping_start "$INTEROP/$name.up" "$name" "${UP[@]}"
		ping_start "$INTEROP/$name.down" srv "${DOWN[@]}"
	done
	ping_run
	ping_came mapping "$@" && capture_is_clean
}

dial() { strongswan_initiate "$1" site && work "$1"; }

dial_at_once() {
	local name dials=()

	for name in "${both[@]}"; do
		strongswan_initiate "$name" site &
		dials+=($!)
	done
	host_wait "${dials[@]}" && work "${both[@]}"
}

# remap CLIENT PORT: the NAT forgets it and gives it another port from now on.
# It may lose packets until it is followed.
remap() {
	in_ns nat nft insert rule ip nat post oifname out ip saddr "${ADDR[$1]}" \
		udp sport 4500 masquerade to ":$2" && nat_forget nat -s "${ADDR[$1]}"
	ends "$1"
	busywait 20000 in_ns "$1" ping -n -c 1 -W 1 "${UP[@]}"
}

remapped() { remap "$@" && work "${both[@]}"; }

remapped_alone() { remap client1 30000 && work client1; }

# takes_its_place: the second client dials, and the NAT gives it the port that the
# first one had. What the gateway sent there in between is forgotten, too.
takes_its_place() {
	nat_forget nat -s "$SRV"
	strongswan_initiate client2 site && [ "$(mapping client2)" = 4500 ]
}

# renew CLIENT: its IKE SA, and then its SAs.
renew() {
	local how=()

	[ "$VERSION" = 2 ] || how=(--reauth)
	client_ike_sas "$1" >"$INTEROP/before"
	swanctl_in "$1" --rekey --ike site "${how[@]}" &&
		busywait 30000 client_ike_changed "$1" &&
		swanctl_in "$1" --rekey --child site && host_settles "$1" &&
		work "${both[@]}"
}

redial() {
	swanctl_in "$1" --terminate --ike site >/dev/null &&
		strongswan_initiate "$1" site && work "${both[@]}"
}

# --- the scenes ---

# of_two_addresses VERSION MODE
of_two_addresses() {
	step_both "set up" two_addresses "$@" || return
	step_both "the first dials" dial client1 || return
	step "the second dials" dial client2 || return
	step "both at the same time" work "${both[@]}"
	step "the NAT gives the first another port" remapped client1 30000
	step "the NAT gives the second another port" remapped client2 30001
	step "the first renews" renew client1
	step "the second dials again" redial client2
}

# where_one_was VERSION MODE
where_one_was() {
	step_both "set up" one_address "$@" || return
	step_both "the first dials" dial client1 || return
	step_both "the NAT gives it another port" remapped_alone || return
	step_both "the second dials and gets the first one's port" takes_its_place ||
		return
	step "both at the same time" work "${both[@]}"
	step "the first renews" renew client1
	step "the second renews" renew client2
	step "the first dials again" redial client1
}

# in_user_space VERSION
in_user_space() {
	step_both "set up" esp_in_user_space "$1" tunnel || return
	step_both "both dial at the same time" dial_at_once || return
	step "the second renews" renew client2
	step "the second dials again" redial client2
}

PING_COUNT=4 PING_PATIENCE=12
# shellcheck disable=SC2119
begin
daemons_install >/dev/null 2>&1 || bail "no daemons"
scene "two IKEv1 clients of two addresses, transport mode" \
	of_two_addresses 1 transport
scene "two IKEv2 clients of two addresses, tunnel mode" of_two_addresses 2 tunnel
scene "an IKEv2 client where another was, tunnel mode" where_one_was 2 tunnel
scene "an IKEv1 client where another was, tunnel mode" where_one_was 1 tunnel
scene "two IKEv1 clients, ESP in user space" in_user_space 1
harmless_end
