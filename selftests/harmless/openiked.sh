#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# openiked as the server of IKEv2 clients with virtual addresses behind one
# NAT. Its SAs have no reqid, so that on the stock kernel, and with a real
# address, only the last client works; with alias_mode 2 every one does, and
# each is followed where its NAT takes it: iked and xfrm see nothing of it.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"
. "$(dirname "$0")/../lib/harmless.sh"

MOVE_WORK=tunnel_ping

setup() {
	tunnel_scene
	modprobe -q af_key
	iked_virtual_server srv 10.50.0.1/32 10.77.0.0/24 &&
		tunnel_client client1 'mobike = no' &&
		tunnel_client client2 'mobike = no' || return 1
	with_module in_ns srv sysctl -qw net.esp_nat.alias_mode=2
	talk_serve
}

connect() { strongswan_initiate client1 virtual && tunnel_ping client1; }

another() { strongswan_initiate client2 virtual && tunnel_ping client2; }

one_has_an_alias() {
	client_has_own client1 && client_has_alias client2
}

follows() {
	step_both "set up" setup || return
	step_both "an IKEv2 client" connect || return
	step "another, which works" another
	step_better "both at once" tunnel_ping client1 client2 || return
	step "the first keeps its address, the second has an alias" \
		one_has_an_alias
	step_better "an open TCP connection of each" talk_open client1 client2
	step_better "the NAT forgets: other ports" follow nat_forget nat
	step_better "another address and other ports" \
		follow nat_renumber nat 198.51.100.77
	step_better "the NAT keeps ports from now on: other ports" \
		follow keep_ports
	step_better "another address, the same ports" \
		follow nat_renumber nat 198.51.100.1
}

# shellcheck disable=SC2119
begin
daemons_install >/dev/null 2>&1 || bail "no daemons"
scene "openiked" follows
harmless_end
