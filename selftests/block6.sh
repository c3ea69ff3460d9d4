#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Block mode guards IPv6 as it does IPv4: nothing of block_ports comes in or
# leaves without an SA, in fragments or behind extension headers neither.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=sa.sh
. "$(dirname "$0")/sa.sh"
# shellcheck source=topo6.sh
. "$SA_DIR/topo6.sh"

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
D=${ADDR6[d1]} E=${ADDR6[d2]}
stage sniff name=wire ns="$(ns wan)" dev=srv0 ip=6

# arrives FROM [ADDR]:PORT AT [SIZE]: a packet of one socket at another; quiet: no
# drop is counted.
arrives()
{
	stage take name="$3" timeout=0 && mark srv &&
	stage data from="$1" to="$2" size="${4:-20}" && says errno=0 &&
	stage take name="$3" timeout=5 && says count=1 size="${4:-20}" &&
	same drop_block_in drop_block_out
}

# blocked_in AT WORD...: what a client sends does not get to that socket, and is
# counted.
blocked_in()
{
	local at=$1
	shift
	stage take name="$at" timeout=0 && mark srv &&
	stage data "$@" && says errno=0 &&
	stage await ns="$srv" name=drop_block_in \
		min=$((BEFORE[drop_block_in] + 1)) && says good=1 &&
	stage take name="$at" timeout=0.2 && says count=0 &&
	same drop_block_out
}

# Packets of port 1701 that the server has sent, in the clear.
from_server()
{
	echo $(($(wire_count wire src="$SRV6" sport=1701) +
		$(wire_count wire src="$SRV6" dport=1701)))
}

# blocked_out WORD...: the server's data command is refused, counted, and puts
# nothing on the wire.
blocked_out()
{
	local before
	before=$(from_server)
	mark srv && stage data "$@" && says errno=1 &&
	rose drop_block_out 1 && same drop_block_in &&
	[ "$(from_server)" -eq "$before" ]
}

clear_in() { arrives d "[$SRV6]:1701" s; }
clear_out() { arrives s "[$D]:1701" d; }
no_clear_in() { blocked_in s from=d to="[$SRV6]:1701" size=20; }
no_clear_out() { blocked_out from=s to="[$D]:1701" size=20; }

check "mode 0: clear text comes in and leaves" both clear_in -- clear_out
set_sysctl block_mode 2
check "mode 2: in" no_clear_in
check "mode 2: out" no_clear_out
check "in: a client with another port" blocked_in s from=d7 \
	to="[$SRV6]:1701" size=20
check "in: from 1701, as a server's answer" blocked_in s7 from=d \
	to="[$SRV6]:7777" size=20
check "in: in fragments" blocked_in s from=d to="[$SRV6]:1701" size=3000
check "in: behind a destination option" blocked_in s from=d8 \
	to="[$SRV6]:1701" size=20
check "in: behind one, in fragments" blocked_in s from=d8 \
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

# sas HERE THERE IN OUT NAMESPACE: of any protocol.
sas()
{
	ip -n "$5" -batch - <<-END
		xfrm state add src $2 dst $1 proto esp spi $3 reqid 1 mode transport replay-window 32 $KEY
		xfrm state add src $1 dst $2 proto esp spi $4 reqid 1 mode transport $KEY
		xfrm policy add src $2 dst $1 proto udp dir in tmpl src $2 dst $1 proto esp reqid 1 mode transport
		xfrm policy add src $1 dst $2 proto udp dir out tmpl src $1 dst $2 proto esp reqid 1 mode transport
	END
}
check "under SAs: both ways, and larger than the device takes" both \
	sas "$SRV6" "$D" 0xa1 0xb1 "$srv" -- sas "$D" "$SRV6" 0xb1 0xa1 "$(ns d1)" -- \
	clear_in -- clear_out -- \
	arrives d "[$SRV6]:1701" s 3000 -- arrives s "[$D]:1701" d 3000
check "who has none is blocked" blocked_in s from=e to="[$SRV6]:1701" size=20
check "and is not spoken to" blocked_out from=s to="[$E]:1701" size=20
logged() { heard | grep 'esp_nat: block_mode .* UDP \[2001:db8:.*\]:1701 > '; }
check "the log tells" logged

sa_end
