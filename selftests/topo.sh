# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# Topology; sourced by sa.sh.
#
#   client ns's     10.1.0.0/16                     203.0.113.0/24
#   c1 .11 --+                                        |
#   c2 .12 --+-- br0 .0.1 [nat] out .2 ---------------+
#   c3 .13 --+                                        |
#                                                     +-- pub .1 [wan] srv0 ---- wan0 [srv]
#   c1 .11 ----- br0 .0.1 [natb] out .3 --------------+         192.0.2.254      192.0.2.1
#   (behind a second NAT, same addresses)             |
#   d1 .101 (not behind NAT) -------------------------+
#
# A NAT behind a NAT (topo_nat NAME ADDR KIND OTHER) hangs off OTHER's br0.
# Every namespace is called $T-<name>, T being random.

SRV=192.0.2.1
P=203.0.113.2

declare -A NS=() ADDR=() ID=() GEN=() NAT_OF=() SERVER_OF=()
declare -A NET=() OUTSIDE=() KIND=()
SERVER=srv
NEXT_ID=0

ns() { printf '%s-%s\n' "$T" "$1"; }
on() { run_in "$T-$1" "${@:2}"; }
# In a namespace, with no mounts of its own as ip netns exec has.
run_in() { nsenter --net="/run/netns/$1" -- "${@:2}"; }

topo_new()
{
	T=en$$x$RANDOM
	if ! stage_runs; then
		at_exit topo_end
		# Loads xfrm_user, without which no socket may have a policy.
		ip xfrm state count >/dev/null
		stage_start
	fi
	topo_server srv wan
}

# topo_server SERVER WAN: a server with its internet.
topo_server()
{
	stage netns add="$T-$1,$T-$2"
	topo_cable "$1" "$2"
	ip -n "$T-$2" -batch - <<-END
		link set lo up
		link add pub address 02:00:00:00:00:02 type bridge
		addr add 203.0.113.1/24 dev pub
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
		route add default via 192.0.2.254
	END
	ip -n "$T-$2" -batch - <<-END
		addr add 192.0.2.254/24 dev srv0
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

# topo_nat NAME ADDR KIND [OUTER]: a NAT with ADDR outside and NET.0.1 inside
# (NET is 10.1, or 10.2 for one behind another); OUTER is the NAT it hangs off.
#   keep       ports are kept where they are free (Linux, most routers)
#   random     every port is changed
#   stateless  a fixed outside port per client and no conntrack; ESP without UDP
#              is told apart by its SPI
#   pass500    like keep, but port 500 is never translated (IPsec passthrough)
topo_nat()
{
	local n=$T-$1 addr=$2 kind=$3 outer=${4:-} gw=203.0.113.1 mask=24 net=10.1
	NS[$1]=$n
	stage netns add="$n"
	if [ -n "$outer" ]; then
		gw=10.1.0.1 mask=16 net=10.2
		topo_plug "$1" out "${NS[$outer]}" br0
	else
		topo_plug "$1" out "$T-$WAN" pub
	fi
	NET[$1]=$net OUTSIDE[$1]=$addr KIND[$1]=$kind
	ip -n "$n" -batch - <<-END
		link set lo up
		addr add $addr/$mask dev out
		link set out up
		link add br0 address 02:00:00:00:00:01 type bridge
		addr add $net.0.1/16 dev br0
		link set br0 up
		route add default via $gw
	END
	stage sysctls ns="$n" net.ipv4.ip_forward=1 \
		net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.all.send_redirects=0 \
		net.ipv4.icmp_ratelimit=0
	case $kind in
	keep)
		run_in "$n" nft -f - <<-END
			table ip nat {
				chain post {
					type nat hook postrouting priority 100
					oifname out masquerade
				}
			}
		END
		;;
	random)
		run_in "$n" nft -f - <<-END
			table ip nat {
				chain post {
					type nat hook postrouting priority 100
					oifname out meta l4proto udp masquerade to :20000-60000 fully-random
					oifname out masquerade
				}
			}
		END
		;;
	pass500)
		run_in "$n" nft -f - <<-END
			table ip nat {
				chain guard {
					type filter hook forward priority 0
					iifname br0 udp dport 500 drop
				}
				chain post {
					type nat hook postrouting priority 100
					oifname out masquerade
				}
			}
		END
		stage passthrough ns="$n" inside=br0 outside="$addr"
		;;
	stateless)
		run_in "$n" nft -f - <<-END
			table ip nat {
				chain pre {
					type filter hook prerouting priority -300
				}
				chain post {
					type filter hook postrouting priority 300
				}
			}
		END
		;;
	*)
		echo "# no such NAT: $kind"
		return 1
		;;
	esac
	# A NAT forgets when a test says so, not because a machine is slow.
	[ "$kind" = stateless ] ||
		stage sysctls ns="$n" \
			net.netfilter.nf_conntrack_udp_timeout=3600 \
			net.netfilter.nf_conntrack_udp_timeout_stream=3600
}

# What a NAT remembers goes: all of it, or what matches (conntrack -D's words).
nat_forget()
{
	local n=${NS[$1]}
	shift
	if [ $# -gt 0 ]; then
		run_in "$n" conntrack -D "$@" >/dev/null 2>&1
	else
		run_in "$n" conntrack -F >/dev/null 2>&1
	fi
}

# mapping NAME: the outside port that the NAT gives to a client's port 4500.
mapping()
{
	run_in "${NS[${NAT_OF[$1]}]}" conntrack -L -p udp -s "${ADDR[$1]}" \
		--orig-port-src 4500 --orig-port-dst 4500 2>/dev/null |
		sed -n 's/.* dport=\([0-9]*\) .*/\1/p'
}

# nat_renumber NAME ADDR: the NAT has another address outside from now on, and
# has forgotten all.
nat_renumber()
{
	local n=${NS[$1]}
	ip -n "$n" -batch - <<-END
		addr del ${OUTSIDE[$1]}/24 dev out
		addr add $2/24 dev out
		route replace default via 203.0.113.1
	END
	OUTSIDE[$1]=$2
	nat_forget "$1"
}

# topo_client NAT NAME HOST: a client behind NAT, at NET.0.HOST.
topo_client()
{
	local nat=$1 name=$2 host=$3 n=$T-$2 addr=${NET[$1]}.0.$3
	NS[$name]=$n ADDR[$name]=$addr ID[$name]=$((++NEXT_ID)) GEN[$name]=0
	NAT_OF[$name]=$nat
	stage netns add="$n"
	topo_plug "$name" eth0 "${NS[$nat]}" br0
	ip -n "$n" -batch - <<-END
		link set lo up
		addr add $addr/16 dev eth0
		link set eth0 up
		route add default via ${NET[$nat]}.0.1
	END
	[ "${KIND[$nat]}" != stateless ] ||
		run_in "${NS[$nat]}" nft -f - <<-END
			add rule ip nat post oifname out ip saddr $addr udp sport 500 udp sport set $((21000 + host)) udp checksum set 0 ip saddr set ${OUTSIDE[$nat]}
			add rule ip nat post oifname out ip saddr $addr udp sport 4500 udp sport set $((22000 + host)) udp checksum set 0 ip saddr set ${OUTSIDE[$nat]}
			add rule ip nat post oifname out ip saddr $addr ip protocol esp ip saddr set ${OUTSIDE[$nat]}
			add rule ip nat pre iifname out ip protocol esp @th,0,32 $(spi_out "$name") ip daddr set $addr
			add rule ip nat pre iifname out udp dport $((21000 + host)) udp dport set 500 udp checksum set 0 ip daddr set $addr
			add rule ip nat pre iifname out udp dport $((22000 + host)) udp dport set 4500 udp checksum set 0 ip daddr set $addr
		END
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
	on "$SERVER" ethtool -K wan0 gro on && on "$WAN" ethtool -K srv0 tso off
}

# topo_direct NAME HOST: a client that is not behind NAT, at 203.0.113.HOST.
topo_direct()
{
	local name=$1 n=$T-$1 addr=203.0.113.$2
	NS[$name]=$n ADDR[$name]=$addr ID[$name]=$((++NEXT_ID)) GEN[$name]=0
	NAT_OF[$name]=
	stage netns add="$n"
	topo_plug "$name" eth0 "$T-$WAN" pub
	ip -n "$n" -batch - <<-END
		link set lo up
		addr add $addr/24 dev eth0
		link set eth0 up
		route add default via 203.0.113.1
	END
	client_ready "$name"
}

# topo_directs HOST NAME...: several, at 203.0.113.HOST and on.
topo_directs()
{
	local name host=$1
	shift
	for name; do
		topo_direct "$name" $((host++)) || return 1
	done
}

# The client's IKE sockets and its L2TP socket (SPORT[name], 1701 if unset).
client_ready()
{
	local name=$1 n=${NS[$1]}
	SERVER_OF[$name]=$SERVER
	stage ike name="$name.500" ns="$n" addr=0.0.0.0 port=500 &&
	stage ike name="$name.4500" ns="$n" addr=0.0.0.0 port=4500 &&
	stage udp name="$name" ns="$n" port="${SPORT[$name]:-1701}"
}

# daemon [SERVER [options of the 4500 socket]]: the server's IKE daemon, its
# L2TP socket, and a watch on the wire between NAT and server.
daemon()
{
	local s=${1:-$SERVER}
	shift || true
	stage responder name="$s" &&
	stage ike name="$s.500" ns="$T-$s" addr=0.0.0.0 port=500 \
		responder="$s" &&
	stage ike name="$s.4500" ns="$T-$s" addr=0.0.0.0 port=4500 \
		responder="$s" "$@" &&
	stage udp name="$s" ns="$T-$s" port=1701
}

topo_gone()
{
	local n job
	for job in $(jobs -p); do
		[ "$job" = "${STAGE_PID:-}" ] || kill "$job" 2>/dev/null
	done
	stage_runs && stage reset
	for n in "/run/netns/$T-"*; do
		n=${n##*/}
		[ ! -e "/run/netns/$n" ] || stage netns del="$n" ||
			ip netns del "$n"
	done
}

topo_end()
{
	topo_gone
	stage_stop
}
