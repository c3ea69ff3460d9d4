# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# The topology of all tests, manual SAs' and daemons'; sourced by sa.sh and
# interop.sh.
#
#   clients         10.1.0.0/16                    198.51.100.0/24
#   c1 .11 --+                                        |
#   c2 .12 --+-- br0 .0.1 [nat] out .1 ---------------+
#   c3 .13 --+                                        |
#                                                     +-- pub .254 [wan] srv0 ---- wan0 [srv]
#   c1 .11 ----- br0 .0.1 [natb] out .3 --------------+        203.0.113.254      203.0.113.1
#   (behind a second NAT, same addresses)             |
#   d1 .101 (not behind NAT) -------------------------+
#
# A NAT behind a NAT (topo_nat NAME ADDR KIND OTHER) hangs off OTHER's br0 and has
# 10.2.0.0/16 inside. The server may itself be behind a NAT, which hands on UDP
# ports 500 and 4500 and nothing else:
#
#   [wan] srv0 ---- wan0 203.0.113.1 [gate] br0 10.3.0.1 ---- wan0 10.3.0.2 [srv]
#
# IPv6 is beside that (topo6, topo_client6), with numbers of hosts the same:
#
#   c1 ::11 ---- fd00:1::1 [nat] 2001:db8:3::2 ---- 2001:db8:3::1 [wan] 2001:db8:2::fe ---- [srv]
#   d1 2001:db8:3::101 ----------------------------------+                        2001:db8:2::1
#
# The namespace of host x is called $T-x, T being random. The stage (stage.sh)
# makes namespaces and writes sysctls, for which processes would be dear.

# What clients dial, and the address that the server itself has.
SRV=203.0.113.1
SRV_HOME=$SRV
SRV6=2001:db8:2::1
# The address of the NAT that most tests have, and the next, for one that has two.
P=198.51.100.1
P2=198.51.100.2
P6=2001:db8:3::2

declare -A NS=() ADDR=() ADDR6=() ID=() GEN=() NAT_OF=() SERVER_OF=()
declare -A NET=() OUTSIDE=() KIND=()
SERVER=srv
NEXT_ID=0

# What those who source this do more: with a new host, with one that is to go,
# with a new client.
host_ready() { :; }
host_gone() { :; }
client_ready() { :; }

# topo_begin: an empty topology, with names of its own, gone at exit.
topo_begin()
{
	T=en$$x$RANDOM
	NS=() ADDR=() ADDR6=() ID=() GEN=() NAT_OF=() SERVER_OF=()
	NET=() OUTSIDE=() KIND=()
	NEXT_ID=0 SRV_HOME=$SRV
	if ! stage_runs; then
		at_exit topo_end
		# Loads xfrm_user, without which no socket may have a policy.
		ip xfrm state count >/dev/null
		stage_start
	fi
}

# topo_new: the same with a server.
topo_new()
{
	topo_begin
	topo_server srv wan
}

# setup_ns HOST...: their namespaces.
setup_ns()
{
	local name names=''
	for name; do
		names+=,$T-$name
	done
	stage netns add="${names#,}" || return 1
	for name; do
		host_ready "$name" || return 1
	done
}

# topo_server SERVER WAN: a server with its internet.
topo_server()
{
	setup_ns "$1" "$2" && topo_cable "$1" "$2" && topo_internet "$1" "$2"
}

# topo_hidden_server SERVER WAN: the same, the server behind a NAT called gate.
topo_hidden_server()
{
	setup_ns "$1" "$2" gate && topo_cable gate "$2" || return 1
	SRV_HOME=10.3.0.2
	topo_lan gate 10.3 24
	topo_plug "$1" wan0 "$T-gate" br0
	ip -n "$T-$1" -batch - <<-END
		link set lo up
		addr add $SRV_HOME/24 dev wan0
		link set wan0 up
		route add default via 10.3.0.1
	END
	nat_load gate 'oifname wan0 masquerade'
	in_ns gate nft -f - <<-END
		table ip forward {
			chain pre {
				type nat hook prerouting priority -100
				iifname wan0 udp dport { 500, 4500 } dnat to $SRV_HOME
			}
		}
	END
	topo_internet "$1" "$2"
}

topo_internet()
{
	ip -n "$T-$2" -batch - <<-END
		link set lo up
		link add pub address 02:00:00:00:00:02 type bridge
		addr add 198.51.100.254/24 dev pub
		link set pub up
	END
	stage sysctls ns="$T-$2" net.ipv4.ip_forward=1 \
		net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.all.send_redirects=0
	stage sysctls ns="$T-$1" net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.wan0.rp_filter=0 \
		net.ipv4.icmp_ratelimit=0
	SERVER=$1 WAN=$2
}

# topo_cable SERVER WAN: what is between them; also again, when it was deleted.
topo_cable()
{
	ip -n "$T-$1" -batch - <<-END &&
		link set lo up
		link add wan0 type veth peer name srv0 netns $T-$2
		addr add $SRV/24 dev wan0
		link set wan0 up
		route add default via 203.0.113.254
	END
	ip -n "$T-$2" -batch - <<-END
		addr add 203.0.113.254/24 dev srv0
		link set srv0 up
	END
}

# topo_plug NAME DEVICE NAMESPACE BRIDGE: a cable from its DEVICE to a bridge.
topo_plug()
{
	ip -n "$3" -batch - <<-END
		link add $1 type veth peer name $2 netns $T-$1
		link set $1 master $4 up
	END
}

# topo_lan NAME NET [BITS]: it is the router of NET.0.0, by br0.
topo_lan()
{
	ip -n "$T-$1" -batch - <<-END
		link add br0 address 02:00:00:00:00:01 type bridge
		addr add $2.0.1/${3:-16} dev br0
		link set br0 up
	END
	stage sysctls ns="$T-$1" net.ipv4.ip_forward=1 \
		net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.all.send_redirects=0 \
		net.ipv4.icmp_ratelimit=0
}

# topo_nat NAME ADDR KIND [OUTER]: a NAT (nat.sh) with ADDR outside and NET.0.1
# inside; NET is LAN or 10.1, or 10.2 for one behind another; OUTER is the NAT it
# hangs off.
topo_nat()
{
	local n=$T-$1 outer=${4:-} gw=198.51.100.254 mask=24 net=${LAN:-10.1}
	NS[$1]=$n
	setup_ns "$1" || return 1
	if [ -n "$outer" ]; then
		gw=10.1.0.1 mask=16 net=10.2
		topo_plug "$1" out "${NS[$outer]}" br0
	else
		topo_plug "$1" out "$T-$WAN" pub
	fi
	NET[$1]=$net OUTSIDE[$1]=$2 KIND[$1]=$3
	ip -n "$n" -batch - <<-END
		link set lo up
		addr add $2/$mask dev out
		link set out up
		route add default via $gw
	END
	topo_lan "$1" "$net" && nat_rules "$1" "$3" "$2"
}

# topo_client NAT NAME HOST: a client behind NAT, at NET.0.HOST.
topo_client()
{
	local nat=$1 name=$2 host=$3 n=$T-$2 addr=${NET[$1]}.0.$3
	NS[$name]=$n ADDR[$name]=$addr ID[$name]=$((++NEXT_ID)) GEN[$name]=0
	NAT_OF[$name]=$nat SERVER_OF[$name]=$SERVER
	setup_ns "$name" || return 1
	topo_plug "$name" eth0 "${NS[$nat]}" br0
	ip -n "$n" -batch - <<-END
		link set lo up
		addr add $addr/16 dev eth0
		link set eth0 up
		route add default via ${NET[$nat]}.0.1
	END
	nat_client "$nat" "$name" "$host"
	client_ready "$name"
}

# topo_crowd KIND NAME...: one NAT, called nat, at $P, and these clients behind
# it, at .11, .12, ...
topo_crowd()
{
	local name host=10
	topo_nat nat "$P" "$1" || return 1
	shift
	for name; do
		topo_client nat "$name" $((++host)) || return 1
	done
}

# topo_gro: what comes to the server passes GRO. veth gives to it only what
# comes from a device without TSO.
topo_gro()
{
	in_ns "$SERVER" ethtool -K wan0 gro on && in_ns "$WAN" ethtool -K srv0 tso off
}

# topo_bridge: the server's uplink is a bridge's port, its frames shown to
# netfilter.
topo_bridge()
{
	modprobe br_netfilter &&
	ip -n "$T-$SERVER" -batch - <<-END &&
		link add br9 type bridge
		link set br9 up
		addr flush dev wan0
		link set wan0 master br9
		addr add $SRV/24 dev br9
		route add default via 203.0.113.254
	END
	in_ns "$SERVER" sysctl -qw net.bridge.bridge-nf-call-iptables=1
}

# topo_direct NAME HOST: a client that is not behind NAT, at 198.51.100.HOST.
topo_direct()
{
	local name=$1 n=$T-$1 addr=198.51.100.$2
	NS[$name]=$n ADDR[$name]=$addr ID[$name]=$((++NEXT_ID)) GEN[$name]=0
	NAT_OF[$name]='' SERVER_OF[$name]=$SERVER
	setup_ns "$name" || return 1
	topo_plug "$name" eth0 "$T-$WAN" pub
	ip -n "$n" -batch - <<-END
		link set lo up
		addr add $addr/24 dev eth0
		link set eth0 up
		route add default via 198.51.100.254
	END
	client_ready "$name"
}

# topo_directs HOST NAME...: several, at 198.51.100.HOST and on.
topo_directs()
{
	local name host=$1
	shift
	for name; do
		topo_direct "$name" $((host++)) || return 1
	done
}

# --- IPv6 ---

# topo6: server, internet and the NAT called nat, which changes every port.
topo6()
{
	ip -n "$T-$SERVER" -batch - <<-END &&
		addr add $SRV6/64 dev wan0 nodad
		route add default via 2001:db8:2::fe
	END
	ip -n "$T-$WAN" -batch - <<-END &&
		addr add 2001:db8:2::fe/64 dev srv0 nodad
		addr add 2001:db8:3::1/64 dev pub nodad
	END
	ip -n "${NS[nat]}" -batch - <<-END &&
		addr add $P6/64 dev out nodad
		addr add fd00:1::1/64 dev br0 nodad
		route add default via 2001:db8:3::1
	END
	stage sysctls ns="$T-$WAN" net.ipv6.conf.all.forwarding=1 &&
	stage sysctls ns="${NS[nat]}" net.ipv6.conf.all.forwarding=1 &&
	in_ns nat nft -f - <<-END
		table ip6 nat {
			chain post {
				type nat hook postrouting priority 100
				oifname out meta l4proto udp masquerade to :20000-60000 fully-random
				oifname out masquerade
			}
		}
	END
}

# topo_client6 NAME: IPv6 for a client that has IPv4, its host number the same.
topo_client6()
{
	local name=$1 net=fd00:1:: via=fd00:1::1
	[ -n "${NAT_OF[$name]}" ] || net=2001:db8:3:: via=2001:db8:3::1
	ADDR6[$name]=$net${ADDR[$name]##*.}
	ip -n "${NS[$name]}" -batch - <<-END
		addr add ${ADDR6[$name]}/64 dev eth0 nodad
		route add default via $via
	END
}

# settled6: until no address is tentative. A router does not ask for neighbours
# before its link-local address is its own, and gives up after three seconds.
settled6()
{
	local n
	for n in "$T-$SERVER" "$T-$WAN" "${NS[@]}"; do
		busywait 30000 settled6_in "$n" || return 1
	done
}

settled6_in() { [ -z "$(ip -n "$1" -6 addr show tentative)" ]; }

# --- the end ---

# topo_gone: of all that there is of it.
topo_gone()
{
	local n job
	for n in "/run/netns/$T-"*; do
		[ ! -e "$n" ] || host_gone "${n#"/run/netns/$T-"}"
	done
	for job in $(jobs -p); do
		[ "$job" = "${STAGE_PID:-}" ] || kill "$job" 2>/dev/null
	done
	stage_runs && stage reset
	for n in "/run/netns/$T-"*; do
		[ ! -e "$n" ] || cleanup_ns "${n##*/}"
	done
}

# cleanup_ns NAMESPACE...
cleanup_ns()
{
	local n
	for n; do
		stage netns del="$n" || ip netns del "$n"
	done
}

topo_end()
{
	topo_gone
	stage_stop
}
