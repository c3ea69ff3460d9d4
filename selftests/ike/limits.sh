#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Limits hold: who is beyond them is not answered, who is connected loses
# nothing, service returns with room. Settings are checked.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

# refused NAME COUNTER: its first message is not answered, and COUNTER says so.
refused()
{
	mark srv &&
	stage exchange from="$1.500" to="$SRV:500" timeout=1 &&
	says answered=0 presented=none && rose "$2"
}

# served_again NAME: it is refused no longer, sooner or later.
try()
{
	stage exchange from="$1.500" to="$SRV:500" timeout=1 && says answered=1 &&
	field spii "SPII[$1]" && field spir "SPIR[$1]" &&
	ike_float "$1" && sa_install "$1"
}
served_again() { busywait 60000 try "$1"; }

# stage_five WHAT: it is what the cases are about.
stage_five()
{
	topo_crowd random c1 c2 c3 c4
	topo_direct d1 101
	daemon srv
	stage sniff name=wire ns="$(ns wan)" dev=srv0
	check "$1: two clients connect" both connect_client c1 -- connect_client c2
}

# The pool has one address.
topo_new
stage sysctl ns="$(ns srv)" name=esp_nat.alias_pool4 value=198.18.7.7/32
check "a pool of one address" says errno=0 value=198.18.7.7/32
stage_five "pool exhausted"
check "the second has it" is_at c2 198.18.7.7
check "pool exhausted: a third is not answered" refused c3 drop_no_alias
check "pool exhausted: the others lose nothing" everyone udp c1 c2
# Nor does who is in the middle of a handshake, and needs no alias.
handshake()
{
	stage exchange from=d1.500 to="$SRV:500" && says answered=1 || return 1
	field spii "SPII[d1]" && field spir "SPIR[d1]"
	stage wait seconds=3 && refused c3 drop_no_alias && same ctx_evicted &&
	mark srv && ike_float d1 && same ctx_created
}
check "pool exhausted: nor who is in a handshake" handshake
check "pool exhausted: who needs no alias is served, at a second try" \
	connect_client d1
check "pool exhausted: all of them" everyone udp c1 c2 d1
set_sysctl idle_timeout 1
disconnect_client c2
check "service returns when the alias does" served_again c3
check "the third has the alias then" is_at c3 198.18.7.7
check "the alias is back: both work" everyone udp c1 c3 d1
check "pool exhausted: no context is left" audit

# max_contexts.
topo_again
set_sysctl max_contexts 2
stage_five "max_contexts"
check "max_contexts: a third is not answered" refused c3 drop_ctx_max
check "max_contexts: nor is one from elsewhere" refused d1 drop_ctx_max
check "max_contexts: the others lose nothing" everyone udp c1 c2
set_sysctl idle_timeout 1
disconnect_client c2
check "max_contexts: service returns when one has gone" served_again c3
check "max_contexts: both work" everyone udp c1 c3
set_sysctl max_contexts 100
check "max_contexts raised: another is served" connect_client d1
check "max_contexts: no context is left" audit

# max_contexts_per_peer.
topo_again
set_sysctl max_contexts_per_peer 2
stage_five "max_contexts_per_peer"
check "max_contexts_per_peer: a third is not answered" refused c3 drop_peer_max
check "max_contexts_per_peer: one from elsewhere is" connect_client d1
check "max_contexts_per_peer: all others lose nothing" everyone udp c1 c2 d1
set_sysctl max_contexts_per_peer 3
check "max_contexts_per_peer raised: the third is served" connect_client c3
check "max_contexts_per_peer raised: all of them" everyone udp c1 c2 c3 d1

# A pool that has changed under its aliases, and settings that are nonsense.
rejected()
{
	local before
	stage sysctl ns="$(ns srv)" name="esp_nat.$1" || return 1
	before=$(field value)
	stage sysctl ns="$(ns srv)" name="esp_nat.$1" value="$2" &&
	says name="${3:-EINVAL}" value="$before"
}
check "a pool changed while aliases live: EBUSY" \
	rejected alias_pool4 100.64.0.0/16 EBUSY
check "and nothing happened" everyone udp c1 c2 c3 d1
bad_values()
{
	local bad=0 setting
	for setting in "$@"; do
		rejected "${setting%%=*}" "${setting#*=}" ||
			{ echo "# accepted: $setting"; bad=1; }
	done
	return "$bad"
}
check "bad numbers: EINVAL, old value kept" bad_values enabled=2 enabled=-1 \
	listen=2 listen=-1 \
	enabled=x alias_mode=4 alias_mode=-1 \
	follow_peer=3 follow_peer=-1 follow_peer=x \
	assume_udp_encap_context_on_send=3 refuse_outside_rule=2 block_mode=3 \
	keepalive_interval=-1 keepalive_interval=3601 \
	nat_port=0 nat_port=65536 nat_port=-1 ike_port=0 ike_port=65536 \
	max_contexts=-1 max_contexts_per_peer=-1 idle_timeout=-1
check "bad prefixes: EINVAL, old value kept" bad_values never_alias=x \
	never_alias=1.2.3.4/33 never_alias=1.2.3.4/ never_alias=10.0.0.0/8,y \
	never_alias=1.2.3/8 never_alias=300.1.1.1
set_sysctl enabled 0
check "bad pools: EINVAL, old value kept" bad_values alias_pool4=x \
	alias_pool4=198.18.0.0/33 alias_pool4=198.18.0.0 \
	alias_pool4=2001:2::/48 alias_pool4=198.18.0.0/15,198.20.0.0/16
defaults()
{
	local n
	n=$(ns fresh)
	ip netns add "$n"
	stage sysctl ns="$n" name="esp_nat.$1" && says value="$2"
	local good=$?
	ip netns del "$n"
	return "$good"
}
check "default: enabled" defaults enabled 1
check "default: alias_mode" defaults alias_mode 1
check "default: follow_peer" defaults follow_peer 1
check "default: keepalive_interval" defaults keepalive_interval 20
check "default: never_alias" defaults never_alias empty
check "default: alias_pool4" defaults alias_pool4 198.18.0.0/15
check "default: nat_port" defaults nat_port 4500
check "default: ike_port" defaults ike_port 500
check "default: max_contexts" defaults max_contexts 65536
check "default: max_contexts_per_peer" defaults max_contexts_per_peer 256
check "default: idle_timeout" defaults idle_timeout 300
# The contexts have gone with enabled=0, their SAs have not.
check "a pool changed while SAs use its aliases: EBUSY" \
	rejected alias_pool4 100.64.0.0/16 EBUSY
pool_free()
{
	ip -n "$(ns srv)" xfrm state flush
	busywait 10000 set_sysctl alias_pool4 100.64.0.0/16
}
check "a pool changed without aliases" pool_free
check "max_contexts_per_peer: no context is left" audit

# Other ports.
topo_again
set_sysctl alias_pool4 100.64.0.0/16
stage_five "another pool"
in_pool() { [[ ${PRES_ADDR[c2]} == 100.64.* ]]; }
check "another pool is used" in_pool
check "another pool: both work" everyone udp c1 c2

# A route covers the default pool.
topo_again
ip -n "$(ns srv)" route add 198.18.0.0/16 via 203.0.113.254
warned()
{
	local count
	count=$(heard | grep -c 'esp_nat.*198\.18\.0\.0/15')
	[ "$count" -eq "$1" ] || { heard | grep esp_nat; return 1; }
}
hear
mark srv
stage_five "the default pool under a route"
check "the default pool under a route: not used" is_at c2 $P
check "the default pool under a route: counted" rose pool_covered
as_stock() { stage exchange from=c3.500 to="$SRV:500" && says answered=1 addr="$P"; }
check "the default pool under a route: a third as stock, too" as_stock
check "the default pool under a route: one warning, soon" \
	busywait 10000 warned 1
route_comes() { hear; ip -n "$(ns srv)" route add "$1" via 203.0.113.254; }
# Longer than from one look at the routes to the next.
no_way() { hear; ip -n "$(ns srv)" route del default && stage wait seconds=3 && warned 0; }
set_sysctl alias_pool4 198.18.0.0/15
check "the same pool as the administrator wrote it: used" connect_client c4
check "the client has an alias" is_alias c4

# A route comes to cover it, under live clients.
topo_again
stage_five "a route comes later"
check "a route comes later: the default route goes and comes" \
	both no_way -- route_comes default
check "a route comes later: that says nothing" both everyone udp c1 c2 -- warned 0
check "a route comes later: a part of the pool is another's" \
	route_comes "${PRES_ADDR[c2]%.*}.0/24"
check "a route comes later: one warning, soon" busywait 10000 warned 1
check "a route comes later: the clients lose nothing" everyone udp c1 c2
check "a route comes later: one more would take a place: not answered" \
	refused c3 drop_no_alias
check "a route comes later: who needs no alias is served" connect_client d1
check "a route comes later: all work" everyone udp c1 c2 d1

sa_end
