#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Twenty clients behind one NAT, strongSwan and xl2tpd, all at the same time;
# or CROWD of them.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"

L2TP_PATIENCE=240000
CROWD=${CROWD:-20}
mapfile -t crew < <(seq -f client%g "$CROWD")

# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
check "a server, a NAT, $CROWD clients" client_crew random "$CROWD" 1
check "$CROWD clients" client_connect "${crew[@]}"
check "each has an address of its own" client_all_distinct "${crew[@]}"
interop_end
finish
