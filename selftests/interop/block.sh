#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Why there is a block mode: where IKE is down, or refuses, xl2tpd and pppd bring
# up L2TP in clear text. With block_mode nothing of it passes, and L2TP/IPsec
# works as ever.
# shellcheck disable=SC1091,SC2016,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"

# A gateway whose IKE daemon is not started yet.
scene() {
	interop_begin
	topo_server srv wan
	topo_nat nat 198.51.100.1 random
	capture_start
	l2tp_server srv
	topo_client nat client1 11
	# All that leaves the server's port 1701, or for one, unencrypted.
	in_ns srv nft -f - <<-RULES
		table netdev leak {
			counter l2tp {}
			chain out {
				type filter hook egress device wan0 priority 500
				udp sport 1701 counter name l2tp
				udp sport != { 500, 4500 } udp dport 1701 counter name l2tp
			}
		}
	RULES
	client_boot client1 2
}

leaked() {
	in_ns srv nft list counter netdev leak l2tp |
		sed -n 's/.*packets \([0-9]*\).*/\1/p'
}

mode() { in_ns srv sysctl -qw net.esp_nat.block_mode="$1"; }

dropped() { stat_of srv "drop_block_$1"; }

# Datagrams that a socket of the server has got.
delivered() {
	in_ns srv awk '$1 == "Udp:" && $2 ~ /^[0-9]/ { print $2 }' /proc/net/snmp
}

# hang_up: no L2TP at either end, without a word. pppd outlives xl2tpd.
hang_up() {
	local name pid

	for name in client1 srv; do
		for pid in $(ip netns pids "$(ns "$name")"); do
			case $(cat "/proc/$pid/comm" 2>/dev/null) in
			xl2tpd | pppd) kill -KILL "$pid" ;;
			esac
		done
	done
	busywait 20000 no_link
}

no_link() { [ -z "$(l2tp_links client1)$(l2tp_links srv)" ]; }

pings_pass() {
	ping_all client1
	cat "$INTEROP/client1.up" "$INTEROP/client1.down"
	[ "$(cat "$INTEROP/client1.up" "$INTEROP/client1.down" | xargs)" = \
		"$PING_COUNT $PING_COUNT" ]
}

# comes_up_clear: L2TP dials without an SA, and works.
comes_up_clear() {
	capture_reset
	l2tp_dial client1
	busywait "$L2TP_PATIENCE" l2tp_is_up client1 && pings_pass || return 1
	echo "L2TP in the clear: $(capture_count l2tp) packets, $(leaked) of them the server's"
	[ "$(capture_count l2tp)" -gt 0 ] && [ "$(leaked)" -gt 0 ]
}

# A link that is up in the clear: both ends go on sending.
is_cut_off() {
	local in out clear

	in=$(dropped in) out=$(dropped out)
	mode "$1" || return 1
	clear=$(leaked)
	PING_PATIENCE=10 ping_all client1
	echo "pings: $(cat "$INTEROP/client1.up" "$INTEROP/client1.down" | xargs)," \
		"dropped in $in to $(dropped in), out $out to $(dropped out)"
	[ "$(cat "$INTEROP/client1.up" "$INTEROP/client1.down" | xargs)" = "0 0" ] &&
		[ "$(dropped in)" -gt "$in" ] && [ "$(dropped out)" -gt "$out" ] &&
		[ "$(leaked)" -eq "$clear" ]
}

dropped_more() { [ "$(dropped in)" -ge $(($1 + 3)) ]; }

# stays_down: it dials, again and again, and nobody hears it.
stays_down() {
	local before clear

	hang_up || return 1
	l2tp_server srv
	# Whatever is on its way.
	busywait 5000 false
	before=$(delivered) clear=$(leaked)
	l2tp_dial client1
	busywait 60000 dropped_more "$(dropped in)" || return 1
	echo "delivered: $(($(delivered) - before)), left: $(($(leaked) - clear))"
	! l2tp_is_up client1 && [ "$(leaked)" -eq "$clear" ] &&
		{ [ -e "$INTEROP/srv/run/charon.vici" ] ||
			[ "$(delivered)" -eq "$before" ]; }
}

# works_under_ipsec: a clean start of L2TP, IKE first.
works_under_ipsec() {
	hang_up || return 1
	l2tp_server srv
	capture_reset
	client_connect client1
}

daemon_starts() {
	strongswan_start srv && strongswan_l2tp_server srv 2
}

# Without the daemon's socket nobody takes ESP out of UDP; what leaves under an
# SA goes on leaving.
daemon_is_killed() {
	local out clear esp

	strongswan_kill srv
	out=$(dropped out) clear=$(leaked) esp=$(capture_count udpesp)
	PING_PATIENCE=10 ping_all client1
	echo "ESP: $(($(capture_count udpesp) - esp)) packets"
	[ "$(capture_count udpesp)" -gt $((esp + 2 * PING_COUNT)) ] &&
		[ "$(dropped out)" = "$out" ] && [ "$(leaked)" -eq "$clear" ] &&
		capture_is_clean
}

wrong_psk() {
	swanctl_in client1 --terminate --ike l2tp >/dev/null 2>&1
	STRONGSWAN_PSK=wrong strongswan_l2tp_client client1 2 || return 1
	! strongswan_initiate client1 l2tp
}

# --- a daemon that is late with its policy ---

# late_daemon MODE: libreswan hears of the end of Quick Mode, and installs what
# is for outbound, when L2TP has already spoken to it under the inbound SA.
late_daemon() {
	client_crew random 1 1 libreswan && mode "$1" || return 1
	# Quick Mode's third message is its only short one.
	in_ns wan nft -f - <<-RULES
		table ip late {
			chain forward {
				type filter hook forward priority 0
				udp dport 4500 @th,64,32 0 @th,240,8 32 udp length < 120 drop
			}
		}
	RULES
	client_initiate client1 && l2tp_dial client1 || return 1
	echo yes >"$INTEROP/client1.ike"
}

answered_clear() { [ "$(capture_count clear)" -ge 3 ]; }
answer_blocked() { [ "$(dropped out)" -ge 3 ]; }

comes_up_at_last() {
	in_ns wan nft delete table ip late
	busywait "$L2TP_PATIENCE" l2tp_is_up client1 || return 1
	echo yes >"$INTEROP/client1.l2tp"
	ping_all client1 && client_all_up client1
}

late_in_clear() {
	late_daemon 0 && busywait 60000 answered_clear && comes_up_at_last
}

late_blocked() {
	late_daemon 2 && busywait 60000 answer_blocked && comes_up_at_last &&
		capture_is_clean
}

NO_MODULE=1
PING_COUNT=5
# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
check "a gateway without IKE daemon, a NAT, a client" scene
check "the stock kernel: L2TP comes up in clear text" comes_up_clear
check "the module is loaded" module_load
check "block_mode 0: as on the stock kernel" pings_pass
check "block_mode 1: the link that is up is cut off, both ways" is_cut_off 1
check "block_mode 1: dialling anew, not one packet passes" stays_down
check "block_mode 1: the IKE daemon starts" daemon_starts
check "block_mode 1: L2TP/IPsec comes up" works_under_ipsec
check "block_mode 1: the daemon dies: what is under an SA still leaves" \
	daemon_is_killed
mode 0
check "the IKE daemon is back" daemon_starts
check "a wrong password: IKE is refused" wrong_psk
hang_up
l2tp_server srv
check "block_mode 0: and L2TP comes up in clear text" comes_up_clear
check "block_mode 2: the link that is up is cut off, both ways" is_cut_off 2
check "block_mode 2: dialling anew, not one packet passes" stays_down
check "block_mode 2: the right password" strongswan_l2tp_client client1 2
check "block_mode 2: L2TP/IPsec comes up" works_under_ipsec
interop_end
check "block_mode 0: a daemon late with its policy: in clear text" late_in_clear
interop_end
check "block_mode 2: the same, not one packet in the clear" late_blocked
interop_end
finish
