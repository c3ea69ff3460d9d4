#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A daemon whose socket has UDP_GRO: on kernels whose sockets hand ESP to
# esp4_offload in GRO, it passes us before; on others the clients work all the same.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin
need ethtool

modprobe esp4_offload
topo_new
topo_crowd random c1 c2 c3
daemon srv gro=1
topo_gro
stage sniff name=wire ns="$(ns wan)" dev=srv0
kernel_has_it() { grep -q ' xfrm4_gro_udp_encap_rcv' /proc/kallsyms; }
gro_on() { in_ns srv ethtool -k wan0 | grep -q '^generic-receive-offload: on'; }
# Built in or loaded.
offload() { grep -q ' esp4_gro_receive' /proc/kallsyms; }
offload_is_a_module() { [ -d /sys/module/esp4_offload/sections ]; }
check "GRO is on, esp4_offload there" both gro_on -- offload
mark srv
check "three clients connect" both connect_client c1 -- connect_client c2 -- \
	connect_client c3
check "three clients work" everyone udp c1 c2 c3
check "the second and third have aliases" both is_alias c2 -- is_alias c3
if kernel_has_it; then
	check "GRO took the ESP, by us" rose in_esp_gro
	rewrote() { rose in_esp_presented; }
	check "and rewrote what comes from aliased clients" rewrote
else
	check "this kernel has no GRO for ESP in UDP: nothing is counted" \
		same in_esp_gro
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
check "after ESP without an SA: all work" everyone udp c1 c2 c3
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

restart()
{
	stage close names=srv.500,srv.4500 &&
	stage ike name=srv.500 ns="$(ns srv)" addr=0.0.0.0 port=500 responder=srv &&
	stage ike name=srv.4500 ns="$(ns srv)" addr=0.0.0.0 port=4500 \
		responder=srv gro=1 && ike_too c3
}
check "the daemon restarts" restart
mark srv
check "after the restart: all work" everyone udp c1 c2 c3
if kernel_has_it; then
	check "GRO took it for the new socket" rose in_esp_gro
fi

reopened()
{
	stage close names=srv.4500 &&
	stage ike name=srv.4500 ns="$(ns srv)" addr=0.0.0.0 port=4500 \
		responder=srv gro=1 || return 1
	mark srv
	everyone udp c1 c2 c3
}
check "its socket opened once more, and no IKE comes: all work" reopened
if kernel_has_it; then
	check "GRO took that, too" rose in_esp_gro
fi

# esp4_offload goes when no SA holds it, and comes back.
hang_up()
{
	local name
	for name; do
		disconnect_client "$name" || return 1
	done
}
offload_goes() { busywait 20000 modprobe -r esp4_offload && ! offload; }
offload_comes() { modprobe esp4_offload && offload; }
if offload_is_a_module; then
	check "all hang up" hang_up c1 c2 c3
	check "esp4_offload goes" offload_goes
	check "without it, two clients dial" both connect_client c1 -- \
		connect_client c2
	mark srv
	check "without it, they work" everyone udp c1 c2
	check "without it, GRO takes no ESP" same in_esp_gro
	check "they hang up" hang_up c1 c2
	check "esp4_offload comes back" offload_comes
	check "with it again, three clients dial" both connect_client c1 -- \
		connect_client c2 -- connect_client c3
	check "with it again, they work" everyone udp c1 c2 c3
	if kernel_has_it; then
		check "with it again, GRO takes their ESP, by us" rose in_esp_gro
	fi
fi

# Unloaded, nothing is in front of esp4_offload.
check "before the unload: no context is left" audit
unload() { switch_off && busywait 20000 module_unload && ! module_loaded; }
check "the module is unloaded under an open GRO socket" unload
topo_direct d1 101
check "a client of the stock kernel connects" connect_client d1
check "and works" everyone udp d1
check "the module is loaded again" module_load
check "the client goes on" everyone udp d1
if kernel_has_it; then
	taken() { [ "$(stat in_esp_gro)" -gt 0 ]; }
	check "GRO takes ESP by us since it was loaded" taken
fi

sa_end
