#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Whoever else has a hand in xfrm, routing or netfilter: live clients go on.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=sa.sh
. "$(dirname "$0")/sa.sh"

sa_begin

# Two clients behind a NAT, libreswan's SAs, in a fresh server.
scene()
{
	topo_again
	STYLE=libreswan
	topo_crowd random c1 c2 c3
	daemon "$SERVER"
	srv=$(ns "$SERVER")
}
two_clients() { both connect_client c1 -- connect_client c2 -- is_alias c2; }
late_client() { both connect_client c3 -- is_alias c3; }
has_conntrack() { [ -n "$(on srv conntrack -L 2>/dev/null)" ]; }

topo_new
scene
check "conntrack absent: two clients" two_clients
check "conntrack absent: it is" not has_conntrack
check "conntrack absent: both work" everyone udp c1 c2

# A firewall as gateways have it: stateful, nothing in but IKE and ESP.
firewall()
{
	on srv nft -f - <<-END
		table inet fw {
			chain in {
				type filter hook input priority 0; policy drop;
				ct state established,related accept
				iif lo accept
				meta secpath exists accept
				ct state invalid counter drop
				udp dport { 500, 4500 } accept
				meta l4proto esp accept
			}
			chain out {
				type filter hook output priority 0; policy accept;
				ct state invalid counter drop
			}
		}
	END
}
check "a stateful firewall under live clients" firewall
check "a stateful firewall: both work" everyone udp c1 c2
check "a stateful firewall: another client" late_client
check "a stateful firewall: conntrack is there" has_conntrack
check "a stateful firewall: all work" everyone udp c1 c2 c3

scene
wildcard_vti()
{
	modprobe ip_vti &&
	ip -n "$srv" link add vti7 type vti local "$SRV" remote any key 7
}
check "ip_vti: two clients" two_clients
check "ip_vti: a wildcard tunnel is made" wildcard_vti
check "ip_vti: both work" everyone udp c1 c2
check "ip_vti: another client" late_client
check "ip_vti: all work" everyone udp c1 c2 c3

# Up, it takes all ESP that comes in, before any other handler; on the stock
# kernel, too, what it has decrypted for a client in transport mode is lost.
vti_up() { ip -n "$srv" link set vti7 up; }
vti_down() { ip -n "$srv" link set vti7 down; }
check "ip_vti: the wildcard tunnel is up" vti_up
check "ip_vti: the kernel's own client is cut off" not everyone udp c1
check "ip_vti: down again, all work" both vti_down -- everyone udp c1 c2 c3

scene
xfrmi()
{
	modprobe xfrm_interface &&
	ip -n "$srv" link add xfrm7 type xfrm dev wan0 if_id 7 &&
	ip -n "$srv" link set xfrm7 up &&
	ip -n "$srv" route add 10.77.0.0/16 dev xfrm7
}
check "xfrm_interface: two clients" two_clients
check "xfrm_interface: a tunnel interface is made" xfrmi
check "xfrm_interface: both work" everyone udp c1 c2
check "xfrm_interface: another client" late_client
check "xfrm_interface: all work" everyone udp c1 c2 c3
# A packet to an alias may yet be encrypted there: it is not ours to drop.
by_xfrmi()
{
	ip -n "$srv" route add "${PRES_ADDR[c2]}/32" dev xfrm7
	mark srv
	stage udp name=plain ns="$srv" port=9999 &&
	stage data from=plain to="${PRES_ADDR[c2]}:9999" size=10
	same drop_stray_out
}
check "xfrm_interface: what leaves by it is not stray" by_xfrmi

scene
vrf()
{
	modprobe vrf &&
	ip -n "$srv" -batch - <<-END &&
		link add vrf1 type vrf table 10
		link set vrf1 up
		link set wan0 master vrf1
		route add default via 192.0.2.254 dev wan0 table 10
		route add 192.0.2.0/24 dev wan0
		route add default via 192.0.2.254 dev wan0
	END
	on srv sysctl -qw net.ipv4.udp_l3mdev_accept=1 \
		net.ipv4.tcp_l3mdev_accept=1
}
check "VRF: the uplink is enslaved" vrf
check "VRF: two clients" two_clients
check "VRF: both work" everyone udp c1 c2
check "VRF: another client" late_client
check "VRF: all work" everyone udp c1 c2 c3

scene
bridge()
{
	modprobe br_netfilter &&
	ip -n "$srv" -batch - <<-END &&
		link add br9 type bridge
		link set br9 up
		addr flush dev wan0
		link set wan0 master br9
		addr add $SRV/24 dev br9
		route add default via 192.0.2.254
	END
	on srv sysctl -qw net.bridge.bridge-nf-call-iptables=1
}
check "bridge: the uplink is a port, br_netfilter on" bridge
check "bridge: two clients" two_clients
check "bridge: both work" everyone udp c1 c2
check "bridge: another client" late_client
check "bridge: all work" everyone udp c1 c2 c3
lie()
{
	mark srv
	stage raw ns="$(ns wan)" src="${PRES_ADDR[c2]}" dst="$SRV" \
		sport=1701 dport=1701 size=20 &&
	await_rise drop_stray_in
}
check "bridge: an alias from the wire is dropped all the same" lie

sa_end
