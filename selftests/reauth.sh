#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# IKEv1 rekeying of phase 1 and reauthentication on port 4500 join the client,
# with and without alias: strongSwan adopts the children only where address and
# port are equal.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=sa.sh
. "$(dirname "$0")/sa.sh"

sa_begin

topo_new
topo_crowd random c1 c2 c3
daemon srv
connect_client c1
connect_client c2
check "two clients work" everyone udp c1 c2

reauth()
{
	mark srv
	stage exchange from="$1.4500" to="$SRV:4500" xchg="$2" &&
	says answered=1 addr="${PRES_ADDR[$1]}" port="${PRES_PORT[$1]}" &&
	same ctx_created alias_given
}
check "Main Mode on 4500, without alias" reauth c1 2
check "Main Mode on 4500, with alias" reauth c2 2
check "Aggressive Mode on 4500, without alias" reauth c1 4
check "Aggressive Mode on 4500, with alias" reauth c2 4
goes_on()
{
	stage exchange from="$1.4500" to="$SRV:4500" spii="$(field spii)" \
		spir="$(field spir)" xchg=32 msgid=12345 &&
	says answered=1 addr="${PRES_ADDR[$1]}" port="${PRES_PORT[$1]}"
}
check "and Quick Mode under the new IKE SA" both reauth c2 2 -- goes_on c2

# Nobody else joins by that rule: c3 is heard at an endpoint of its own.
check "a further client on 4500 is a context of its own" connect_client c3
check "all work" everyone udp c1 c2 c3

# Long silence: longer than a half-open context lives, less than idle_timeout.
stage wait seconds=100
check "Main Mode on 4500 after 100 s of silence, without alias" reauth c1 2
check "Main Mode on 4500 after 100 s of silence, with alias" reauth c2 2
check "all work" everyone udp c1 c2 c3

sa_end
