#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A client that shares a NAT with others, and hears them, sends each of their IKE
# messages to port 4500 once more from where it is itself: behind the original, and
# instead of it. Whoever dials gets there, at worst when it dials again, and
# everybody's packets are his own. With strongSwan: the answers of libreswan do not
# always reach the one who dials as long as somebody copies.
# shellcheck disable=SC1091,SC2317,SC2034
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/interop.sh"

# client1 copies, client3 is there already, client2 dials.
two_dial() {
	client_dial client1
	client_dial client3
	client_work client1 client3
}

copies_begin() {
	"$SELFTESTS/tools/copycat.py" "$(ns nat)" out "$(ns wan)" \
		"$P:$(mapping client1)" "$SRV" >"$COPIES" 2>&1 </dev/null &
	COPYCAT=$!
	at_exit copies_end
	busywait 20000 grep -q ready "$COPIES" || { cat "$COPIES"; return 1; }
}

copies_end() {
	[ -z "$COPYCAT" ] || kill "$COPYCAT"
	COPYCAT=
}
COPYCAT=

copied() { grep -c bytes "$COPIES"; }

all_apart() {
	client_work client1 client2 client3 &&
		client_all_distinct client1 client2 client3
}

# gets_there HOST: IKE, at worst when it dials again, and then L2TP: nothing is in the
# clear.
gets_there() {
	client_dial_ike "$1" || dials_again "$1" || return 1
	client_dial_l2tp "$1"
}

dials_beside_copies() {
	local before

	before=$(copied)
	gets_there client2
	all_apart && [ "$(copied)" -gt "$before" ]
}

# The originals of the first messages are lost, and only those.
lose_originals() {
	in_ns wan nft -f - <<-END
		table ip thief {
			chain forward {
				type filter hook forward priority filter;
				udp dport 4500 udp sport != $(mapping client1) @th,64,32 0 quota until $1 bytes drop
			}
		}
	END
}

dials_behind_copies() {
	client_hangup client2
	capture_reset
	[ -n "$COPYCAT" ] || copies_begin || return 1
	lose_originals 500 || return 1
	gets_there client2
	all_apart
}

dials_again() {
	note "$1 dials again, nobody copies"
	copies_end
	in_ns wan nft delete table ip thief 2>/dev/null
	swanctl_in "$1" --terminate --ike l2tp >>"$INTEROP/$1/swanctl.out" 2>&1
	client_dial_ike "$1"
}

L2TP_PATIENCE=40000
# shellcheck disable=SC2119
begin
check "the daemons are there" daemons_install
check "strongSwan, a NAT, clients" client_crew random 3 1
COPIES=$INTEROP/copies.log
check "two clients" two_dial
check "one copies all IKE that it hears" copies_begin
check "another dials beside the copies" dials_beside_copies
check "another dials, and the copies come first" dials_behind_copies
copies_end
interop_end
finish
