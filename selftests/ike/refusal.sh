#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A daemon that knows its peer by its address refuses it under an alias. The peer,
# which asks again as everybody does who has no answer, is shown by its own address
# then: it dials as on the stock kernel. And nobody is harmed.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

topo_new
topo_crowd random c1 c2 c3
daemon srv
check "a client alone at its address" connect_client c1
check "it works" everyone udp c1

# asks NAME [VERSION]: the first message, and who was answered.
asks()
{
	local ver=${2:-1}
	sa_remove_client "$1"
	GEN[$1]=$((GEN[$1] + 1))
	stage exchange from="$1.500" to="$SRV:500" ver="$ver" timeout=1
	field spii "SPII[$1]"
	says answered=0
}
# again NAME [VERSION]: the same message, answered at the NAT's own address.
again()
{
	stage exchange from="$1.500" to="$SRV:500" ver="${2:-1}" \
		spii="${SPII[$1]}" timeout=1 && says answered=1 addr="$P" &&
	field spir "SPIR[$1]"
}
# no_alias: the alias is the pool's again.
no_alias() { rose alias_given && rose alias_released && rose ctx_refused; }
# goes_on NAME [VERSION]: the rest of it.
goes_on()
{
	ike_float "$@" && sa_install "$1" && is_at "$1" "$P" && everyone udp "$1"
}

# --- one that is refused ---

stage mode name=srv mode=refuse peer=$P
mark srv
check "it lost its power, and dials: no refusal is sent" asks c1
check "the daemon's refusal is counted" rose drop_refused
check "it asks again, and is answered" again c1
check "its alias is the pool's" no_alias
check "it goes on at its address, and works" goes_on c1

set_sysctl alias_mode 2
mark srv
check "IKEv2: no refusal is sent" asks c1 2
check "IKEv2: it asks again, and is answered" again c1 2
check "IKEv2: it goes on at its address, and works" goes_on c1 2
set_sysctl alias_mode 1

# Whom the daemon does not know at all hears of it.
stage mode name=srv mode=refuse peer=192.0.2.1
hears()
{
	asks c2
	stage exchange from=c2.500 to="$SRV:500" spii="${SPII[c2]}" timeout=1
	says answered=1 addr="$P"
}
check "a stranger hears the second refusal" hears
check "the first loses nothing by that" everyone udp c1

# --- one that is not answered ---

stage mode name=srv mode=ignore peer=$P
mark srv
check "a daemon that ignores strangers" asks c1
check "it asks until it is answered" busywait 30000 again c1
check "ignored: its alias is the pool's" no_alias
check "ignored: it goes on at its address, and works" goes_on c1

# --- those who have an alias keep it ---

stage mode name=srv mode=answer
check "a further client" connect_client c3
check "it has an alias, and works" both is_alias c3 -- everyone udp c1 c3
stage mode name=srv mode=refuse peer=$P
refused_late()
{
	stage exchange from=c3.4500 to="$SRV:4500" timeout=1
	says answered=1 && everyone udp c1 c3
}
check "who works keeps its alias when refused" refused_late

sa_end
