#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# One measurement: N clients behind one NAT dial an L2TP/IPsec server at the
# same time and ping through it, both ways. Runs inside the virtual machine.
#
#	scene.sh CLIENTS strongswan|libreswan RESULT
#
# RESULT gets a line for each client,
#	NAME IKE L2TP UP DOWN SEEN_AS CLEAR
# and two more: "pings N", how many were sent, and "clear N", the packets that
# the server's wire carried unprotected.
set -u

clients=$1
ike=$2
result=$3

# shellcheck disable=SC1091
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck disable=SC1091
. "$(dirname "$0")/../lib/interop.sh"

# shellcheck disable=SC2034
L2TP_PATIENCE=$((1000 * (30 + 8 * clients)))

# Counted in the NAT, which alone can tell whose a packet is.
scene_clear_counters() {
	local name

	echo "table ip clear {"
	for name in "${names[@]}"; do
		echo "counter $name {}"
	done
	echo "chain forward {"
	echo "type filter hook forward priority 0"
	echo "udp sport { 500, 4500 } return"
	echo "udp dport { 500, 4500 } return"
	echo "ip protocol esp return"
	echo "icmp type destination-unreachable return"
	for name in "${names[@]}"; do
		echo "ip saddr ${ADDR[$name]} counter name $name"
		echo "ip daddr ${ADDR[$name]} counter name $name"
	done
	echo "}"
	echo "}"
}

scene_clear_of() {
	in_ns nat nft list counter ip clear "$1" |
		sed -n 's/.*packets \([0-9]*\).*/\1/p'
}

scene_server() {
	case $ike in
	strongswan)
		strongswan_start srv && strongswan_l2tp_server srv 1
		;;
	libreswan)
		libreswan_start srv && libreswan_l2tp_server srv 1
		;;
	*)
		false
		;;
	esac
}

scene_client() {
	strongswan_start "client$1"
	strongswan_l2tp_client "client$1" 1
}

scene_setup() {
	local i starts=()

	daemons_install || return 1
	interop_begin
	topo_server srv wan
	topo_nat nat 198.51.100.1 preserving
	capture_start
	scene_server || { note "the server did not start"; return 1; }
	l2tp_server srv
	note "the server is ready ($ike, xl2tpd)"
	names=()
	for i in $(seq "$clients"); do
		names+=("client$i")
		topo_client nat "client$i" $((10 + i)) || return 1
		scene_client "$i" &
		starts+=($!)
	done
	for i in "${starts[@]}"; do
		wait "$i" || { note "a client did not start"; return 1; }
	done
	scene_clear_counters | in_ns nat nft -f -
	note "$clients clients behind one NAT are ready and dial now"
}

scene_report() {
	local name

	for name in "${names[@]}"; do
		echo "$name" "$(cat "$INTEROP/$name.ike")" \
			"$(cat "$INTEROP/$name.l2tp")" \
			"$(cat "$INTEROP/$name.up")" \
			"$(cat "$INTEROP/$name.down")" \
			"$(cat "$INTEROP/$name.seen")" \
			"$(scene_clear_of "$name")"
	done
	echo "pings $PING_COUNT"
	echo "clear $(capture_count clear)"
}

# What espnat says of the server, as a user would see it; after a little traffic,
# so that there is something to sort by.
scene_espnat() {
	local tool=${ESP_NAT_TOP:-$SELFTESTS/..}/build/tools/espnat words

	if [ ! -d /sys/module/esp_nat ] || [ ! -x "$tool" ]; then
		return 0
	fi
	for words in "" "context show" "stats" "diag"; do
		printf '\n# espnat%s\n' "${words:+ $words}"
		# shellcheck disable=SC2086 # words on purpose
		in_ns srv "$tool" $words 2>&1
	done
	printf '\n# espnat top -b 1\n'
	ping_all "${names[@]}" &
	in_ns srv "$tool" top -b 1
	wait $!
}

names=()
scene_setup || exit 1
client_dial_all "${names[@]}"
for name in "${names[@]}"; do
	seen=$(client_seen_as "$name")
	echo "${seen:--}" >"$INTEROP/$name.seen"
done
note "everybody pings, $PING_COUNT times, both ways, at the same time"
ping_all "${names[@]}"
scene_report >"$result"
scene_espnat >"$result.espnat"
