#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# SAs set by hand, and no process has a UDP encapsulation socket anywhere: two
# hosts behind a NAT each; and a host behind a NAT whose port is looked up there,
# with 512 lines over TCP.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

PB=198.51.100.3

# own NAME VALUE: net.esp_nat.listen there.
own()
{
	stage sysctl ns="$(ns "$1")" name=esp_nat.listen value="$2" &&
	says errno=0
}

# no_process NAME: none has a socket there.
no_process()
{
	[ -z "$(in_ns "$1" ss -Huan)" ] || { in_ns "$1" ss -uanp; return 1; }
}

# --- two hosts, two NATs ---

topo_new
topo_nat nat "$P" preserving
topo_nat natb "$PB" preserving
topo_client nat ha 11
topo_client natb hb 11
stage close names=ha,ha.500,ha.4500,hb,hb.500,hb.4500
# Each NAT hands on UDP port 4500.
for name in nat natb; do
	in_ns "${NS[$name]}" nft -f - <<-END
		table ip forward {
			chain pre {
				type nat hook prerouting priority -100
				iifname out udp dport 4500 dnat to 10.1.0.11
			}
		}
	END
done
stage sniff name=wire ns="${NS[nat]}" dev=out

# between PROTO [WORDS]: ha and hb, both ways at the same time.
between()
{
	stage burst proto="$1" server="$(ns hb)" target="$PB:8080" \
		peers="ha:$(ns ha):$P:0" "${@:2}"
}
both_pass() { between "$@" && says all=1; }
neither()
{
	between icmp wait=1 rounds=1 && says back=0 down=0 refused=0
}

check "SAs set by hand at both" \
	both sas_by_hand ha 10.1.0.11 "$PB" 0xc1 0xd1 4500 4500 -- \
	sas_by_hand hb 10.1.0.11 "$P" 0xd1 0xc1 4500 4500
check "no process has a socket" both no_process ha -- no_process hb
check "nobody takes ESP: nothing passes" neither
check "listen 1 at one end: nothing passes" both own ha 1 -- neither
check "listen 1 at both" own hb 1
check "ICMP" both_pass icmp
check "TCP, 100,000 bytes each way" both_pass tcp size=100000
check "still no process has a socket" both no_process ha -- no_process hb

check "on the wire there is ESP in UDP, and nothing else" nothing_clear wire
udp_only()
{
	local all
	all=$(wire_count wire proto=17)
	echo "# $all packets"
	[ "$all" -gt 100 ] &&
	[ "$(wire_count wire proto=17 sport=4500 dport=4500)" -eq "$all" ] &&
	[ "$(wire_count wire proto=50)" -eq 0 ]
}
check "between the ports 4500" udp_only

# --- a host behind a NAT that changes ports, as NetBSD tests it ---

topo_again
topo_crowd random c
stage close names=c,c.500
discover()
{
	stage data from=c.4500 to="$SRV:4500" hex=ff || return 1
	busywait 20000 port_is_known && stage close names=c.4500 &&
	echo "# port $PORT" && [ "$PORT" != 4500 ]
}
port_is_known() { PORT=$(mapping c) && [ -n "$PORT" ]; }
check "the NAT's port for the host" discover
check "SAs with that port" \
	both sas_by_hand c 10.1.0.11 "$SRV" 0xc1 0xd1 4500 4500 -- \
	sas_by_hand srv "$SRV" "$P" 0xd1 0xc1 4500 "${PORT:-0}"
check "own sockets at both" both own c 1 -- own srv 1
stage sniff name=wire ns="$(ns wan)" dev=srv0

# lines COUNT: sent over TCP, and back.
lines()
{
	local got server
	in_ns_start srv "$SELFTESTS/tools/talk.py" serve 7777
	server=$!
	busywait 60000 listens || return 1
	# shellcheck disable=SC2016 # that shell's
	got=$(in_ns c bash -c '
		exec 3<>"/dev/tcp/$1/7777" && seq "$2" >&3 &&
		head -n "$2" <&3' bash "$SRV" "$1")
	kill "$server"
	[ "$got" = "$(seq "$1")" ]
}
listens() { [ -n "$(in_ns srv ss -Hltn 'sport = 7777')" ]; }
check "512 lines over TCP" lines 512

# A path that carries less: those who send learn of it.
narrow()
{
	ip -n "$(ns wan)" route replace 203.0.113.0/24 dev srv0 mtu lock 1300 &&
	ip -n "$(ns wan)" route replace 198.51.100.0/24 dev pub mtu lock 1300
}
through_it()
{
	stage burst proto=tcp server="$(ns srv)" target="$SRV:8080" size=100000 \
		peers="c:$(ns c):$P:0" && says all=1
}
check "a NAT that changes ports: TCP, 100,000 bytes each way" through_it
check "a narrow path: TCP arrives" both narrow -- through_it
told() { [ "$(wire_count wire proto=1)" -gt 0 ]; }
check "it was the path that told" told
none_clear()
{
	[ "$(wire_count wire proto=6)" -eq 0 ]
}
check "nothing of it in the clear" none_clear
by_the_port()
{
	local up down all
	up=$(wire_count wire proto=17 src="$P" sport="$PORT" dport=4500)
	down=$(wire_count wire proto=17 dst="$P" sport=4500 dport="$PORT")
	all=$(wire_count wire proto=17)
	echo "# $up packets up, $down down, of $all"
	[ "$up" -gt 5 ] && [ "$down" -gt 5 ] && [ $((up + down)) -eq "$all" ]
}
check "all of it by that port" by_the_port

check "the module goes, open sockets and all" \
	both switch_off -- busywait 20000 module_unload
check "and comes again" module_load

sa_end
