#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a gateway's uplink may be, and how it is chosen where there are two.
# shellcheck disable=SC1091,SC2317
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/sa.sh"
. "$(dirname "$0")/../lib/harmless.sh"
. "$(dirname "$0")/../lib/gateway.sh"

ip_srv() { ip -n "$(ns srv)" "$@"; }
ip_wan() { ip -n "$(ns wan)" "$@"; }

# uplink_is DEVICE: it has the address and the way out; wan0 had them.
uplink_is() {
	ip_srv addr flush dev wan0
	ip_srv -batch - <<-END &&
		addr add $SRV/24 dev $1
		link set $1 up
		route replace default via 203.0.113.254
	END
	stage sysctls ns="$(ns srv)" "net.ipv4.conf.$1.rp_filter=0"
}

vlan() {
	ip_srv link add link wan0 name vlan7 type vlan id 7 && uplink_is vlan7 &&
	ip_wan -batch - <<-END
		addr flush dev srv0
		link add link srv0 name vlan7 type vlan id 7
		addr add 203.0.113.254/24 dev vlan7
		link set vlan7 up
	END
}

bridge() {
	ip_srv -batch - <<-END &&
		link add br9 type bridge
		link set br9 up
		link set wan0 master br9
	END
	uplink_is br9
}

shown_bridge() {
	modprobe br_netfilter && bridge &&
	in_ns srv sysctl -qw net.bridge.bridge-nf-call-iptables=1 &&
	in_ns srv nft -f - <<-END
		table ip fw {
			chain in {
				type filter hook input priority filter;
				ct state invalid drop
			}
		}
	END
}

# The first of two cables is in use, as long as it has a carrier.
bond() {
	modprobe bonding max_bonds=0 &&
	ip_wan -batch - <<-END &&
		link add twin type bridge
		link set twin up
		addr flush dev srv0
		addr add 203.0.113.254/24 dev twin
		link set srv0 master twin
	END
	ip_srv -batch - <<-END &&
		link add spare type veth peer name srv9 netns $(ns wan)
		addr flush dev wan0
		link set wan0 down
		link add bond0 type bond mode active-backup miimon 50
		link set wan0 master bond0
		link set spare master bond0
	END
	ip_wan link set srv9 master twin up && uplink_is bond0 &&
	busywait 10000 active_is wan0
}
active_is() {
	ip_srv -d link show bond0 | grep -q "active_slave $1 "
}
cable_is_cut() {
	ip_wan link set srv0 down
	busywait 10000 active_is spare && everyone udp c1
}

bonded() {
	step_both "set up" gateway bond || return
	step_both "a client dials" connect_client c1 || return
	step "it works" everyone udp c1
	step "by the other cable" cable_is_cut
	step "another one dials" connect_client c2 || return
	step_better "both work" everyone udp c1 c2
}

# A narrow line; messages and packets that are longer come in fragments.
narrow() {
	ip_srv link set wan0 mtu 1492 && ip_wan link set srv0 mtu 1492
}

# long_ike NAME: as with certificates.
long_ike() {
	stage exchange from="$1.4500" to="$SRV:4500" spii="${SPII[$1]}" \
		spir="${SPIR[$1]}" xchg=5 msgid=9 size=3000 at=srv && says answered=1
}

long_packets() {
	local words=("${BURST[@]}")
	local BURST=("${words[@]}" size=3000)
	everyone udp "$@"
}

# fragments [COMMAND...]: with what else the gateway is.
fragments() {
	step_both "set up" gateway both narrow -- "${@:-true}" || return
	step_both "a client dials" connect_client c1 || return
	step "long IKE messages" long_ike c1
	step "long packets" long_packets c1
	step "another one dials" connect_client c2 || return
	step "its long IKE messages" long_ike c2
	step_better "long packets of both" long_packets c1 c2
}

tracked() {
	in_ns srv nft -f - <<-END
		table ip fw {
			chain in {
				type filter hook input priority filter; policy drop;
				ct state invalid drop
				udp dport { 500, 4500 } accept
				meta secpath exists accept
			}
		}
	END
}

# --- VRFs ---

closed_vrf() {
	modprobe vrf && ip_srv -batch - <<-END
		link add vrf1 type vrf table 10
		link set vrf1 up
		link set wan0 master vrf1
		route add default via 203.0.113.254 dev wan0 table 10
	END
}

# bound_to DEVICE: the daemon and the L2TP server.
bound_to() {
	local port
	stage close names=srv.500,srv.4500,srv || return 1
	for port in 500 4500; do
		stage ike name="srv.$port" ns="$(ns srv)" addr=0.0.0.0 port="$port" \
			responder=srv dev="$1" || return 1
	done
	stage udp name=srv ns="$(ns srv)" port=1701 dev="$1"
}

# in_vrf DEVICE
in_vrf() {
	step_both "set up" both gateway closed_vrf -- bound_to "$1" || return
	clients
}

# The daemon is outside, and is given what comes in the VRF.
open_vrf() {
	closed_vrf && ip_srv -batch - <<-END &&
		route add 203.0.113.0/24 dev wan0
		route add default via 203.0.113.254 dev wan0
	END
	in_ns srv sysctl -qw net.ipv4.udp_l3mdev_accept=1 \
		net.ipv4.tcp_l3mdev_accept=1
}

# --- two uplinks ---
#
#	[srv] wan0 203.0.113.1 --- 203.0.113.254 srv0 [wan]
#	[srv] wan1 203.0.114.1 --- 203.0.114.254 srv1 [wan]
#
# Clients dial the second one's address; the default route is by the first, and
# would not do: nothing gets through there.
OTHER=203.0.114.1

second() {
	ip_srv -batch - <<-END &&
		link add wan1 type veth peer name srv1 netns $(ns wan)
		addr add $OTHER/24 dev wan1
		link set wan1 up
		route add default via 203.0.114.254 table 114
	END
	ip_wan -batch - <<-END &&
		addr add 203.0.114.254/24 dev srv1
		link set srv1 up
	END
	stage sysctls ns="$(ns srv)" net.ipv4.conf.wan1.rp_filter=0 &&
	in_ns wan nft -f - <<-END &&
		table ip provider {
			chain pre {
				type filter hook prerouting priority raw;
				iifname srv0 ip saddr != 203.0.113.0/24 drop
				iifname srv1 ip saddr != 203.0.114.0/24 drop
			}
		}
	END
	"$@"
}

by_source() { ip_srv rule add from "$OTHER" table 114; }

# Whatever came by the second leaves by it.
by_connmark() {
	ip_srv rule add fwmark 114 table 114 &&
	in_ns srv nft -f - <<-END
		table ip mangle {
			chain pre {
				type filter hook prerouting priority mangle;
				iifname wan1 ct mark set 114
			}
			chain out {
				type route hook output priority mangle;
				ct mark 114 meta mark set ct mark
			}
		}
	END
}

# IKE and ESP on nat_port leave by the second by their ports, all other UDP with
# its address by its protocol.
by_ports() {
	ip_srv -batch - <<-END
		rule add ipproto udp sport 4500 table 114
		rule add from $OTHER ipproto udp table 114
	END
}

# A route to the clients' network, which says the source too.
by_route() {
	ip_srv route add 198.51.100.0/24 via 203.0.114.254 src "$OTHER"
}

# l2tp_at ADDRESS: the L2TP server is bound to it.
l2tp_at() {
	stage close names=srv && stage udp name=srv ns="$(ns srv)" addr="$1" port=1701
}

# chosen COMMAND...: by that.
chosen() {
	local SRV=$SRV
	step_both "set up" both gateway second "$@" -- l2tp_at "$OTHER" || return
	SRV=$OTHER
	clients
}

# chosen_at_any COMMAND...: the L2TP server leaves its address to the route. That of
# an alias is another than its client's: two at once do not work, as without the module.
chosen_at_any() {
	local SRV=$SRV
	step_both "set up" both gateway second "$@" -- l2tp_at 0.0.0.0 || return
	SRV=$OTHER
	one_after_the_other
}

# --- two addresses of one uplink ---

second_address() { ip_srv addr add 203.0.113.2/24 dev wan0; }

# The second is dialled, and the L2TP server bound to it.
of_second_address() {
	local SRV=$SRV
	step_both "set up" both gateway second_address -- l2tp_at 203.0.113.2 ||
		return
	SRV=203.0.113.2
	clients
}

# shellcheck disable=SC2119
sa_begin
scene "uplink, a VLAN" with_clients vlan
scene "uplink, a bond" bonded
scene "uplink, a bridge" with_clients bridge
scene "uplink, MTU 1492" fragments
scene "uplink, MTU 1492, conntrack" fragments tracked
scene "uplink, a VRF, the daemon in it" in_vrf vrf1
scene "uplink, a VRF, the daemon on its port" in_vrf wan0
scene "uplink, a VRF, the daemon outside" with_clients open_vrf
scene "two uplinks, by source" chosen by_source
scene "two uplinks, by connmark" chosen by_connmark
scene "two uplinks, by port and protocol" chosen by_ports
scene "two uplinks, by route" chosen by_route
scene "two uplinks, by route, L2TP at any" chosen_at_any by_route
scene "two addresses, the first is dialled, L2TP at any" \
	with_clients second_address
scene "two addresses, the second is dialled, L2TP at it" of_second_address
scene "uplink, a bridge, br_netfilter" with_clients shown_bridge
modprobe -rq br_netfilter
harmless_end
