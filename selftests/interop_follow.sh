#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# NATs forget and change their address under clients of real daemons: replies go
# where each client's next packet comes from, TCP goes on, the daemons and xfrm
# see nothing of it. libreswan without the module loses such a client for good.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/interop/lib.sh"

# crew DAEMON: that one and xl2tpd, a NAT that gives random ports, two clients.
crew() {
	client_crew random 2 1 "$1" &&
		host_start server talk.log "$INTEROP_PATH/talk.py" serve 7777
}

two_dial() {
	client_dial client1
	client_dial client2
	client_work client1 client2 && client_has_own client1 &&
		client_has_alias client2 && talk_open client1 client2
}

# An open TCP connection through L2TP of each client.
talk_open() {
	local name

	for name; do
		mkfifo "$INTEROP/$name/say"
		host_start "$name" talk.log "$INTEROP_PATH/talk.py" hold \
			"$L2TP_SERVER" 7777 "$INTEROP/$name/say" \
			"$INTEROP/$name/heard"
	done
	talk "$@"
}

talk() {
	local name before

	for name; do
		before=$(talk_heard "$name")
		# shellcheck disable=SC2016
		timeout 10 sh -c 'echo word >"$1"' sh "$INTEROP/$name/say"
		poll 60 talk_answered "$name" "$before" || return 1
	done
}

talk_heard() { grep -c word "$INTEROP/$1/heard" 2>/dev/null || :; }

talk_answered() { [ "$(talk_heard "$1")" -gt "${2:-0}" ]; }

# What xfrm has on the server, without what packets change.
xfrm_state() {
	ip -n "$NS-server" xfrm state |
		sed -E '/anti-replay|lastused|seq-hi|^[[:space:]]+([0-9a-f]{8} ?)+$/d'
}

# The NAT has changed; each client sends, and may lose one packet.
next_packet() {
	local name i

	for name; do
		for i in 1 2; do
			host "$name" ping -n -c 1 -W 10 \
				-I "$(l2tp_address "$name")" "$L2TP_SERVER" \
				>/dev/null && continue 2
		done
		return 1
	done
}

# follow COMMAND...: all go on after it, and xfrm has not changed.
follow() {
	local before moved

	before=$(xfrm_state)
	moved=$(stat_of "$NS-server" ctx_moved)
	"$@" && next_packet client1 client2 && client_work client1 client2 &&
		talk client1 client2 || return 1
	[ "$(stat_of "$NS-server" ctx_moved)" -ge $((moved + 2)) ] &&
		diff <(echo "$before") <(xfrm_state)
}

# renumber FROM TO: the NAT's public address, its last byte.
renumber() {
	ip -n "$NS-nat" address del "198.51.100.$1/24" dev wan
	ip -n "$NS-nat" address add "198.51.100.$2/24" dev wan
	ip -n "$NS-nat" route replace default via 198.51.100.254
	nat_forget nat
}

# Another kind of NAT takes its place.
keep_ports() {
	host nat nft delete table ip nat && nat_rules nat preserve 198.51.100.77 &&
		nat_forget nat
}

# The same NAT without the module, one client.
dark() {
	client_dial client1
	client_work client1 || return 1
	nat_forget nat
	! next_packet client1
}

NO_MODULE=1
# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
check "libreswan, a NAT that gives random ports, no module" crew libreswan
check "the NAT forgets: the client is dark for good" dark
interop_end
check "the module is loaded" module_load
for server in strongswan libreswan; do
	check "$server, a NAT that gives random ports, clients" \
		crew $server
	check "two clients" two_dial
	check "the NAT forgets: other ports" follow nat_forget nat
	check "another address and other ports" follow renumber 1 77
	check "the NAT keeps ports from now on: other ports" follow keep_ports
	check "another address, the same ports" follow renumber 77 1
	interop_save
	interop_end
done
finish
