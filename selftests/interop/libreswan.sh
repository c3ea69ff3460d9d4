#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Unmodified libreswan and xl2tpd as the server of several clients behind one
# NAT that all send at the same time.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"

# One after the other, so that it is known who has the alias.
two_dial() {
	client_dial client1
	client_dial client2
	client_work client1 client2
}

third_joins() {
	client_dial client3
	client_work client1 client2 client3 &&
		client_all_distinct client1 client2 client3
}

redial() {
	client_hangup client2 || return 1
	client_dial client2
	# Its last words may have followed its SA's end in the clear: its own
	# doing. To its alias nothing left.
	[ "$(capture_count alias)" = 0 ] || return 1
	capture_reset
	client_work client1 client2 client3
}

# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
check "a server, a NAT, clients" client_crew random 3 1 libreswan
check "2 clients" two_dial
check "3 clients" third_joins
check "one hangs up with DELETE and dials again" redial
interop_end
finish
