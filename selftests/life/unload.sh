#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The module comes and goes under traffic: it is loaded into a running gateway,
# stays while aliased clients live, goes when it is switched off; devices and
# namespaces go under it.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

# Loaded later: first comes a gateway that runs without it.
NO_MODULE=1
sa_begin

topo_new
topo_crowd random c1 c2 c3
topo_direct d1 101
daemon srv
srv=$(ns srv)
gone() { ! module_loaded; }
check "no module yet" gone
check "a client behind NAT connects" connect_client c1
check "one without NAT connects" connect_client d1
check "both work" everyone udp c1 d1

check "before loading: traffic starts" stage pump flows="$(flows c1 d1)"
check "the module is loaded into the running gateway" module_load
check "loaded: traffic stops" stage pump stop=1
check "both go on" everyone udp c1 d1
known() { [ "$(stat ctx_confirmed)" -ge 2 ]; }
check "their contexts were found" known
check "a second client connects" connect_client c2
check "it has an alias: the address was known to be in use" is_alias c2
check "loaded: all work" everyone udp c1 c2 d1

# Not while aliased clients live.
check "before rmmod: traffic starts" stage pump flows="$(flows c1 c2 d1)"
refused()
{
	local said
	said=$(rmmod esp_nat 2>&1) && return 1
	[[ $said == *"in use"* ]] || { echo "# $said"; return 1; }
	module_loaded
}
check "rmmod is refused while an aliased client lives" refused
check "rmmod was refused: traffic stops" stage pump stop=1
check "rmmod was refused: all work" everyone udp c1 c2 d1

# A second gateway, in a namespace of its own.
topo_server srvb wanb
topo_nat natb $P random
topo_client natb e1 11
topo_client natb e2 12
daemon srvb
connect_client e1
connect_client e2
check "a second gateway's clients work" everyone udp e1 e2
check "two gateways: traffic starts" stage pump flows="$(flows c1 c2 d1)"
SERVER=srv
set_sysctl enabled 0
check "switched off here only, rmmod is still refused" refused
check "the other gateway's clients work" everyone udp e1 e2
switched_off_all() { switch_off && busywait 20000 module_unload; }
check "switched off everywhere, it goes" switched_off_all
check "unloaded: traffic stops" stage pump stop=1
check "unloaded: the clients without alias go on" everyone udp c1 d1

# And again, several times, under traffic.
sa_remove_server c2
sa_remove_client c2
again()
{
	local i
	stage pump flows="$(flows c1 d1)" || return 1
	for i in 1 2 3 4 5; do
		module_load || { echo "# insmod $i"; return 1; }
		switched_off_all || { echo "# rmmod $i"; return 1; }
	done
	module_load && stage pump stop=1
}
check "five times in and out under traffic" again
check "five times in and out: the clients without alias go on" everyone udp c1 d1
SERVER=srv
check "five times in and out: the aliased client dials again" redial c2
check "it has an alias" is_alias c2
check "five times in and out: all work" everyone udp c1 c2 d1
mark srv
off_on()
{
	stage pump flows="$(flows c1 c2 d1)" &&
	set_sysctl enabled 0 && set_sysctl enabled 1 &&
	stage pump stop=1 && everyone udp c1 d1
}
check "switched off and on under traffic" off_on

# The device goes under traffic, then the namespace.
check "off and on: the aliased client dials again" redial c2
check "off and on: all work" everyone udp c1 c2 d1
device_gone()
{
	stage pump flows="$(flows c1 c2 d1)" &&
	timeout 30 ip -n "$srv" link del wan0 && stage pump stop=1
}
check "the device is deleted under traffic" device_gone
back()
{
	topo_cable srv wan && everyone udp c1 c2 d1
}
check "it comes back and all work" back
namespace_gone()
{
	local held
	stage pump flows="$(flows c1 c2 d1)" && ip netns del "$srv" || return 1
	# Sockets keep the namespace alive; once they are closed it goes.
	stage pump stop=1
	held=$(lsns -t net -n | wc -l)
	stage close names=srv,srv.500,srv.4500 || return 1
	echo "namespaces: $held, then $(lsns -t net -n | wc -l)"
}
check "the namespace is deleted under traffic" namespace_gone
# What it pinned goes with it: the other gateway is switched off already.
after_it()
{
	module_loaded && switch_off && busywait 30000 module_unload
}
check "its contexts went with it: nothing holds the module" after_it
check "the module is loaded again" module_load

# That server is no more; the audit of all namespaces follows.
SERVER=srvb
sa_end
