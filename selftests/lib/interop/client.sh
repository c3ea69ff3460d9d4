# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# L2TP/IPsec clients that dial, all at the same time, and what became of them.

# client_crew KIND COUNT VERSION [DAEMON [GATEWAY]]: an IKE daemon (strongswan)
# and xl2tpd as the server (or as a hidden_server), a NAT of that kind, and
# client1.. behind it, ready to dial.
client_crew() {
	local i crew=() daemon=${4:-strongswan}

	interop_begin
	"topo_${5:-server}" srv wan
	topo_nat nat 198.51.100.1 "$1"
	capture_start
	"${daemon}_start" srv && "${daemon}_l2tp_server" srv "$3" ||
		return 1
	l2tp_server srv
	for i in $(seq "$2"); do
		topo_client nat "client$i" $((10 + i))
		crew+=("client$i")
	done
	client_boot_all "$3" "${crew[@]}"
}

# client_spi_out HOST: the SPI of its newest SA towards the server.
client_spi_out() {
	ip -n "$(ns "$1")" xfrm state 2>/dev/null |
		sed -n "/^src .* dst ${SRV//./\\.}\$/{n;s/.* spi \(0x[0-9a-f]*\) .*/\1/p}" |
		head -n 1
}

# client_seen_as HOST: the address under which the server knows it, told by
# the SPI so that it works with every daemon.
client_seen_as() {
	local spi

	spi=$(client_spi_out "$1")
	[ -n "$spi" ] || return 0
	ip -n "$(ns srv)" xfrm state 2>/dev/null |
		sed -n "/^src /{h;n;/ spi $spi /{x;s/^src \([^ ]*\) .*/\1/p}}" |
		head -n 1
}

# client_inside HOST: its address in the tunnel, and the server's.
client_inside() {
	local address

	address=$(l2tp_address "$1")
	if [ -n "$address" ]; then
		echo "$address $L2TP_SERVER"
	else
		address=$(tunnel_inner "$1")
		[ -z "$address" ] || echo "$address 10.50.0.1"
	fi
}

# client_initiate HOST: by the daemon that it has.
client_initiate() {
	if [ -e "$INTEROP/$1/ipsec.conf" ]; then
		libreswan_initiate "$1"
	else
		strongswan_initiate "$1" l2tp
	fi
}

# client_dial HOST: IKE, then L2TP whether or not IKE came up, as a
# client without block mode does. Results: $INTEROP/HOST.ike and .l2tp
client_dial() {
	client_dial_ike "$1" || :
	client_dial_l2tp "$1"
}

# client_dial_ike HOST
client_dial_ike() {
	local name=$1 since=$SECONDS

	echo no >"$INTEROP/$name.ike"
	echo no >"$INTEROP/$name.l2tp"
	client_initiate "$name" || {
		note "$name: IKE failed after $((SECONDS - since)) s"
		return 1
	}
	echo yes >"$INTEROP/$name.ike"
	note "$name: IKE up after $((SECONDS - since)) s"
}

# client_dial_l2tp HOST: afterwards.
client_dial_l2tp() {
	local name=$1 since=$SECONDS

	l2tp_dial "$name"
	busywait "$L2TP_PATIENCE" l2tp_is_up "$name" || {
		note "$name: no L2TP after $((SECONDS - since)) s"
		return
	}
	echo yes >"$INTEROP/$name.l2tp"
	note "$name: L2TP up after $((SECONDS - since)) s, its address is $(l2tp_address "$name")"
}

# client_dial_all CLIENT...: in parallel.
client_dial_all() {
	local name dials=()

	for name; do
		client_dial "$name" &
		dials+=($!)
	done
	wait "${dials[@]}"
}

# client_hangup HOST: an orderly end, with StopCCN and DELETE. L2TP ends at both ends
# before the SA does: what either says last is not in the clear.
client_hangup() {
	local address

	address=$(l2tp_address "$1")
	l2tp_hangup "$1" || return 1
	[ -z "$address" ] || busywait 10000 l2tp_server_let_go "$address" ||
		note "$1: the server keeps its link"
	swanctl_in "$1" --terminate --ike l2tp >>"$INTEROP/$1/swanctl.out" 2>&1
}

# client_boot HOST VERSION [PORT]: its daemon, from nothing; also after a crash
# (host_stop HOST).
client_boot() {
	rm -f "$INTEROP/$1/run/charon.pid" "$INTEROP/$1/run/charon.vici"
	strongswan_start "$1" &&
		strongswan_l2tp_client "$1" "$2" "${3:-1701}"
}

# client_boot_libreswan HOST VERSION [OPTIONS]
client_boot_libreswan() {
	libreswan_start "$1" && libreswan_l2tp_client "$@"
}

# client_boot_all VERSION CLIENT...: in parallel.
client_boot_all() {
	local version=$1 name boots=()

	shift
	for name; do
		client_boot "$name" "$version" &
		boots+=($!)
	done
	host_wait "${boots[@]}"
}

# client_work CLIENT...: all of these are up, at the same time, both ways, and
# the wire past the NAT has carried nothing in the clear so far.
client_work() {
	ping_all "$@"
	client_all_up "$@" && capture_is_clean
}

# client_connect CLIENT...: they dial at the same time, and work.
client_connect() {
	client_dial_all "$@"
	client_work "$@"
}

# client_has_alias, client_has_own HOST: how the server knows it.
client_has_alias() {
	[[ $(client_seen_as "$1") == 198.1[89].* ]]
}

client_has_own() {
	[[ $(client_seen_as "$1") == 198.51.100.* ]]
}

# client_hangup_all CLIENT...
client_hangup_all() {
	local name good=true

	for name; do
		client_hangup "$name" || good=false
	done
	$good
}

# client_ike_sas CLIENT...: the initiator's cookie of what each has established.
client_ike_sas() {
	local name

	for name; do
		swanctl_in "$name" --list-sas --raw 2>/dev/null | tr ' ' '\n' |
			sed -n "s/^initiator-spi=/$name /p"
	done | sort
}

# Each of them has an IKE SA that it had not before.
client_ike_changed() {
	local name

	client_ike_sas "$@" >"$INTEROP/after"
	for name; do
		comm -13 "$INTEROP/before" "$INTEROP/after" | grep -q "^$name " ||
			return 1
	done
}

# client_all_distinct CLIENT...: no two have the same address at the server.
client_all_distinct() {
	local name seen=()

	for name; do
		seen+=("$(client_seen_as "$name")")
	done
	printf '%s\n' "${seen[@]}" >&2
	[ "$(printf '%s\n' "${seen[@]}" | sort -u | grep -c .)" -eq $# ]
}

# client_all_up CLIENT...: IKE, L2TP and every single ping, for all of them,
# measured by the last client_dial_all and ping_all.
client_all_up() {
	local name good=true

	for name; do
		client_is_up "$name" || {
			note "$name: $(client_report "$name")"
			good=false
		}
	done
	$good
}

client_is_up() {
	[ "$(cat "$INTEROP/$1.ike" "$INTEROP/$1.l2tp" "$INTEROP/$1.up" "$INTEROP/$1.down" | xargs)" = \
		"yes yes $PING_COUNT $PING_COUNT" ]
}

client_report() {
	echo "IKE $(cat "$INTEROP/$1.ike"), L2TP $(cat "$INTEROP/$1.l2tp")," \
		"pings $(cat "$INTEROP/$1.up") up $(cat "$INTEROP/$1.down") down," \
		"lost $(ping_lost "$INTEROP/$1.up") up $(ping_lost "$INTEROP/$1.down") down"
}

# How long L2TP may take, in milliseconds; many clients share two emulated processors.
L2TP_PATIENCE=150000
