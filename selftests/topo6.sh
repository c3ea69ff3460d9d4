# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2153
# IPv6 in the topology of topo.sh, beside IPv4: sourced after sa.sh.
#
#   client ns's     fd00:1::/64                    2001:db8:3::/64
#   c1 ::11 --+                                      |
#   c2 ::12 --+-- br0 ::1 [nat] out ::2 -------------+-- pub ::1 [wan] srv0 ---- wan0 [srv]
#   d1 ::101 (not behind NAT) -----------------------+       2001:db8:2::fe   2001:db8:2::1

SRV6=2001:db8:2::1
P6=2001:db8:3::2

declare -A ADDR6=()

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
	run_in "${NS[nat]}" nft -f - <<-END
		table ip6 nat {
			chain post {
				type nat hook postrouting priority 100
				oifname out meta l4proto udp masquerade to :20000-60000 fully-random
				oifname out masquerade
			}
		}
	END
}

# client6 NAME: IPv6 for a client that has IPv4, its host number the same; and
# its IKE sockets.
client6()
{
	local name=$1 net=fd00:1:: via=fd00:1::1
	[ -n "${NAT_OF[$name]}" ] || net=2001:db8:3:: via=2001:db8:3::1
	ADDR6[$name]=$net${ADDR[$name]##*.}
	ip -n "${NS[$name]}" -batch - <<-END &&
		addr add ${ADDR6[$name]}/64 dev eth0 nodad
		route add default via $via
	END
	stage ike name="$name.500" ns="${NS[$name]}" addr=:: port=500 &&
	stage ike name="$name.4500" ns="${NS[$name]}" addr=:: port=4500
}

# settled6: until no address is tentative. A router does not ask for neighbours
# before its link-local address is its own, and gives up after three seconds.
settled6()
{
	local n i
	for n in "$T-$SERVER" "$T-$WAN" "${NS[@]}"; do
		for ((i = 0; i < 300; i++)); do
			[ -n "$(ip -n "$n" -6 addr show tentative)" ] || break
			sleep 0.1
		done
		[ $i -lt 300 ] || return 1
	done
}
