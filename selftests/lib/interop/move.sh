# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# NATs that change under their clients, and clients that are followed.

# What shows that clients work, in both directions: client_work or tunnel_ping.
MOVE_WORK=client_work

# What xfrm has on the server, without what packets change.
xfrm_state() {
	ip -n "$(ns srv)" xfrm state |
		sed -E '/anti-replay|lastused|seq-hi|^[[:space:]]+([0-9a-f]{8} ?)+$/d'
}

# next_packet CLIENT...: the NAT has changed; each sends, and may lose one packet.
next_packet() {
	local name address server

	for name; do
		read -r address server < <(client_inside "$name") || return 1
		for _ in 1 2; do
			in_ns "$name" ping -n -c 1 -W 10 -I "$address" "$server" \
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
	moved=$(stat_of srv ctx_moved)
	"$@" && next_packet client1 client2 &&
		"$MOVE_WORK" client1 client2 && talk client1 client2 || return 1
	[ "$(stat_of srv ctx_moved)" -ge $((moved + 2)) ] &&
		diff <(echo "$before") <(xfrm_state)
}

# Another kind of NAT takes its place.
keep_ports() {
	in_ns nat nft delete table ip nat && nat_rules nat preserving "${OUTSIDE[nat]}" &&
		nat_forget nat
}
