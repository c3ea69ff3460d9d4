#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Everything that can go, goes under traffic: the module, namespaces, sockets,
# SAs, devices, the pool, contexts, and SAs that migrate. Made for a kernel that
# watches itself, on two processors.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

# under_traffic COMMAND...: these clients and the server send all the while.
TALKING=(c1 c2 d1)
under_traffic()
{
	local status=0
	stage pump flows="$(flows "${TALKING[@]}")" || return 1
	"$@" || status=1
	stage pump stop=1 && return "$status"
}

# times N COMMAND...: until one fails.
times()
{
	local i n=$1
	shift
	for ((i = 1; i <= n; i++)); do
		"$@" || { echo "# the $i. time"; return 1; }
	done
}

scene()
{
	topo_crowd random c1 c2
	topo_direct d1 101
	daemon srv gro=1
	topo_gro
	connect_client c1 && connect_client c2 && connect_client d1 &&
	everyone udp c1 c2 d1
}

topo_new
check "clients connect, and work" scene
srv=$(ns srv)

# --- the module ---

in_and_out()
{
	switch_off && busywait 20000 module_unload && module_load
}
check "rmmod and insmod 50 times" under_traffic times 50 in_and_out
check "who has no alias goes on" everyone udp c1 d1
check "who had one dials again" redial c2
check "rmmod: all work" everyone udp c1 c2 d1

# --- namespaces ---

# A gateway and two clients of one address, one gateway after the other, each in
# a namespace that goes while they send. The next one does not wait for that, so
# it has another network.
BRIEF=0
brief_gateways()
{
	local i links='' names=''
	for ((i = BRIEF + 1; i <= BRIEF + $1; i++)); do
		names+=,$T-brief$i
		links+="link add eth0 netns $T-brief$i type veth peer name eth$i netns $T-briefc
		"
	done
	stage netns add="${names#,}" && ip -batch - <<<"$links" || return 1
	times "$1" brief_gateway
}
brief_gateway()
{
	local cl="$T-briefc" port dest status=0 sas='' dev=eth$((++BRIEF))
	local gw=$T-brief$BRIEF a=10.9.$BRIEF.1 b=10.9.$BRIEF.2
	stage ifup ns="$gw" dev=lo addr=127.0.0.1
	stage ifup ns="$gw" dev=eth0 addr="$a" default=1
	stage ifup ns="$cl" dev="$dev" addr="$b"
	stage responder name=brief
	stage ike name=brief.500 ns="$gw" addr=0.0.0.0 port=500 responder=brief
	stage ike name=brief.4500 ns="$gw" addr=0.0.0.0 port=4500 \
		responder=brief gro=1
	stage udp name=brief ns="$gw" port=1701
	for port in 4500 4600; do
		stage exchange from="briefc.$port" to="$a:4500" &&
			says answered=1 || status=1
		dest=$(field addr)
		sas+="
			xfrm state add src $dest dst $a proto esp spi $port reqid 1 mode transport replay-window 32 $KEY encap espinudp $port 4500 0.0.0.0
			xfrm state add src $a dst $dest proto esp spi $((port + 1)) reqid 1 mode transport $KEY encap espinudp 4500 $port 0.0.0.0
			xfrm policy add src $a dst $dest dir out tmpl src $a dst $dest proto esp spi $((port + 1)) reqid 1 mode transport"
	done
	ip -n "$gw" -batch - <<<"$sas"
	# The last one has an alias; the ESP of both comes to their IKE sockets.
	[[ $dest == 198.1[89].* ]] || { echo "# $dest is no alias"; status=1; }
	stage pump name=brief flows="brief>$dest:1701,brief>$b:1701"
	stage netns del="$gw"
	stage pump name=brief stop=1
	stage close names=brief,brief.500,brief.4500
	return "$status"
}
brief_clients()
{
	ip netns add "$T-briefc" &&
	for port in 4500 4600; do
		stage ike name="briefc.$port" ns="$T-briefc" addr=0.0.0.0 \
			port="$port" marker=1 || return 1
	done
}
check "clients for brief gateways" brief_clients
check "200 namespaces with live clients" \
	under_traffic times 10 brief_gateways 20
check "namespaces: all work" everyone udp c1 c2 d1

# --- sockets, SAs, devices ---

# With GRO as before, and without.
GRO=1
reopen()
{
	GRO=$((1 - GRO))
	stage close names=srv.500,srv.4500 &&
	stage ike name=srv.500 ns="$srv" addr=0.0.0.0 port=500 responder=srv &&
	stage ike name=srv.4500 ns="$srv" addr=0.0.0.0 port=4500 responder=srv \
		gro="$GRO"
}
check "the daemon's sockets closed and opened 50 times" \
	under_traffic times 50 reopen
check "sockets: all work" everyone udp c1 c2 d1

flush()
{
	ip -n "$srv" -batch - <<-END
		xfrm state flush
		xfrm policy flush
		$(sa_of_server c1; sa_of_server c2; sa_of_server d1)
	END
}
# Both ends begin to count anew.
fresh()
{
	local name
	for name; do
		disconnect_client "$name" && sa_install "$name" || return 1
	done
	everyone udp "$@"
}
check "the SAs flushed 50 times" under_traffic times 50 flush
check "SAs flushed: all work" fresh c1 c2 d1

down()
{
	ip -n "$srv" -batch - <<-END
		link set wan0 down
		link set wan0 up
		route replace default via 203.0.113.254
	END
}
check "the device down and up 50 times" under_traffic times 50 down
check "device down: all work" everyone udp c1 c2 d1

deleted()
{
	timeout 60 ip -n "$srv" link del wan0 && topo_cable srv wan
}
check "the device deleted 20 times" under_traffic times 20 deleted
check "device deleted: all work" everyone udp c1 c2 d1

# --- the pool, and births ---

other_pool()
{
	stage flood from=c2.500 to="$SRV:500" count=20 seed="$RANDOM" \
		settle=0
	# Live aliases forbid it.
	stage sysctl ns="$srv" name=esp_nat.alias_pool4 value=10.99.0.0/16 &&
	says errno=16
}
check "the pool changed 50 times while aliases live" \
	under_traffic times 50 other_pool
TALKING=(d1)
pool()
{
	stage flood from=c2.500 to="$SRV:500" count=20 seed="$RANDOM" \
		settle=0
	sysctl_either enabled 0 && sysctl_either alias_pool4 "$1" &&
	sysctl_either enabled 1
}
# Births may have been quicker than the change: busy.
sysctl_either()
{
	stage sysctl ns="$srv" name="esp_nat.$1" value="$2" || return 1
	says errno=0 >/dev/null || says errno=16
}
pools()
{
	pool 10.99.0.0/16 && pool 198.18.0.0/15
}
disconnect_client c2
check "the pool changed 50 times among births" under_traffic times 50 pools

# --- contexts that expire ---

set_sysctl idle_timeout 1
TALKING=(c1 c2 d1)
expire()
{
	GEN[c2]=$((GEN[c2] + 1))
	sa_remove_client c2
	connect_client c2 || return 1
	sa_remove_server c2
	mark srv
	await_rise ctx_expired
}
check "contexts expire while packets for them come, 5 times" \
	under_traffic times 5 expire
set_sysctl idle_timeout 300
check "who had an alias dials again" redial c2
check "contexts expired: all work" everyone udp c1 c2 d1

# --- SAs that migrate ---

# migrate in|out OLD NEW: a client's SAs and policy that way, on the server.
migrate()
{
	stage migrate ns="$srv" way="$1" policy="${PRES_ADDR[c1]}" peer="$2" \
		local="$SRV" to="$3" reqid=1 port=1701 \
		encap="${PRES_PORT[c1]}"
}
there_and_back()
{
	local old=${PRES_ADDR[c1]} new=198.51.100.77
	migrate in "$old" "$new" && migrate out "$old" "$new" &&
	migrate in "$new" "$old" && migrate out "$new" "$old"
}
check "SAs migrate 20 times and back" under_traffic times 20 there_and_back
check "SAs migrated: all work" everyone udp c1 c2 d1

sa_end
