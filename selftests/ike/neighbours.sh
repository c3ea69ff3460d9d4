#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Whoever else has a hand in xfrm, routing or netfilter: live clients go on.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

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
has_conntrack() { [ -n "$(in_ns srv conntrack -L 2>/dev/null)" ]; }

topo_new
scene
check "conntrack absent: two clients" two_clients
check "conntrack absent: it is" not has_conntrack
check "conntrack absent: both work" everyone udp c1 c2

# A firewall as gateways have it: stateful, nothing in but IKE and ESP.
firewall()
{
	in_ns srv nft -f - <<-END
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

# A client whose SAs are the interface's (if_id), and which its NAT has moved: the
# device that a program has chosen is not that of the ESP packet.
scene
xfrmi_client()
{
	IF_ID=7 tunnel_connect c1 &&
	ip -n "$srv" -batch - <<-END
		link add xfrm7 type xfrm dev wan0 if_id 7
		link set xfrm7 up
		route add ${ADDR[c1]}/32 dev xfrm7
	END
}
moves()
{
	mark srv
	nat_forget nat
	in_ns c1 ping -n -c 1 -W 10 -q "$SRV" && rose ctx_moved
}
check "xfrm_interface: a client of its own" xfrmi_client
ping_by() { in_ns srv ping -n -c 3 -i 0.3 -W 10 -q "$@" "${ADDR[c1]}"; }
check "xfrm_interface: ping -I, before it has moved" ping_by -I xfrm7
check "xfrm_interface: the client moves" moves
check "xfrm_interface: ping" ping_by
check "xfrm_interface: ping -I" ping_by -I xfrm7

# Two uplinks: IKE and ESP leave by the second, all else by the first. In tunnel
# mode, where the kernel routes ESP by its own protocol and ports.
#
#	[srv] wan1 203.0.114.1 --- 203.0.114.254 srv1 [wan]
scene
uplinks()
{
	ip -n "$srv" -batch - <<-END &&
		link add wan1 type veth peer name srv1 netns $(ns wan)
		addr add 203.0.114.1/24 dev wan1
		link set wan1 up
		route add default via 203.0.114.254 src $SRV table 114
		rule add ipproto udp sport 4500 table 114
	END
	ip -n "$(ns wan)" -batch - <<-END &&
		addr add 203.0.114.254/24 dev srv1
		link set srv1 up
	END
	stage sysctls ns="$srv" net.ipv4.conf.wan1.rp_filter=0 &&
	stage sniff name=first ns="$(ns wan)" dev=srv0 &&
	stage sniff name=second ns="$(ns wan)" dev=srv1
}
# left UPLINK [WORD...]: IKE and ESP that left by it so far.
left() { wire_count "$1" proto=17 src="$SRV" sport=4500 "${@:2}"; }
# by_second COMMAND...: what that sends leaves by the second.
by_second()
{
	local first second
	first=$(left first) second=$(left second)
	"$@" || return 1
	echo "$(left first) was $first, $(left second) was $second"
	[ "$(left first)" -eq "$first" ] && [ "$(left second)" -gt "$second" ]
}
check "rules: the second uplink" uplinks
two_tunnels() { tunnel_connect c1 && tunnel_connect c2; }
two_places() { [ "${END_ADDR[c1]}" = "$P" ] && [[ ${END_ADDR[c2]} == 198.1[89].* ]]; }
check "rules by port: two clients, one has an alias" \
	both by_second two_tunnels -- two_places
check "rules by port: their ESP" by_second everyone udp c1 c2
moved() { mark srv; nat_forget nat; hello c1 c2 && rose ctx_moved 2; }
check "rules by port: both have moved" by_second moved
check "rules by port: their ESP, moved" by_second everyone udp c1 c2
# Of the packet as it leaves: the daemon knows the port that it had.
by_mapping()
{
	ip -n "$srv" rule del ipproto udp sport 4500 table 114 &&
	ip -n "$srv" rule add ipproto udp dport "$(mapping c1)" table 114
}
check "rules by a client's port" by_mapping
check "rules by a client's port: it" by_second hello c1
check "rules by a client's port: another" not by_second hello c2
by_protocol()
{
	ip -n "$srv" rule del ipproto udp table 114 &&
	ip -n "$srv" rule add ipproto udp table 114
}
check "rules by protocol" by_protocol
check "rules by protocol: all" by_second everyone udp c1 c2
keepalives()
{
	mark srv
	set_sysctl keepalive_interval 1 && await_rise out_keepalive 6 &&
	set_sysctl keepalive_interval 20
}
check "rules by protocol: keepalives" by_second keepalives

# A VRF that nothing outside it knows the way to; the daemon's sockets are bound
# to the VRF or to its port, so that the kernel lets nobody else's have them.
closed_vrf()
{
	modprobe vrf &&
	ip -n "$srv" -batch - <<-END
		link add vrf1 type vrf table 10
		link set vrf1 up
		link set wan0 master vrf1
		route add default via 203.0.113.254 dev wan0 table 10
	END
}
# off_and_on: the module is there again, as when it is loaded: c1 keeps its
# address, which is in use; c2's alias is kept for it.
off_and_on()
{
	mark srv
	set_sysctl enabled 0 && set_sysctl enabled 1 && await_rise ctx_created &&
	hello c2 && everyone udp c1 c2 && rose ctx_healed
}
# kept_alive NAME...: each of them gets keepalives.
kept_alive()
{
	local name
	for name; do
		stage sniff name="$name" ns="${NS[$name]}" dev=eth0 || return 1
	done
	set_sysctl keepalive_interval 1 || return 1
	for name; do
		busywait 40000 got_keepalive "$name" ||
			{ echo "# no keepalive at $name"; return 1; }
	done
	set_sysctl keepalive_interval 20
}
got_keepalive()
{
	[ "$(wire_count "$1" proto=17 src="$SRV" sport=4500 len=29)" -ge 1 ]
}
# bound DEVICE: the daemon, bound so.
bound()
{
	stage close names=srv.500,srv.4500,srv &&
	stage ike name=srv.500 ns="$srv" addr=0.0.0.0 port=500 responder=srv dev="$1" &&
	stage udp name=srv ns="$srv" port=1701 dev="$1" || return 1
	[ -n "${2:-}" ] || stage ike name=srv.4500 ns="$srv" addr=0.0.0.0 port=4500 \
		responder=srv dev="$1"
}
scene
check "closed VRF: the daemon in it" both closed_vrf -- bound vrf1
check "closed VRF: two clients" two_clients
check "closed VRF: both work" everyone udp c1 c2
check "closed VRF: their SAs are found" off_and_on
check "closed VRF: keepalives" kept_alive c1 c2
check "closed VRF: the daemon on its port" bound wan0
check "closed VRF, port: another client" late_client
check "closed VRF, port: all work" everyone udp c1 c2 c3
# asks NAME: under an IKE SA that was there before the module was.
asks()
{
	stage exchange from="$1.4500" to="$SRV:4500" spii="${SPII[$1]}" \
		spir="${SPIR[$1]}" xchg=5 msgid=$((++MSGID)) at=srv &&
		says answered=1 addr="${PRES_ADDR[$1]}" port="${PRES_PORT[$1]}"
}
MSGID=100
# The own socket is nobody's rival, wherever a daemon is bound.
not_the_own()
{
	mark srv
	set_sysctl listen 1 && asks c1 && stage seen by=srv spii="${SPII[c1]}" &&
	everyone udp c1 c2 c3 && same in_own in_own_ike drop_own
}
check "closed VRF, port: with an own socket, the daemon has its packets" not_the_own
check "closed VRF, port: the daemon on ike_port only" bound wan0 ike-only
own()
{
	mark srv
	asks c1 && everyone udp c1 c2 c3 && rose in_own && rose in_own_ike &&
	same drop_own && set_sysctl listen 0
}
check "closed VRF, port: the own socket serves it" own

scene
vrf()
{
	modprobe vrf &&
	ip -n "$srv" -batch - <<-END &&
		link add vrf1 type vrf table 10
		link set vrf1 up
		link set wan0 master vrf1
		route add default via 203.0.113.254 dev wan0 table 10
		route add 203.0.113.0/24 dev wan0
		route add default via 203.0.113.254 dev wan0
	END
	in_ns srv sysctl -qw net.ipv4.udp_l3mdev_accept=1 \
		net.ipv4.tcp_l3mdev_accept=1
}
check "VRF: the uplink is enslaved" vrf
check "VRF: two clients" two_clients
check "VRF: both work" everyone udp c1 c2
check "VRF: another client" late_client
check "VRF: all work" everyone udp c1 c2 c3

scene
check "bridge: the uplink is a port, br_netfilter on" topo_bridge
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
