# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# xl2tpd and pppd, at both ends.

L2TP_SERVER=10.99.0.1

# l2tp_ppp_options: what both ends want; the addresses come from xl2tpd.
l2tp_ppp_options() {
	cat <<-OPTIONS
		noauth
		nodefaultroute
		noccp
		noipv6
		novj
		nobsdcomp
		nodeflate
		mtu 1280
		mru 1280
		lcp-echo-interval 0
		ipcp-accept-local
		ipcp-accept-remote
		debug
		logfile $1/ppp.log
	OPTIONS
}

# l2tp_server HOST: a gateway with addresses for fifty clients.
l2tp_server() {
	local dir=$INTEROP/$1

	l2tp_ppp_options "$dir" >"$dir/ppp.options"
	cat >"$dir/xl2tpd.conf" <<-CONF
		[global]
		port = 1701
		[lns default]
		ip range = 10.99.0.10-10.99.0.59
		local ip = $L2TP_SERVER
		require authentication = no
		pppoptfile = $dir/ppp.options
		length bit = yes
	CONF
	l2tp_start "$1"
}

# l2tp_dial HOST: a client that dials the server at once.
l2tp_dial() {
	local dir=$INTEROP/$1

	l2tp_ppp_options "$dir" >"$dir/ppp.options"
	cat >"$dir/xl2tpd.conf" <<-CONF
		[global]
		port = $(cat "$dir/port")
		[lac server]
		lns = $SRV
		autodial = yes
		redial = yes
		redial timeout = 3
		max redials = 100
		require authentication = no
		pppoptfile = $dir/ppp.options
		length bit = yes
	CONF
	l2tp_start "$1"
}

l2tp_start() {
	local dir=$INTEROP/$1

	: >"$dir/l2tp-secrets"
	mkdir -p "$dir/run/xl2tpd"
	host_start "$1" xl2tpd.log xl2tpd -D -c "$dir/xl2tpd.conf" \
		-s "$dir/l2tp-secrets" -p /run/xl2tpd.pid \
		-C /run/xl2tpd/l2tp-control
}

# l2tp_links HOST: a line for each ppp link, "DEVICE ADDRESS PEER"
l2tp_links() {
	local device address peer

	while read -r _ device _ address _ peer _; do
		case $device in
		ppp*) echo "$device $address ${peer%/*}" ;;
		esac
	done < <(ip -n "$(ns "$1")" -4 -o address show 2>/dev/null)
}

# l2tp_address HOST: the address of its ppp link, nothing while it is down.
l2tp_address() {
	local address

	read -r _ address _ < <(l2tp_links "$1") && echo "$address"
}

# l2tp_server_device ADDRESS: the server's ppp device towards it.
l2tp_server_device() {
	local device peer

	while read -r device _ peer; do
		[ "$peer" != "$1" ] || echo "$device"
	done < <(l2tp_links srv)
}

l2tp_server_let_go() { [ -z "$(l2tp_server_device "$1")" ]; }

# l2tp_is_up HOST: both ends have the link.
l2tp_is_up() {
	local address

	address=$(l2tp_address "$1")
	[ -n "$address" ] && [ -n "$(l2tp_server_device "$address")" ]
}

# l2tp_hangup HOST: an orderly end, with StopCCN. When this returns, its daemons have
# sent all that they will: pppd outlives xl2tpd, and says good-bye by its own.
l2tp_hangup() {
	kill -TERM "$(cat "$INTEROP/$1/run/xl2tpd.pid")" 2>/dev/null
	busywait 10000 l2tp_is_gone "$1"
}

l2tp_is_gone() {
	local pid

	for pid in $(ip netns pids "$(ns "$1")"); do
		case $(cat "/proc/$pid/comm" 2>/dev/null) in
		xl2tpd | pppd) return 1 ;;
		esac
	done
	[ -z "$(l2tp_address "$1")" ]
}
