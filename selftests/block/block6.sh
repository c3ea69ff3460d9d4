#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Block mode guards IPv6 as it does IPv4: nothing of block_ports comes in or
# leaves without an SA, in fragments or behind extension headers neither.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"
# shellcheck source=../lib/clear.sh
. "$SELFTESTS/lib/clear.sh"

sa_begin

topo_new
hear
topo_crowd random c1
topo_directs 101 d1 d2
srv=$(ns srv)
# A destination option that only fills eight bytes.
PADDING=0000010400000000

crew()
{
	stage close names=d1,d1.500,d1.4500,d2,d2.500,d2.4500 && topo6 &&
	client6 d1 && client6 d2 && settled6 &&
	stage udp name=s ns="$srv" addr=:: port=1701 &&
	stage udp name=s7 ns="$srv" addr=:: port=7777 &&
	stage udp name=d ns="$(ns d1)" addr=:: port=1701 &&
	stage udp name=d7 ns="$(ns d1)" addr=:: port=7777 &&
	stage udp name=d8 ns="$(ns d1)" addr=:: port=7778 options="$PADDING" &&
	stage udp name=e ns="$(ns d2)" addr=:: port=1701
}
check "a server and two clients" crew
D=${ADDR6[d1]} E=${ADDR6[d2]} HERE=$SRV6
stage sniff name=wire ns="$(ns wan)" dev=srv0 ip=6

clear_in() { arrives d "[$SRV6]:1701" s; }
clear_out() { arrives s "[$D]:1701" d; }
no_clear_in() { blocked_in s data from=d to="[$SRV6]:1701" size=20; }
no_clear_out() { blocked_out from=s to="[$D]:1701" size=20; }

check "mode 0: clear text comes in and leaves" both clear_in -- clear_out
set_sysctl block_mode 2
check "mode 2: in" no_clear_in
check "mode 2: out" no_clear_out
check "in: a client with another port" blocked_in s data from=d7 \
	to="[$SRV6]:1701" size=20
check "in: from 1701, as a server's answer" blocked_in s7 data from=d \
	to="[$SRV6]:7777" size=20
check "in: in fragments" blocked_in s data from=d to="[$SRV6]:1701" size=3000
check "in: behind a destination option" blocked_in s data from=d8 \
	to="[$SRV6]:1701" size=20
check "in: behind one, in fragments" blocked_in s data from=d8 \
	to="[$SRV6]:1701" size=3000
check "out: from 1701 to another port" blocked_out from=s to="[$D]:7777" size=20
check "out: to 1701, as a client" blocked_out from=s7 to="[$D]:1701" size=20
check "out: larger than the device takes" blocked_out from=s to="[$D]:1701" \
	size=3000
check "other ports come in and leave" both \
	arrives d7 "[$SRV6]:7777" s7 -- arrives s7 "[$D]:7777" d7 -- \
	arrives d8 "[$SRV6]:7777" s7 3000
check "to ourselves, by the loopback device" both \
	arrives s7 "[::1]:1701" s -- arrives s "[$SRV6]:7777" s7

# By way of the server, which has no part in it.
forwarded()
{
	stage sysctls ns="$srv" net.ipv6.conf.all.forwarding=1 &&
	ip -n "$(ns d1)" route add "$E/128" via 2001:db8:3::1 &&
	ip -n "$(ns wan)" -6 rule add iif pub to "$E" lookup 100 &&
	ip -n "$(ns wan)" route add "$E/128" via "$SRV6" dev srv0 table 100 &&
	arrives d "[$E]:1701" e && [ "$(wire_count wire dst="$E")" -eq 2 ] &&
	ip -n "$(ns wan)" -6 rule del iif pub to "$E" lookup 100
}
check "forwarded clear text is somebody else's" forwarded

daemon_on() { stage ike name=srv.500 ns="$srv" addr=:: port=500; }
set_sysctl block_mode 1
check "mode 1: nobody is on port 500" both no_clear_in -- no_clear_out
check "mode 1: a daemon is" both daemon_on -- clear_in -- clear_out
check "mode 1: it is gone" both stage close names=srv.500 -- \
	no_clear_in -- no_clear_out
set_sysctl block_mode 2

check "under SAs: both ways, and larger than the device takes" both \
	sas_by_hand srv "$SRV6" "$D" 0xa1 0xb1 -- \
	sas_by_hand d1 "$D" "$SRV6" 0xb1 0xa1 -- \
	clear_in -- clear_out -- \
	arrives d "[$SRV6]:1701" s 3000 -- arrives s "[$D]:1701" d 3000
check "who has none is blocked" blocked_in s data from=e to="[$SRV6]:1701" size=20
check "and is not spoken to" blocked_out from=s to="[$E]:1701" size=20
logged() { heard | grep 'esp_nat: block_mode .* UDP \[2001:db8:.*\]:1701 > '; }
check "the log tells" logged

sa_end
