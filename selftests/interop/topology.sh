# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Hosts (a network namespace each) and the wires between them.
#
#	server 203.0.113.1 --- inet --- 198.51.100.n nat --- 192.168.1.10+n client
#	                         |
#	                         +----- 198.51.100.n client that has no NAT
#
# The server reaches everybody by its default route, as a gateway does. It may
# itself be behind a NAT,
#
#	server 10.2.0.2 --- 10.2.0.1 gate 203.0.113.1 --- inet
#
# which hands on what comes to UDP ports 500 and 4500, and nothing else.

# What clients dial, and the address that the server itself has.
SERVER=203.0.113.1
SERVER_HOME=$SERVER

# Progress goes where KTAP calls it a comment.
note() {
	printf '# %4d s  %s\n' "$SECONDS" "$*" >&2
}

# poll SECONDS COMMAND...: true as soon as COMMAND is, false after SECONDS.
poll() {
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		# Waits without a process: those are dear in an emulator.
		read -r -t 0.2 -u 8 || :
	done
}

# interop_begin: a directory and a name prefix of our own, removed at the end.
# Namespaces are called $NS-HOST.
interop_begin() {
	INTEROP=$(mktemp -d /tmp/interop.XXXXXX)
	NS=${INTEROP##*.}
	HOSTS=()
	if declare -F at_exit >/dev/null; then
		at_exit interop_end
	else
		trap interop_end EXIT
	fi
	# Mount namespaces can be kept only on a mount that is not shared.
	mount --bind "$INTEROP" "$INTEROP"
	mount --make-private "$INTEROP"
	mkfifo "$INTEROP/never"
	exec 8<>"$INTEROP/never"
}

# interop_end: no process, namespace or file of this scenario outlives it; the
# logs are kept.
interop_end() {
	[ -n "${INTEROP:-}" ] || return 0
	interop_save
	topology_end
	exec 8>&-
	umount "$INTEROP"
	rm -rf "$INTEROP"
	INTEROP=
}

# interop_save: the daemons' logs, where the runner takes them along, in one file:
# that is soon written.
interop_save() {
	[ -n "${RESULTS:-}" ] || return 0
	tar -C "$INTEROP" -czf "$RESULTS/$(basename "$0" .sh)-$NS.tar.gz" \
		--warning=no-file-changed \
		--exclude=run --exclude=nss --exclude='*.mnt' --exclude=go \
		--exclude=say --exclude=never .
}

# host HOST COMMAND...: run it there, with the host's own /run and /etc/ppp.
host() {
	local name=$1

	shift
	nsenter --net="/run/netns/$NS-$name" --mount="$INTEROP/$name.mnt" -- "$@"
}

# host_start HOST LOG COMMAND...: the same in the background.
host_start() {
	local name=$1 log=$INTEROP/$1/$2

	shift 2
	host "$name" "$@" </dev/null >>"$log" 2>&1 &
}

# host_add HOST: a network namespace, and a mount namespace.
host_add() {
	local name=$1

	mkdir -p "$INTEROP/$name/run" "$INTEROP/$name/ppp"
	: >"$INTEROP/$name/ppp/options"
	: >"$INTEROP/$name.mnt"
	ip netns add "$NS-$name"
	# shellcheck disable=SC2016
	unshare --mount="$INTEROP/$name.mnt" nsenter --net="/run/netns/$NS-$name" /bin/sh -c '
		ip link set lo up &&
		mount -t sysfs sysfs /sys &&
		mount --bind "$1/run" /run &&
		mount --bind "$1/ppp" /etc/ppp' sh "$INTEROP/$name"
	HOSTS+=("$name")
}

# host_stop HOST: kill everything that runs there, as a power cut would.
host_stop() {
	poll 10 host_is_idle "$1" || note "$1: processes outlive SIGKILL"
}

# host_is_idle HOST: kills what it finds.
host_is_idle() {
	local pids

	pids=$(ip netns pids "$NS-$1" 2>/dev/null)
	[ -n "$pids" ] || return 0
	# shellcheck disable=SC2086
	kill -KILL $pids 2>/dev/null || :
	return 1
}

# topology_end: every host goes.
topology_end() {
	local name

	for name in "${HOSTS[@]}"; do
		host_stop "$name"
		umount "$INTEROP/$name.mnt" 2>/dev/null || :
		ip netns del "$NS-$name" 2>/dev/null || :
		rm -rf "${INTEROP:?}/$name"
	done
	HOSTS=()
}

# wire HOST DEVICE HOST DEVICE: a cable between two hosts.
wire() {
	ip link add "$2" netns "$NS-$1" type veth \
		peer name "$4" netns "$NS-$3"
}

# topology_gateway: the server and the network between it and everybody.
topology_gateway() {
	SERVER_HOME=$SERVER
	host_add server
	topology_inet server eth0
}

# topology_hidden_gateway: the same, the server behind a NAT.
topology_hidden_gateway() {
	SERVER_HOME=10.2.0.2
	host_add gate
	topology_inet gate wan
	topology_lan gate 10.2.0
	host_add server
	topology_plug server eth0 gate "$SERVER_HOME" 10.2.0.1
	nat_load gate "oifname wan masquerade"
	nat_forward gate "$SERVER_HOME"
}

# topology_inet HOST DEVICE: HOST has the address that clients dial.
topology_inet() {
	host_add inet
	wire "$1" "$2" inet server
	ip -n "$NS-$1" -batch - <<-END
		link set $2 up
		address add $SERVER/24 dev $2
		route add default via 203.0.113.254
	END
	ip -n "$NS-inet" -batch - <<-END
		link set server up
		address add 203.0.113.254/24 dev server
		link add public type bridge
		link set public up
		address add 198.51.100.254/24 dev public
	END
	host inet sysctl -qw net.ipv4.ip_forward=1
}

# topology_public HOST N: a host with the public address 198.51.100.N.
topology_public() {
	wire "$1" wan inet "$1"
	ip -n "$NS-inet" link set "$1" master public up
	ip -n "$NS-$1" -batch - <<-END
		link set wan up
		address add 198.51.100.$2/24 dev wan
		route add default via 198.51.100.254
	END
}

# topology_nat NAT N KIND: a NAT with the public address 198.51.100.N.
topology_nat() {
	host_add "$1"
	topology_public "$1" "$2"
	topology_lan "$1" 192.168.1
	nat_rules "$1" "$3" "198.51.100.$2"
}

# topology_inner_nat NAT N KIND OUTER: a NAT that is itself behind OUTER.
topology_inner_nat() {
	host_add "$1"
	topology_plug "$1" wan "$4" "192.168.1.$2" 192.168.1.1
	topology_lan "$1" 192.168.2
	nat_rules "$1" "$3" "192.168.1.$2"
}

# topology_plug HOST DEVICE NAT ADDRESS GATEWAY: into the NAT's private network.
topology_plug() {
	wire "$1" "$2" "$3" "$1"
	ip -n "$NS-$3" link set "$1" master lan up
	ip -n "$NS-$1" -batch - <<-END
		link set $2 up
		address add $4/24 dev $2
		route add default via $5
	END
}

# topology_lan HOST PREFIX: the private network behind it.
topology_lan() {
	ip -n "$NS-$1" -batch - <<-END
		link add lan type bridge
		link set lan up
		address add $2.1/24 dev lan
	END
	echo "$2" >"$INTEROP/$1/lan"
	host "$1" sysctl -qw net.ipv4.ip_forward=1
}

# topology_client CLIENT NAT N: private address .10+N behind NAT.
topology_client() {
	local prefix

	prefix=$(<"$INTEROP/$2/lan")
	host_add "$1"
	topology_plug "$1" eth0 "$2" "$prefix.$((10 + $3))" "$prefix.1"
	echo "$prefix.$((10 + $3))" >"$INTEROP/$1/address"
}

# topology_public_client CLIENT N: a client without NAT.
topology_public_client() {
	host_add "$1"
	topology_public "$1" "$2"
	echo "198.51.100.$2" >"$INTEROP/$1/address"
}
