#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A daemon whose socket has UDP_GRO: on kernels that take ESP in gro_receive,
# ours does; on others the clients work all the same.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=sa.sh
. "$(dirname "$0")/sa.sh"

sa_begin
need ethtool

modprobe esp4_offload
topo_new
topo_crowd random c1 c2 c3
daemon srv gro=1
topo_gro
stage sniff name=wire ns="$(ns wan)" dev=srv0
kernel_has_it() { grep -q ' xfrm4_gro_udp_encap_rcv' /proc/kallsyms; }
gro_on() { on srv ethtool -k wan0 | grep -q '^generic-receive-offload: on'; }
# Built in or loaded.
offload() { grep -q ' esp4_gro_receive' /proc/kallsyms; }
check "GRO is on, esp4_offload there" both gro_on -- offload
mark srv
check "three clients connect" both connect_client c1 -- connect_client c2 -- \
	connect_client c3
check "all work" everyone udp c1 c2 c3
check "the second and third have aliases" both is_alias c2 -- is_alias c3
if kernel_has_it; then
	check "our gro_receive took the ESP" rose in_esp_gro
	check "one socket is hooked" rose gro_hooked 1
	rewrote() { rose in_esp_presented; }
	check "and rewrote what comes from aliased clients" rewrote
else
	check "this kernel has no GRO for ESP in UDP: nothing is counted" \
		same in_esp_gro gro_hooked
fi
check "nothing in the clear" nothing_clear wire
unknown()
{
	mark srv
	stage data from=c2.4500 to="$SRV:4500" times=5 \
		hex=deadbeef00000001000000000000000000000000000000000000000000000000
	await_rise in_esp_no_sa && same in_esp_presented
}
check "ESP without an SA goes the common way, unchanged" unknown
check "all work" everyone udp c1 c2 c3
ike_too()
{
	stage exchange from="$1.4500" to="$SRV:4500" spii="${SPII[$1]}" \
		spir="${SPIR[$1]}" xchg=5 msgid=5 &&
	says answered=1 addr="${PRES_ADDR[$1]}" port="${PRES_PORT[$1]}"
}
check "IKE passes by" both ike_too c1 -- ike_too c2
BURST=(rounds=100 size=1200)
check "long bursts both ways" everyone udp c1 c2 c3
BURST=()

# The daemon restarts; its new socket is found when IKE comes.
restart()
{
	stage close names=srv.500,srv.4500 &&
	stage ike name=srv.500 ns="$(ns srv)" addr=0.0.0.0 port=500 responder=srv &&
	stage ike name=srv.4500 ns="$(ns srv)" addr=0.0.0.0 port=4500 \
		responder=srv gro=1 && ike_too c3
}
check "the daemon restarts" restart
mark srv
check "all work" everyone udp c1 c2 c3
if kernel_has_it; then
	check "our gro_receive is on the new socket" rose in_esp_gro
fi

# No IKE comes: found when ESP has passed unseen.
reopened()
{
	stage close names=srv.4500 &&
	stage ike name=srv.4500 ns="$(ns srv)" addr=0.0.0.0 port=4500 \
		responder=srv gro=1 || return 1
	mark srv
	hello c1 c2 c3
	everyone udp c1 c2 c3
}
check "its socket opened once more: all work after the first packet" reopened
if kernel_has_it; then
	check "and is found" rose gro_hooked 1
fi

# Unloaded, the socket has its own gro_receive back.
check "no context is left" audit
unload() { switch_off && wait_for 20 module_unload && ! module_loaded; }
check "the module is unloaded under an open GRO socket" unload
topo_direct d1 101
check "a client of the stock kernel connects" connect_client d1
check "and works" everyone udp d1
check "the module is loaded again" module_load
check "the client goes on" everyone udp d1
if kernel_has_it; then
	found() { [ "$(stat gro_hooked)" = 1 ]; }
	check "the socket was found at load" found
fi

sa_end
