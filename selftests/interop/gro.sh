#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# GRO where the daemon wants it: strongSwan sets UDP_GRO since 6.0.2, and where
# esp4_offload is loaded and the device has GRO, the kernel takes ESP there. Older
# ones do not, and older kernels cannot: there the clients work as ever. IKEv2, since
# what sets it may be built without IKEv1.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"

crew=(client1 client2 client3)
ESPNAT=$SELFTESTS/../build/tools/espnat

gro() { SERVER=srv WAN=wan topo_gro; }
wants_gro() { in_ns srv "$ESPNAT" socket | grep -q ':4500 .* UDP_GRO'; }
kernel_has_it() { grep -q ' xfrm4_gro_udp_encap_rcv' /proc/kallsyms; }

# Whatever the daemon and the kernel can, and no less.
taken() {
	local by_gro

	by_gro=$(stat_of srv in_esp_gro)
	echo "in_esp_gro $by_gro, in_esp $(stat_of srv in_esp)," \
		"UDP_GRO $(wants_gro && echo yes || echo no)"
	if wants_gro && kernel_has_it; then
		[ "$by_gro" -gt "$1" ]
	else
		[ "$by_gro" -eq 0 ]
	fi
}
work() { client_work "${crew[@]}" && client_all_distinct "${crew[@]}"; }
unloaded() { busywait 30000 modprobe -qr esp4_offload; ! grep -q ' esp4_gro_receive' /proc/kallsyms; }
offload() { modprobe esp4_offload && grep -q ' esp4_gro_receive' /proc/kallsyms; }
no_gro() { [ "$(stat_of srv in_esp_gro)" -eq 0 ]; }

# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
check "esp4_offload is not there" unloaded
check "a server, a NAT, clients" client_crew random 3 2
check "clients of IKEv2 get an alias, too" in_ns srv sysctl -qw net.esp_nat.alias_mode=2
check "GRO is on where the server's packets come in" gro
check "three clients" client_connect "${crew[@]}"
check "they work" work
check "without esp4_offload, GRO takes no ESP" no_gro
check "esp4_offload is loaded under them" offload
check "under it, they work" work
check "under it, GRO takes ESP where the daemon wants that" taken 0
BEFORE=$(stat_of srv in_esp_gro)
check "all hang up" client_hangup_all "${crew[@]}"
check "all dial again" client_connect "${crew[@]}"
check "dialled again, they work" work
check "dialled again, GRO takes more" taken "$BEFORE"
interop_end
finish
