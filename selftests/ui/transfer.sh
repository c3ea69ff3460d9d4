#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What is imported is exported as it was: a thousand random contexts, twice, and
# what is there already stays.
#
#	SEED=N ui/transfer.sh
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

TOOL=${ESP_NAT_TOP:-$SELFTESTS/..}/build/tools/espnat
[ -x "$TOOL" ] || TOOL=$(command -v espnat) || bail "no espnat: make -C tools"
SEED=${SEED:-$RANDOM}

sa_begin
topo_new
WORK=$(mktemp -d)
at_exit rm -rf "$WORK"
espnat() { "$TOOL" -n "$(ns srv)" "$@"; }
contexts() { "$SELFTESTS/tools/contexts.py" "$@"; }

# same FILE: it is what is exported now.
same_as()
{
	espnat export >"$WORK/now" &&
		diff <(contexts sorted <"$1") <(contexts sorted <"$WORK/now") |
		head -n 20 | sed 's/^/# /'
	[ "${PIPESTATUS[0]}" -eq 0 ]
}
transferred()
{
	echo "# seed $1"
	contexts 1000 "$1" >"$WORK/all" && espnat import <"$WORK/all" &&
		same_as "$WORK/all" && espnat import <"$WORK/all" &&
		same_as "$WORK/all" && espnat context flush &&
		espnat import <"$WORK/now" && same_as "$WORK/all" &&
		espnat context flush
}
check "a thousand contexts" transferred "$SEED"
check "another thousand" transferred $((SEED + 1))
finish
