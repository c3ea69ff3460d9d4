#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Who worked on the stock kernel sees no difference: exactly one client behind
# a NAT, at its first dial; a client that is up while the module is loaded; a
# NAT that forgot, where strongSwan follows by itself; a daemon that restarts.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"

# What xfrm has on the server, without what differs from dial to dial.
xfrm_of_server() {
	ip -n "$(ns srv)" xfrm state |
		sed -E '/anti-replay|seq-num|oseq|lastused/d; s/0x[0-9a-f]{6,}/X/g; s/reqid [0-9]+/reqid N/'
	ip -n "$(ns srv)" xfrm policy |
		sed -E 's/0x[0-9a-f]{6,}/X/g; s/reqid [0-9]+/reqid N/'
}

stock_first_client() {
	client_connect client1 || return 1
	xfrm_of_server >"$STOCK"
	grep -q 'encap type espinudp' "$STOCK"
}

same_with_module() {
	client_connect client1 || return 1
	diff -u "$STOCK" <(xfrm_of_server) && client_has_own client1
}

loaded_into_running_gateway() {
	module_load && client_work client1
}

second_after_load() {
	client_dial client2
	client_work client1 client2 && client_has_own client1 &&
		client_has_alias client2
}

# The NAT loses its table and gives another port to the flow; whatever the
# client sends then tells the server.
follows_a_nat_that_forgot() {
	local before

	before=$(server_encap_ports)
	nat_forget nat
	busywait 60000 in_ns client1 ping -n -c 1 -W 2 -I "$(l2tp_address client1)" \
		"$L2TP_SERVER" >/dev/null ||
		return 1
	client_work client1 || return 1
	echo "ports before: $before, after: $(server_encap_ports)"
	in_ns nat conntrack -L -p udp --orig-port-dst 4500 2>/dev/null
}

server_encap_ports() {
	ip -n "$(ns srv)" xfrm state | sed -n 's/.*espinudp sport \([0-9]*\) dport \([0-9]*\).*/\1>\2/p' | xargs
}

daemon_restarts() {
	strongswan_stop srv
	strongswan_start srv && strongswan_l2tp_server srv 1 || return 1
	client_redial client1 && client_redial client2 || return 1
	# While it is down, and as long as it then ends its old tunnels, the
	# L2TP daemon speaks in the clear to who had its own address, as
	# without the module; to an alias nothing leaves.
	ping_all client1 client2
	client_all_up client1 client2 && [ "$(capture_count alias)" = 0 ]
}

client_redial() {
	l2tp_hangup "$1" || return 1
	swanctl_in "$1" --terminate --ike l2tp >/dev/null 2>&1
	client_dial "$1"
}

STOCK=$(mktemp)
at_exit rm -f "$STOCK"
NO_MODULE=1
# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
check "a server, a NAT, clients, no module" client_crew preserving 2 1
check "one client on the stock kernel" stock_first_client
check "the module is loaded under it" loaded_into_running_gateway
check "a second client after that" second_after_load
interop_end
check "the same with the module" client_crew preserving 2 1
check "one client: xfrm state and policy are the same" same_with_module
interop_end
check "a NAT that gives random ports" client_crew random 2 1
check "one client behind it" client_connect client1
check "the NAT forgets: the server follows" follows_a_nat_that_forgot
check "a second client" second_after_load
check "the IKE daemon restarts: both dial again" daemon_restarts
interop_end
finish
