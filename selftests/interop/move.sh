# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# NATs that change under their clients, and clients that are followed.

# What shows that clients work, in both directions: client_work or tunnel_ping.
MOVE_WORK=client_work

# What xfrm has on the server, without what packets change.
xfrm_state() {
	ip -n "$NS-server" xfrm state |
		sed -E '/anti-replay|lastused|seq-hi|^[[:space:]]+([0-9a-f]{8} ?)+$/d'
}

# next_packet CLIENT...: the NAT has changed; each sends, and may lose one packet.
next_packet() {
	local name address server

	for name; do
		read -r address server < <(client_inside "$name") || return 1
		for _ in 1 2; do
			host "$name" ping -n -c 1 -W 10 -I "$address" "$server" \
				>/dev/null && continue 2
		done
		return 1
	done
}

# follow COMMAND...: client1 and client2 go on after it, so do their
# connections, and xfrm has not changed.
follow() {
	local before moved

	before=$(xfrm_state)
	moved=$(stat_of "$NS-server" ctx_moved)
	"$@" && next_packet client1 client2 &&
		"$MOVE_WORK" client1 client2 && talk client1 client2 || return 1
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

# Another kind of NAT takes its place, at 198.51.100.77.
keep_ports() {
	host nat nft delete table ip nat && nat_rules nat preserve 198.51.100.77 &&
		nat_forget nat
}
