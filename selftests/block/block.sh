#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Block mode: nothing of block_ports comes in or leaves without an SA; what is
# under one, of whatever kind, is not touched, nor is what this host forwards.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"
# shellcheck source=../lib/clear.sh
. "$SELFTESTS/lib/clear.sh"

sa_begin

#                                          +-- wan0 ...
#     lan host 172.16.0.2 --- lan0 .0.1 [srv] --- lo 203.0.113.77, .78
topo_new
hear
topo_crowd random c1 c2 c3 c4 c5
topo_directs 101 d1 d2 d3 d4 d5
daemon srv
srv=$(ns srv) wan=$(ns wan) lan=$(ns lan)
stage netns add="$lan"
ip -n "$srv" -batch - <<-END
	link add lan0 type veth peer name eth0 netns $lan
	addr add 172.16.0.1/24 dev lan0
	link set lan0 up
	addr add 203.0.113.77/32 dev lo
	addr add 203.0.113.78/32 dev lo
END
ip -n "$lan" -batch - <<-END
	link set lo up
	addr add 172.16.0.2/24 dev eth0
	link set eth0 up
	route add default via 172.16.0.1
END
in_ns srv sysctl -qw net.ipv4.ip_forward=1
ip -n "$wan" -batch - <<-END
	route add 172.16.0.0/24 via $SRV
	route add 203.0.113.77 via $SRV dev srv0
	route add 203.0.113.78 via $SRV dev srv0
END
stage udp name=lan ns="$lan" port=1701
stage udp name=other ns="$srv" port=7777
stage udp name=d1o ns="$(ns d1)" port=7777
stage sniff name=wire ns="$wan" dev=srv0
D=198.51.100.10 HERE=$SRV

clear_in() { arrives d1 "$SRV":1701 srv; }
clear_out() { arrives srv "${D}"1:1701 d1; }
no_clear_in() { blocked_in srv data from=d1 to="$SRV":1701 size=20; }
no_clear_out() { blocked_out from=srv to="${D}"1:1701 size=20; }

# --- settings ---

mode_is() { set_sysctl block_mode "$1"; }
ports_become()
{
	stage sysctl ns="$srv" name=esp_nat.block_ports value="$1" &&
	says errno=0 value="$2"
}
ports_refused()
{
	local was word
	stage sysctl ns="$srv" name=esp_nat.block_ports && was=$(field value) ||
		return 1
	for word; do
		stage sysctl ns="$srv" name=esp_nat.block_ports value="$word" &&
		says name=EINVAL value="$was" || return 1
	done
}
modes_refused()
{
	local word
	for word in 3 -1 x 1x 4294967298; do
		stage sysctl ns="$srv" name=esp_nat.block_mode value="$word" &&
		says name=EINVAL value=0 || return 1
	done
}
# many FIRST LAST: every other port, so that none touches the next.
many() { seq -s , "$1" 2 "$2"; }
defaults()
{
	stage sysctl ns="$srv" name=esp_nat.block_mode && says value=0 &&
	stage sysctl ns="$srv" name=esp_nat.block_ports && says value=1701
}
check "off, and guards L2TP, by default" defaults
check "block_mode: other values" modes_refused
check "block_ports: ports and ranges, in order" \
	ports_become 7777,1701,5000-5010 1701,5000-5010,7777
check "block_ports: what overlaps or touches is one range" \
	ports_become 10-20,5-9,15-30,30,31-31,33,1-65535,4 1-65535
check "block_ports: the same, in pieces" \
	ports_become 30-40,10-20,50,41-49,22,21 10-22,30-50
check "block_ports: blanks and several commas" \
	ports_become 9_,_8-8,,_6,65535 6,8-9,65535
check "block_ports: bad lists change nothing" ports_refused \
	0 0-5 5-4 65536 1-65536 1- -1 -- - 1--2 1-2-3 x 5x 0x6a5 +5 1.5 1,x \
	1701_-_1702 "1701;1702" 99999999999
check "block_ports: 64 ranges" ports_become "$(many 1001 1127)" \
	"$(many 1001 1127)"
check "block_ports: 65 are too many" ports_refused "$(many 1001 1129)"
check "block_ports: 65 that become one" \
	ports_become "$(seq -s , 1001 1065)" 1001-1065
check "block_ports: longer than 1023 bytes" \
	ports_refused "$(printf '1701,%.0s' {1..210})1701"
check "block_ports: none" ports_become "" empty
mode_is 2
check "none: mode 2 guards nothing" both clear_in -- clear_out
check "block_ports: as before" ports_become 1701 1701

# --- without an SA ---

mode_is 0
check "mode 0: clear text comes in" clear_in
check "mode 0: and leaves" clear_out
mode_is 2
check "mode 2: in: 1701 to 1701" no_clear_in
check "mode 2: out: 1701 to 1701" no_clear_out
check "in: a client with another port" \
	blocked_in srv data from=d1o to=$SRV:1701 size=20
check "in: from 1701, as a server's answer" \
	blocked_in other data from=d1 to=$SRV:7777 size=20
check "in: in fragments" blocked_in srv raw ns="$wan" src=198.51.100.254 \
	dst=$SRV sport=1701 dport=1701 size=200 cuts=8,24
check "in: with a wrong checksum" blocked_in srv raw ns="$wan" \
	src=198.51.100.254 dst=$SRV sport=1701 dport=1701 size=20 check=bad
check "in: to another address of ours" \
	blocked_in srv data from=d1 to=203.0.113.77:1701 size=20
in_ns srv nft -f - <<-END
	table ip t_redirect {
		chain pre {
			type nat hook prerouting priority -100
			udp dport 1234 dnat to $SRV:1701
		}
	}
END
check "in: by DNAT from another port" \
	blocked_in srv data from=d1o to=$SRV:1234 size=20
in_ns srv nft delete table ip t_redirect
check "out: to 1701, as a client with another port" \
	blocked_out from=other to=${D}1:1701 size=20
check "out: from 1701 to another port" \
	blocked_out from=srv to=${D}1:7777 size=20
check "out: larger than the device takes" \
	blocked_out from=srv to=${D}1:1701 size=4000
raw_out()
{
	mark srv
	! stage raw ns="$srv" src="$SRV" dst="${D}"1 sport=1701 dport=1701 size=20 \
		>/dev/null && [[ $REPLY == *"not permitted" ]] &&
	rose drop_block_out 1
}
check "out: by a raw socket" raw_out

check "other ports come in and leave" both \
	arrives d1o $SRV:7777 other -- arrives other ${D}1:7777 d1o
tcp()
{
	stage burst proto=tcp server="$srv" target="$SRV":1701 size=20000 \
		peers="d1:$(ns d1):${D}1:0" && says all=1
}
check "TCP port 1701 is not L2TP" tcp
check "to ourselves, by the loopback device" both \
	arrives srv 127.0.0.1:1701 srv -- arrives other 203.0.113.77:1701 srv
# set_sysctl enabled 0 forgets nothing here: there is no client yet.
set_sysctl enabled 0
check "switched off, block mode goes on" both no_clear_in -- no_clear_out
set_sysctl enabled 1
forwarded()
{
	arrives d1 172.16.0.2:1701 lan && arrives lan "${D}"1:1701 d1
}
check "forwarded clear text is somebody else's" forwarded
in_ns srv nft -f - <<-END
	table ip t_masq {
		chain post {
			type nat hook postrouting priority 100
			iifname lan0 masquerade
		}
	}
END
check "also with our address" arrives lan ${D}2:1701 d2
in_ns srv nft delete table ip t_masq

# Packets that this host forwards into an L2TP tunnel of its own: they have the
# mark of a forwarded packet, but it is this host that sends UDP.
l2tp_tunnel()
{
	modprobe -qa l2tp_netlink l2tp_eth
	ip -n "$srv" l2tp add tunnel tunnel_id 1 peer_tunnel_id 1 encap udp \
		local 203.0.113.78 remote ${D}2 udp_sport 1702 udp_dport 1701 &&
	ip -n "$srv" l2tp add session name l2tp0 tunnel_id 1 session_id 1 \
		peer_session_id 1 &&
	ip -n "$srv" -batch - <<-END
		addr add 10.88.0.1/24 dev l2tp0
		link set l2tp0 up
		neigh add 10.88.0.2 lladdr 02:00:00:00:88:02 dev l2tp0
	END
}
through_tunnel()
{
	stage data from=lan to=10.88.0.2:9 size=20 && says errno=0
}
tunnel_blocked()
{
	mark srv && through_tunnel &&
	await_rise drop_block_out &&
	[ "$(wire_count wire src=203.0.113.78)" -eq 0 ]
}
tunnel_passes()
{
	mode_is 0 && through_tunnel && [ "$(wire_count wire src=203.0.113.78)" -ge 1 ] &&
	mode_is 2
}
# The same, when what it forwards came by a bridge that netfilter sees.
lan_by_bridge()
{
	modprobe br_netfilter &&
	ip -n "$srv" -batch - <<-END &&
		link add br7 type bridge
		link set br7 up
		addr del 172.16.0.1/24 dev lan0
		link set lan0 master br7
		addr add 172.16.0.1/24 dev br7
	END
	in_ns srv sysctl -qw net.bridge.bridge-nf-call-iptables=1
}
lan_by_itself()
{
	ip -n "$srv" -batch - <<-END
		link del br7
		addr add 172.16.0.1/24 dev lan0
	END
}
if l2tp_tunnel >/dev/null 2>&1; then
	check "forwarded into an L2TP tunnel of this host" tunnel_blocked
	check "it comes by a bridge" lan_by_bridge
	check "forwarded from a bridge into an L2TP tunnel" tunnel_blocked
	check "it comes by its device again" lan_by_itself
	check "mode 0: that passes" tunnel_passes
	ip -n "$srv" l2tp del tunnel tunnel_id 1
else
	check "forwarded into an L2TP tunnel of this host" \
		skip "no l2tp_netlink, l2tp_eth"
fi

check "7777 and 5000 to 5002" ports_become 5000-5002,7777 5000-5002,7777
stage udp name=s5001 ns="$srv" port=5001
stage udp name=s5003 ns="$srv" port=5003
check "a list: 1701 passes" both clear_in -- clear_out
check "a list: the middle of a range is blocked" \
	blocked_in s5001 data from=d1 to=$SRV:5001 size=20
check "a list: behind the range is not" arrives d1 $SRV:5003 s5003
check "a list: its last port is blocked" \
	blocked_in other data from=d1 to=$SRV:7777 size=20
ports_become 1701 1701

# --- mode 1 ---

mode_is 1
check "mode 1: a daemon is there: clear text as without the module" \
	both clear_in -- clear_out
stage close names=srv.500
check "mode 1: its socket on 500 is gone, 4500 does not count" \
	both no_clear_in -- no_clear_out
check "mode 1: other ports pass" arrives d1o $SRV:7777 other
stage ike name=srv.500 ns="$srv" addr=0.0.0.0 port=500 responder=srv
check "mode 1: it is back" both clear_in -- clear_out
stage close names=srv.500
check "mode 1: gone again" both no_clear_in -- no_clear_out
stage ike name=srv.500 ns="$srv" addr=$SRV port=500 responder=srv
check "mode 1: a socket for this address" both clear_in -- clear_out
check "mode 1: another address has none" \
	blocked_in srv data from=d1 to=203.0.113.77:1701 size=20
stage close names=srv.500
stage ike name=srv.500 ns="$srv" addr=0.0.0.0 port=500 responder=srv dev=lan0
check "mode 1: a socket for another device" both no_clear_in -- no_clear_out
stage close names=srv.500
stage ike name=srv.500 ns="$srv" addr=0.0.0.0 port=500 responder=srv dev=wan0
check "mode 1: a socket for this device" both clear_in -- clear_out
set_sysctl ike_port 501
check "mode 1: ike_port is another" both no_clear_in -- no_clear_out
set_sysctl ike_port 500
check "mode 1: ike_port is that again" both clear_in -- clear_out
stage close names=srv.500
stage ike name=srv.500 ns="$srv" addr=0.0.0.0 port=500 responder=srv

# --- under an SA ---

# Everything but IKE's own ports.
mode_is 2
check "all ports are guarded" ports_become 1-65535 1-65535
mark srv
check "clients connect" both connect_client c1 -- connect_client c2
check "one has its own address, one an alias" both is_at c1 $P -- is_alias c2
check "both work, whatever port the NAT gives them" everyone udp c1 c2
ENCAP[d1]=no
check "a client with plain ESP" connect_client d1
check "and one in tunnel mode" tunnel_connect c3

# As tunnel_install_server, with an xfrm interface.
# interface_server NAME LOCAL IF_ID
interface_server()
{
	local a=${ADDR[$1]} pa=${END_ADDR[$1]} pp=${END_PORT[$1]}
	local in out key to_server to_client
	sa_facts "$1"
	ip -n "$srv" -batch - <<-END
		xfrm state add src $pa dst $SRV proto esp spi $in reqid ${ID[$1]} mode tunnel $INBOUND $key encap espinudp $pp 4500 0.0.0.0 if_id $3
		xfrm state add src $SRV dst $pa proto esp spi $out reqid ${ID[$1]} mode tunnel $OUTBOUND $key encap espinudp 4500 $pp 0.0.0.0 if_id $3
		xfrm policy add src $a dst $2 dir in tmpl src $pa dst $SRV proto esp reqid ${ID[$1]} mode tunnel if_id $3
		xfrm policy add src $2 dst $a dir out tmpl src $SRV dst $pa proto esp reqid ${ID[$1]} mode tunnel if_id $3
		link add xfrm$3 type xfrm dev wan0 if_id $3
		link set xfrm$3 up
	END
}
interface_connect()
{
	ike_connect c4 || return 1
	END_ADDR[c4]=${PRES_ADDR[c4]} END_PORT[c4]=${PRES_PORT[c4]}
	PRES_ADDR[c4]=${ADDR[c4]}
	interface_server c4 "$SRV" 4 && tunnel_install_client c4 &&
	ip -n "$srv" route add "${ADDR[c4]}" dev xfrm4 src "$SRV"
}
check "one by an xfrm interface" interface_connect

# An xfrm interface whose other side is in another namespace leaves no secpath.
box=$(ns box)
stage netns add="$box"
box_connect()
{
	local in out key to_server to_client a=${ADDR[c5]}
	ike_connect c5 || return 1
	END_ADDR[c5]=${PRES_ADDR[c5]} END_PORT[c5]=${PRES_PORT[c5]}
	sa_facts c5
	interface_server c5 10.66.0.1 5 &&
	ip -n "$srv" link set xfrm5 netns "$box" &&
	ip -n "$box" -batch - <<-END &&
		link set lo up
		addr add 10.66.0.1/32 dev lo
		link set xfrm5 up
		route add $a dev xfrm5 src 10.66.0.1
	END
	ip -n "${NS[c5]}" -batch - <<-END &&
		xfrm state add src $SRV dst $a proto esp spi $out reqid 1 mode tunnel $INBOUND $key encap espinudp 4500 4500 0.0.0.0
		xfrm state add src $a dst $SRV proto esp spi $in reqid 1 mode tunnel $OUTBOUND $key encap espinudp 4500 4500 0.0.0.0
		xfrm policy update src 10.66.0.1 dst $a dir in tmpl src $SRV dst $a proto esp reqid 1 mode tunnel
		xfrm policy update src $a dst 10.66.0.1 dir out tmpl src $a dst $SRV proto esp reqid 1 mode tunnel
	END
	stage udp name=box ns="$box" port=1701 &&
	stage sysctls ns="$box" net.esp_nat.block_mode=2
}
check "one by an xfrm interface that is in another namespace" box_connect
box_works()
{
	stage burst server=box target=10.66.0.1:1701 \
		peers="c5:c5:${ADDR[c5]}:1701" && says all=1 &&
	[ "$(SERVER=box stat drop_block_in)$(SERVER=box stat drop_block_out)" = 00 ]
}
check "it works, in mode 2 there" box_works

vti_connect()
{
	local in out key to_server to_client a=${ADDR[d2]}
	ip -n "$srv" -batch - <<-END || return 4
		link add vti2 type vti local $SRV remote $a key 2
	END
	ike_connect d2 || return 1
	sa_facts d2
	in_ns srv sysctl -qw net.ipv4.conf.vti2.disable_policy=1
	ip -n "$srv" -batch - <<-END &&
		xfrm state add src $a dst $SRV proto esp spi $in reqid 22 mode tunnel $INBOUND $key encap espinudp 4500 4500 0.0.0.0
		xfrm state add src $SRV dst $a proto esp spi $out reqid 22 mode tunnel $OUTBOUND $key encap espinudp 4500 4500 0.0.0.0
		xfrm policy add src 10.67.0.2 dst $SRV dir in mark 2 tmpl src $a dst $SRV proto esp reqid 22 mode tunnel
		xfrm policy add src $SRV dst 10.67.0.2 dir out mark 2 tmpl src $SRV dst $a proto esp reqid 22 mode tunnel
		link set vti2 up
		route add 10.67.0.2 dev vti2 src $SRV
	END
	ip -n "${NS[d2]}" -batch - <<-END &&
		addr add 10.67.0.2/32 dev lo
		route change default via 198.51.100.254 src 10.67.0.2
		xfrm state add src $SRV dst $a proto esp spi $out reqid 1 mode tunnel $INBOUND $key encap espinudp 4500 4500 0.0.0.0
		xfrm state add src $a dst $SRV proto esp spi $in reqid 1 mode tunnel $OUTBOUND $key encap espinudp 4500 4500 0.0.0.0
		xfrm policy update src $SRV dst 10.67.0.2 dir in tmpl src $SRV dst $a proto esp reqid 1 mode tunnel
		xfrm policy update src 10.67.0.2 dst $SRV dir out tmpl src $a dst $SRV proto esp reqid 1 mode tunnel
	END
	PRES_ADDR[d2]=10.67.0.2
}
check "one by a vti interface" vti_connect

check "transport, alias, tunnel, interfaces: all at once" \
	everyone udp c1 c2 d1 c3 c4 d2
check "nothing of it was blocked" same drop_block_in drop_block_out

# A mark chooses the policy, in OUTPUT.
marked_policy()
{
	local in out key to_server to_client
	connect_client "$1" || return 1
	sa_facts "$1"
	ip -n "$srv" -batch - <<-END
		xfrm policy delete src $SRV dst ${ADDR[$1]} $to_client dir out
		xfrm policy add src $SRV dst ${ADDR[$1]} $to_client dir out priority 100 mark $2 mask 0xff tmpl src $SRV dst ${ADDR[$1]} proto esp spi $out reqid 1 mode transport
	END
}
check "a client whose policy needs a mark" marked_policy d3 7
ports_become 1701 1701
check "without the mark nothing leaves" \
	blocked_out from=srv to=${D}3:1701 size=20
in_ns srv nft -f - <<-END
	table ip marks {
		chain out {
			type route hook output priority -150
			ip daddr ${D}3 udp dport 1701 meta mark set 7
		}
		chain mangle {
			type filter hook postrouting priority -150
			ip saddr 203.0.113.77 udp dport 1701 meta mark set 9
		}
	}
END
mark srv
check "with it, set in OUTPUT, all passes" everyone udp d3

# Mark and address of the policy are there in POST_ROUTING only.
stage udp name=alt ns="$srv" addr=203.0.113.77 port=1702
check "a client whose policy has another source" marked_policy d4 9
mark srv
check "without SNAT nothing leaves" blocked_out from=alt to=${D}4:1701 size=20
in_ns srv nft -f - <<-END
	table ip t_snat {
		chain post {
			type nat hook postrouting priority 100
			ip saddr 203.0.113.77 udp sport 1702 snat to $SRV:1701
		}
	}
END
snatted()
{
	mark srv
	stage take name=d4 timeout=0 && stage take name=alt timeout=0 &&
	stage data from=alt to="${D}"4:1701 size=20 && says errno=0 &&
	stage take name=d4 timeout=5 && says count=1 src="$SRV" port=1701 &&
	stage data from=d4 to="$SRV":1701 size=20 &&
	stage take name=alt timeout=5 && says count=1 src="${D}"4 &&
	same drop_block_in drop_block_out
}
check "mark in mangle's POSTROUTING, then SNAT, then the policy: all passes" \
	snatted
# The other way round: SNAT takes it away from its policy.
in_ns srv nft -f - <<-END
	table ip t_away {
		chain post {
			type nat hook postrouting priority 99
			ip saddr $SRV ip daddr ${D}1 udp dport 1701 snat to 203.0.113.78
		}
	}
END
conntrack_gone() { in_ns srv conntrack -F >/dev/null 2>&1; }
conntrack_gone
taken_away()
{
	blocked_out from=srv to="${D}"1:1701 size=20 &&
	[ "$(wire_count wire src=203.0.113.78 sport=1701)" -le "$TUNNELLED" ]
}
TUNNELLED=$(wire_count wire src=203.0.113.78 sport=1701)
check "SNAT away from the policy: nothing leaves" taken_away
in_ns srv nft delete table ip t_away
conntrack_gone
# Where there are NAT rules, a flow that both ends open at the same moment is two
# to conntrack, and the second gets another port: so the clients speak first.
again()
{
	hello "$@" && everyone udp "$@"
}
check "all of them again" again c1 c2 d1 c3 c4 d2 d3

# SAs that hide nothing.
ah()
{
	local key=0x0102030405060708090a0b0c0d0e0f10 n spi
	for n in "$srv" "$(ns d5)"; do
		for spi in 1 2; do
			local src=$SRV dst=${D}5
			[ "$spi" -eq 1 ] || src=${D}5 dst=$SRV
			ip -n "$n" xfrm state add src "$src" dst "$dst" proto ah \
				spi 0xa"$spi" reqid 9 mode transport \
				auth-trunc 'hmac(sha256)' "${key}""${key#0x}" 128 || return 1
		done
	done
	ip -n "$srv" -batch - <<-END &&
		xfrm policy add src $SRV dst ${D}5 dir out tmpl src $SRV dst ${D}5 proto ah reqid 9 mode transport
		xfrm policy add src ${D}5 dst $SRV dir in tmpl src ${D}5 dst $SRV proto ah reqid 9 mode transport
	END
	ip -n "$(ns d5)" xfrm policy add src "${D}"5 dst "$SRV" dir out tmpl \
		src "${D}"5 dst "$SRV" proto ah reqid 9 mode transport
}
modprobe -q ah4
if ah >/dev/null 2>&1; then
	check "AH hides nothing: in" \
		blocked_in srv data from=d5 to="$SRV":1701 size=20
	check "AH hides nothing: out" \
		blocked_out from=srv to="${D}"5:1701 size=20
else
	check "AH hides nothing" skip "no ah4"
fi

# --- a flood ---

# Two who speak in the clear, both ways, as fast as they can, while the clients
# work.
ip -n "$(ns d4)" xfrm policy flush
ip -n "$srv" xfrm policy delete src $SRV dst ${D}4 proto udp sport 1701 \
	dport 1701 dir out mark 9 mask 0xff
in_ns srv nft delete table ip t_snat
stage udp name=d2c ns="$(ns d2)" addr=${D}2 port=1702
PUMP=
field_of_pump()
{
	local word
	for word in $PUMP; do
		[[ $word != "$1="* ]] || echo "${word#*=}"
	done
}
stage_pump_stop() { stage pump stop=1 && PUMP=$REPLY; }
flood()
{
	local before
	before=$(from_server)
	stage take name=d4 timeout=0 && mark srv &&
	stage pump flows="d4>$SRV:1701,srv>${D}4:1701,d2c>$SRV:1701,other>${D}2:1701" &&
	stage pump begun=1 && everyone udp c1 c2 d1 c3 c4 d3 &&
	stage_pump_stop &&
	stage take name=d4 timeout=0.3 && says count=0 &&
	rose drop_block_out "$(field_of_pump refused)" &&
	await_rise drop_block_in "$(field_of_pump sent)" &&
	[ "$(from_server)" -eq "$before" ]
}
check "a flood in the clear both ways: none passes, the clients lose nothing" \
	flood

# --- it is told ---

reports()
{
	heard | grep "block_mode in namespace $(stat_inode): UDP"
}
stat_inode() { command stat -L -c %i "/run/netns/$srv"; }
few_reports()
{
	local n
	reports
	n=$(reports | wc -l)
	# At most one in ten seconds.
	[ "$n" -ge 1 ] && [ "$n" -le $(((SECONDS - BEGUN) / 10 + 2)) ]
}
says_who() { reports | grep -qE "UDP [0-9.]+:1701 > |> [0-9.]+:1701 is"; }
BEGUN=0
check "the log tells, not too often" few_reports
check "and of whom" says_who

sa_end
