#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# No packet leaves for an alias but under its SA, none comes in from one; other
# traffic, bridged frames among it, is not touched.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

#                       +-- wan0 ...
#  lan host .0.2 --- lan0 .0.1 [srv] --- br1 --- h1 172.17.0.1
#      172.16.0.0/24                       +---- h2 172.17.0.2
topo_new
topo_crowd random c1 c2
daemon srv
stage sniff name=wire ns="$(ns wan)" dev=srv0
connect_client c1
connect_client c2
check "two clients work" everyone udp c1 c2
ALIAS=${PRES_ADDR[c2]}
srv=$(ns srv) wan=$(ns wan)
for name in lan h1 h2; do
	ip netns add "$(ns $name)"
done
ip -n "$srv" link add lan0 type veth peer name eth0 netns "$(ns lan)"
ip -n "$srv" addr add 172.16.0.1/24 dev lan0
ip -n "$srv" link set lan0 up
ip -n "$(ns lan)" addr add 172.16.0.2/24 dev eth0
ip -n "$(ns lan)" link set eth0 up
ip -n "$(ns lan)" route add default via 172.16.0.1
in_ns srv sysctl -qw net.ipv4.ip_forward=1
ip -n "$wan" route add 172.16.0.0/24 via "$SRV"
stage udp name=plain ns="$srv" port=9999
stage udp name=lan ns="$(ns lan)" port=1701
stage sniff name=lan ns="$(ns lan)" dev=eth0

# stray_out COMMAND...: it makes drop_stray_out rise and puts nothing to the
# alias on the wire.
stray_out()
{
	mark srv
	"$@" || return 1
	await_rise drop_stray_out &&
	stage sniffed name=wire dst="$ALIAS" && says count=0
}
check "out: UDP that no policy covers" \
	stray_out stage data from=plain to="$ALIAS:9999" size=10
check "out: UDP from port 1701 to another port than 1701" \
	stray_out stage data from=srv to="$ALIAS:1702" size=10
# Who sends it is told so.
not_permitted() { ! stage raw "$@" >/dev/null && [[ $REPLY == *"not permitted" ]]; }
check "out: ESP of somebody else's making" stray_out not_permitted \
	ns="$srv" src="$SRV" dst="$ALIAS" proto=50 size=60
# What xfrm has had and has not encrypted, as with packet offload; IPComp leaves what
# is short as it is.
offloaded()
{
	mark srv
	ip -n "$srv" -batch - <<-END || return 1
		xfrm state add src $SRV dst $ALIAS proto comp spi 0x77 reqid 77 mode transport comp deflate
		xfrm policy update src $SRV dst $ALIAS proto udp dport 9999 dir out priority 1 tmpl src $SRV dst $ALIAS proto comp reqid 77 mode transport
	END
	stage data from=plain to="$ALIAS:9999" size=10
	await_rise drop_offload && same drop_stray_out &&
	stage sniffed name=wire dst="$ALIAS" && says count=0
	local status=$?
	ip -n "$srv" -batch - <<-END
		xfrm state delete src $SRV dst $ALIAS proto comp spi 0x77
		xfrm policy delete src $SRV dst $ALIAS proto udp dport 9999 dir out
	END
	return "$status"
}
check "out: what is left to a device" offloaded
check "out: ICMP" stray_out not_permitted ns="$srv" src="$SRV" dst="$ALIAS" \
	proto=1 hex=0800f7ff00000000
check "out: a keepalive from a port that is not IKE's" \
	stray_out stage data from=plain to="$ALIAS:${PRES_PORT[c2]}" hex=ff
check "out: forwarded UDP" \
	stray_out stage data from=lan to="$ALIAS:1701" size=10
check "out: forwarded ESP" stray_out stage raw ns="$(ns lan)" src=172.16.0.2 \
	dst="$ALIAS" proto=50 size=60
check "out: the clients lose nothing" everyone udp c1 c2

stray_in()
{
	mark srv
	stage raw ns="$wan" src="$ALIAS" "$@" &&
	await_rise drop_stray_in
}
check "in: clear-text L2TP" stray_in dst="$SRV" sport=1701 dport=1701 size=20
nothing_at() { stage take name="$1" timeout=0.3 && says count=0; }
stage udp name=other ns="$srv" port=7777
check "in: another port" stray_in dst="$SRV" sport=7777 dport=7777 size=20
check "in: nobody received it" nothing_at other
check "in: IKE" stray_in dst="$SRV" sport=500 dport=500 ike=1 spii=aa
check "in: ESP" stray_in dst="$SRV" proto=50 hex=c0000002 size=60
check "in: forwarded" stray_in dst=172.16.0.2 sport=7777 dport=7777 size=20
lan_clean() { stage sniffed name=lan src="$ALIAS" && says count=0; }
check "in: nothing was forwarded" lan_clean
unassigned()
{
	mark srv
	stage raw ns="$wan" src=198.19.255.77 dst="$SRV" sport=7 dport=7777 size=9 &&
	stage take name=other && says count=1 src=198.19.255.77 &&
	same drop_stray_in
}
check "in: an address of the pool that nobody has passes" unassigned
check "in: the clients lose nothing" everyone udp c1 c2

# A bridge in the server, its frames shown to netfilter.
modprobe br_netfilter
ip -n "$srv" link add br1 type bridge
ip -n "$srv" link set br1 up
in_ns srv sysctl -qw net.bridge.bridge-nf-call-iptables=1
host=0
for name in h1 h2; do
	host=$((host + 1))
	ip -n "$srv" link add $name type veth peer name eth0 netns "$(ns $name)"
	ip -n "$srv" link set $name master br1 up
	ip -n "$(ns $name)" addr add 172.17.0.$host/24 dev eth0
	ip -n "$(ns $name)" link set eth0 up
done
ip -n "$(ns h2)" addr add "$ALIAS/32" dev eth0
ip -n "$(ns h1)" route add "$ALIAS/32" dev eth0
ip -n "$(ns h2)" route add 198.18.0.0/15 dev eth0
stage udp name=h1 ns="$(ns h1)" port=1701
stage udp name=h2 ns="$(ns h2)" port=1701
stage udp name=h2a ns="$(ns h2)" addr="$ALIAS" port=1702
bridged()
{
	mark srv
	stage data from=h1 to=172.17.0.2:1701 size=9 &&
	stage take name=h2 timeout=5 && says count=1 src=172.17.0.1 &&
	stage data from=h1 to="$ALIAS:1701" size=9 &&
	stage take name=h2 timeout=5 && says count=1 &&
	stage data from=h2a to=172.17.0.1:1701 size=9 &&
	stage take name=h1 timeout=5 && says count=1 src="$ALIAS" &&
	same drop_stray_in drop_stray_out
}
call_iptables() { [ "$(in_ns srv sysctl -n net.bridge.bridge-nf-call-iptables)" = 1 ]; }
check "bridged frames to and from the same address pass" both call_iptables -- bridged
check "bridged: the clients lose nothing" everyone udp c1 c2

# What comes by a port and is routed here is no bridged frame.
routed()
{
	ip -n "$srv" addr add 172.17.0.254/24 dev br1 &&
	ip -n "$(ns h1)" route replace "$ALIAS/32" via 172.17.0.254
}
check "from a bridge: it is routed" both call_iptables -- routed
check "from a bridge, out: forwarded UDP" \
	stray_out stage data from=h1 to="$ALIAS:1701" size=10
lie_from_bridge()
{
	mark srv
	stage raw ns="$(ns h1)" src="$ALIAS" dst=172.16.0.2 via=172.17.0.254 \
		sport=7777 dport=7777 size=20 && await_rise drop_stray_in
}
check "from a bridge, in: forwarded" lie_from_bridge
check "from a bridge, in: nothing was forwarded" lan_clean
check "from a bridge: the clients lose nothing" everyone udp c1 c2

# Its SA gone, the client's address is still an alias.
sa_remove_server c2
check "out: L2TP after the SA went" \
	stray_out stage data from=srv to="$ALIAS:1701" size=10
check "in: L2TP after the SA went" stray_in dst="$SRV" sport=1701 dport=1701 size=20
check "the other client loses nothing" everyone udp c1

# Switched off, what was handed out is guarded as long as an SA uses it.
sa_install_server c2
GEN[c2]=$((GEN[c2] + 1))
set_sysctl enabled 0
check "out: switched off, an alias with SAs is still guarded" \
	stray_out stage data from=plain to="$ALIAS:9999" size=10

sa_end
