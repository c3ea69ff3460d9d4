#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Who knows all SPIs of strongSwan's clients, and where each is, speaks IKE in their
# names from wherever he likes. Three clients lose nothing meanwhile: each works, by
# name, and renews its SAs afterwards. He has but what is sent in the clear; who copies
# what is encrypted is in copies.sh.
# shellcheck disable=SC1091,SC2317
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"

CREW=(client1 client2 client3)

# spi_of HOST initiator|responder: of its IKE SA.
spi_of() {
	swanctl_in "$1" --list-sas --raw 2>/dev/null | tr ' ' '\n' |
		sed -n "s/^$2-spi=//p" | tail -n 1
}

# Where each is, and what names its IKE SA.
declare -A AT SPII SPIR
look() {
	local name

	for name in "${CREW[@]}"; do
		AT[$name]=$P:$(mapping "$name")
		SPII[$name]=$(spi_of "$name" initiator)
		SPIR[$name]=$(spi_of "$name" responder)
		[ -n "${SPII[$name]}" ] && [ -n "${SPIR[$name]}" ] || return 1
	done
}

# forge HOST PORT WORD... -- ADDR:PORT...: under its SPIs.
forge() {
	local name=$1 port=$2

	shift 2
	"$SELFTESTS/tools/forge.py" "$(ns wan)" "$SRV:$port" \
		spii="${SPII[$name]}" spir="${SPIR[$name]}" "$@"
}

# unharmed COMMAND...: it does that while they work.
unharmed() {
	"$@" || return 1
	client_work "${CREW[@]}" && client_all_distinct "${CREW[@]}" &&
		[ "$(stat_of srv ctx_moved)" = "$MOVED" ]
}

# First messages of IKEv1 and IKEv2, as who begins anew where each client is.
begins_anew() {
	local name i words from=()

	for name in "${CREW[@]}"; do
		for ((i = 0; i < 20; i++)); do
			from+=("${AT[$name]}")
		done
	done
	for words in "ver=1 xchg=2" "ver=2 xchg=34"; do
		# shellcheck disable=SC2086 # words
		"$SELFTESTS/tools/forge.py" "$(ns wan)" "$SRV:4500" \
			spii=random $words -- "${from[@]}" || return 1
	done
}

# Main Mode, Quick Mode and INFORMATIONAL under each one's SPIs, from these places.
speaks_from() {
	local name words

	for name in "${CREW[@]}"; do
		for words in "xchg=2" "xchg=32 msgid=77" "xchg=5 msgid=78"; do
			# shellcheck disable=SC2086 # words
			forge "$name" 4500 $words -- "$@" &&
				forge "$name" 500 $words -- "$@" || return 1
		done
	done
}

# Those of one SA under half of another's, too.
crossed() {
	local one other

	for one in "${CREW[@]}"; do
		for other in "${CREW[@]}"; do
			"$SELFTESTS/tools/forge.py" "$(ns wan)" "$SRV:4500" \
				spii="${SPII[$one]}" spir="${SPIR[$other]}" \
				xchg=32 msgid=79 -- "${AT[@]}" || return 1
		done
	done
}

# Their IKE SAs are what they were: they make new ones of ESP by them.
renew() {
	local name before

	for name in "${CREW[@]}"; do
		before=$(client_spi_out "$name")
		swanctl_in "$name" --rekey --child l2tp \
			>>"$INTEROP/$name/swanctl.out" 2>&1 &&
			busywait 20000 renewed "$name" "$before" || return 1
	done
	client_work "${CREW[@]}" && client_all_distinct "${CREW[@]}"
}
renewed() { [ "$(client_spi_out "$1")" != "$2" ]; }

# shellcheck disable=SC2119
begin 9
check "the daemons are there" daemons_install
check "strongSwan, a NAT, clients" client_crew random 3 1
check "three clients work" client_connect "${CREW[@]}"
check "where they are, and their SPIs" look
MOVED=$(stat_of srv ctx_moved)
check "first messages from where each is" unharmed begins_anew
check "under each one's SPIs, from where each is" unharmed speaks_from "${AT[@]}"
check "under each one's SPIs, from twelve ports and another address" \
	unharmed speaks_from "$P":{7001..7012} 198.51.100.77:4500
check "under SPIs of two" unharmed crossed
check "they renew their SAs" renew
interop_end
finish
