#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the clients behind one NAT send, with strongSwan and xl2tpd as they are:
# ephemeral L2TP source ports, equal L2TP tunnel ids, TCP and ICMP host to host,
# L2TP over IKEv2; all of them at the same time.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"

three=(client1 client2 client3)

odd_ports() {
	local name port=40000

	for name in "${three[@]}"; do
		port=$((port + 1))
		strongswan_l2tp_client "$name" 1 "$port" || return 1
	done
	client_connect "${three[@]}"
}

# Anywhere: one that outlives its xl2tpd goes on asking for an end.
no_pppd() { ! pgrep -x pppd >/dev/null; }

equal_tunnel_ids() {
	local name i=0 good=true

	client_hangup_all "${three[@]}" && busywait 60000 no_pppd || return 1
	ping_prepare
	for name in "${three[@]}"; do
		i=$((i + 1))
		strongswan_l2tp_client "$name" 1 || return 1
		strongswan_initiate "$name" l2tp || return 1
		in_ns "$name" "$SELFTESTS/tools/sccrq.py" "$SRV" 1 \
			"$INTEROP/ready.$i" "$INTEROP/go" >"$INTEROP/$name.tunnel" &
		PINGS+=($!)
	done
	busywait 60000 ping_ready || return 1
	# Once the SA of who hung up has gone, xl2tpd's last words to an own
	# address are in the clear, as on the stock kernel.
	capture_reset
	printf '\n\n\n' >&9
	for i in "${PINGS[@]}"; do
		wait "$i" || good=false
	done
	exec 9>&-
	for name in "${three[@]}"; do
		cat "$INTEROP/$name.tunnel"
	done | sort -u >"$INTEROP/tunnels"
	$good && [ "$(wc -l <"$INTEROP/tunnels")" -eq 3 ] && capture_is_clean
}

# host_to_host: any protocol between the hosts; pings both ways and TCP of all
# clients at the same time.
host_to_host() {
	local name seen good=true

	for name in "${three[@]}"; do
		swanctl_in "$name" --terminate --ike l2tp >/dev/null 2>&1
		strongswan_load "$name" "$(strongswan_connection any "$1" %any \
			"$SRV" transport dynamic dynamic)" || return 1
	done
	strongswan_load srv "$(strongswan_connection any "$1" "$SRV" %any \
		transport dynamic dynamic)" || return 1
	host_start srv talk.log "$SELFTESTS/tools/talk.py" serve 7777
	for name in "${three[@]}"; do
		strongswan_initiate "$name" any || return 1
	done
	client_all_distinct "${three[@]}" || return 1
	ping_prepare
	for name in "${three[@]}"; do
		seen=$(client_seen_as "$name")
		ping_start "$INTEROP/$name.up" "$name" "$SRV"
		ping_start "$INTEROP/$name.down" srv "$seen"
		in_ns "$name" "$SELFTESTS/tools/talk.py" call "$SRV" 7777 40 \
			"$INTEROP/ready.${#PINGS[@]}" "$INTEROP/go" \
			>"$INTEROP/$name.tcp" &
		PINGS+=($!)
	done
	ping_run
	for name in "${three[@]}"; do
		seen=$(cat "$INTEROP/$name.up" "$INTEROP/$name.down" "$INTEROP/$name.tcp" | xargs)
		echo "$name: pings up, down, TCP lines: $seen"
		[ "$seen" = "$PING_COUNT $PING_COUNT 40" ] || good=false
	done
	$good && capture_is_clean
}

# --- IKEv2 ------------------------------------------------------------------

ikev2_clients() {
	local name

	for name in "${three[@]}"; do
		swanctl_in "$name" --terminate --ike any >/dev/null 2>&1
		strongswan_l2tp_client "$name" 2 || return 1
	done
	strongswan_l2tp_server srv 2 || return 1
	in_ns srv sysctl -qw net.esp_nat.alias_mode=2 || return 1
	client_connect "${three[@]}" && client_all_distinct "${three[@]}"
}

server_rekeys_ikev2() {
	client_ike_sas "${three[@]}" >"$INTEROP/before"
	swanctl_in srv --rekey --ike l2tp >&2 || return 1
	busywait 90000 client_ike_changed "${three[@]}" || return 1
	swanctl_in client2 --rekey --child l2tp >&2 || return 1
	client_work "${three[@]}"
}

# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
check "a server, a NAT that changes every port, clients" client_crew random 3 1
check "ephemeral L2TP source ports" odd_ports
check "equal L2TP tunnel ids" equal_tunnel_ids
check "host to host, ICMP and TCP" host_to_host 1
check "3 clients, IKEv2 transport, alias_mode 2" ikev2_clients
check "the server rekeys its IKE SAs" server_rekeys_ikev2
interop_end
finish
