#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Contexts and addresses live as long as they should: half-open ones 30 s, or
# 90 s once they have echoed; an address rests 30 s after its last SA; what had
# an SA goes idle_timeout after SA and traffic.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

# Lower bounds are measured on the monotonic clock, upper ones only waited for.
now() { awk '{ print int($1) }' /proc/uptime; }

topo_new
topo_nat nat $P random
topo_nat natb 198.51.100.3 random
topo_nat natc 198.51.100.4 random
topo_client nat c1 11
topo_client nat c2 12
topo_client natb e1 11
topo_client natb e2 12
topo_client natb e3 13
topo_client natc f1 11
topo_client natc f2 12
daemon srv
set_sysctl idle_timeout 40

# natb: two clients, confirmed, the one with the address then gone; natc: half-open
# ones only.
check "clients connect" both connect_client c1 -- connect_client c2 -- \
	connect_client e1 -- connect_client e3
check "they work" everyone udp c1 c2 e1 e3
half()
{
	stage mode name=srv mode=mute
	stage send from=f1.500 to="$SRV:500" spii=f1
	stage mode name=srv mode=answer
	stage seen by=srv spii=f1 && says addr=198.51.100.4
}
mark srv
check "a half-open client that hears nothing" half
check "another that echoes" ike_connect f2
check "it has an alias: the address is taken by the half-open one" is_alias f2
start=$(now)
disconnect_client e1
check "an address just left, with another there: the next gets an alias" both ike_connect e2 -- \
	is_alias e2

gone_after()
{
	local least=$1 most=$2 count=$3 took
	stage await ns="$(ns srv)" name=ctx_expired min="$count" \
		timeout="$most" && says good=1 || return 1
	took=$(($(now) - start))
	echo "after $took s"
	[ "$took" -ge "$least" ]
}
base=$(stat ctx_expired)
check "half-open without echo: gone after 30 s" gone_after 29 60 $((base + 1))
free_again()
{
	GEN[e1]=$((GEN[e1] + 1))
	connect_client e1 && is_at e1 198.51.100.3 && everyone udp c1 c2 e1 e3
}
# e2 is half-open, at an alias: the real address is nobody's now.
stage wait seconds=$((start + 33 > $(now) ? start + 33 - $(now) : 0))
check "30 s after its last SA an address is free" free_again
# The two half-open ones that have echoed, and what e1 had before.
check "half-open with echo: gone after 90 s" gone_after 89 130 $((base + 4))
check "meanwhile the connected live on" everyone udp c1 c2 e1

# idle_timeout: SA and traffic gone.
mark srv
disconnect_client c2
start=$(now) base=$(stat ctx_expired)
# Nobody who sends IKE that the daemon does not know keeps it.
lives_on()
{
	stage wait seconds=$((start + 33 > $(now) ? start + 33 - $(now) : 0))
	stage mode name=srv mode=mute
	stage send from=c2.4500 to="$SRV:4500" spii=random spir=random xchg=5 &&
	stage send from=c2.4500 to="$SRV:4500" spii="${SPII[c2]}" \
		spir="${SPIR[c2]}" xchg=5 msgid=9
	stage mode name=srv mode=answer
}
check "one whose SA went, of whom IKE comes that is not answered" lives_on
check "an SA gone: the context goes after idle_timeout" \
	gone_after 39 65 $((base + 1))
check "its alias is free" rose alias_released 1
check "the others live on, silent for longer than idle_timeout" everyone udp c1 e1

# An SA that ends in its own way: hard expiry tells nobody.
hard_expiry()
{
	connect_client c2 && everyone udp c1 c2 || return 1
	mark srv
	set_sysctl idle_timeout 1
	local pa=${PRES_ADDR[c2]} s
	s=$(ns srv)
	ip -n "$s" -batch - <<-END
		xfrm state update src $pa dst $SRV proto esp spi $(spi_in c2) reqid 1 mode transport replay-window 32 $KEY encap espinudp ${PRES_PORT[c2]} 4500 0.0.0.0 sel src $pa dst $SRV limit time-hard 2
		xfrm state update src $SRV dst $pa proto esp spi $(spi_out c2) reqid 1 mode transport $KEY encap espinudp 4500 ${PRES_PORT[c2]} 0.0.0.0 sel src $SRV dst $pa limit time-hard 2
	END
	stage await ns="$s" name=alias_released \
		is=$((BEFORE[alias_released] + 1)) timeout=60 && says good=1
}
check "hard expiry of the SAs is noticed" hard_expiry
check "the others live on" everyone udp c1 e1
flushed()
{
	mark srv
	ip -n "$(ns srv)" xfrm state flush
	stage await ns="$(ns srv)" name=ctx_destroyed is="$(stat ctx_created)" \
		timeout=60 && says good=1
}
check "a flush of all SAs is noticed" flushed

sa_end
