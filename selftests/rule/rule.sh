#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The AssumeUDPEncapsulationContextOnSendRule: what it does not allow is counted,
# or refused in both directions, IKE on port 4500 included, and a new value holds
# at once.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin
no_offload

RULE=assume_udp_encap_context_on_send
REFUSE=refuse_outside_rule

# value_is NAME VALUE, refused NAME VALUE: one that is refused changes nothing.
value_is()
{
	stage sysctl ns="$(ns srv)" name="esp_nat.$1" && says value="$2"
}
refused()
{
	local now
	stage sysctl ns="$(ns srv)" name="esp_nat.$1" && field value now &&
	stage sysctl ns="$(ns srv)" name="esp_nat.$1" value="$2" &&
	says name=EINVAL value="$now"
}

topo_new
check "by default the rule is 0" value_is $RULE 0
check "by default nothing is refused" value_is $REFUSE 0
check "the rule takes 1" set_sysctl $RULE 1
check "the rule takes 2" set_sysctl $RULE 2
for value in 3 -1 two 4294967297; do
	check "the rule does not take $value" refused $RULE $value
done
check "$REFUSE takes 1" set_sysctl $REFUSE 1
check "$REFUSE does not take 2" refused $REFUSE 2
check "$REFUSE does not take -1" refused $REFUSE -1
set_sysctl $RULE 0
set_sysctl $REFUSE 0

# detected NAME LOCAL_NAT PEER_NAT: IKE on 500 that tells the server so.
detected()
{
	local own="${ADDR[$1]}:500" remote="$SRV:500"
	[ "$2" = no ] || remote=wrong
	[ "$3" = no ] || own=wrong
	stage exchange from="$1.500" to="$SRV:500" at=srv && says answered=1 &&
	field spii "SPII[$1]" && field spir "SPIR[$1]" &&
	stage exchange from="$1.500" to="$SRV:500" at=srv spii="${SPII[$1]}" \
		spir="${SPIR[$1]}" own="$own" remote="$remote" &&
	says answered=1
}

# dial NAME LOCAL_NAT PEER_NAT [no]: IKE that tells whether the server and the
# client are behind a NAT, then SAs; no: without encapsulation.
dial()
{
	ENCAP[$1]=${4:-yes}
	detected "$1" "$2" "$3" && ike_float "$1" && sa_install "$1"
}

# The events that there were, and how many.
events() { grep -c 'esp_nat_outside: .*'"$1" "$TRACE/trace"; }
events_are()
{
	[ "$(events "$1")" -eq "$2" ] || { cat "$TRACE/trace"; return 1; }
}

# --- refuse ---

topo_crowd random c1 c2 c3
topo_directs 101 d1 d2
daemon srv
stage sniff name=wire ns="$(ns wan)" dev=srv0
check "the events are heard" trace_begin esp_nat_outside
mark srv
check "a client behind a NAT" dial c1 no yes
check "a client behind a NAT, and so is the server" dial c2 yes yes
check "a client that is not, but the server is" dial d1 yes no
check "the same with plain ESP" dial d2 yes no no
ALL=(c1 c2 d1 d2)
check "nothing is refused: all work" everyone udp "${ALL[@]}"
check "those outside the rule are counted, once" rose rule_outside 3
check "nothing was dropped" same drop_outside_rule
check "there was one event for each" \
	both events_are refused=0 3 -- events_are 'local_nat=yes peer_nat=yes' 1

# refused_both NAME: nothing of it passes, in or out, and all is counted.
counted() { rose drop_outside_rule "$1"; }
refused_both()
{
	local n before
	stage take name=srv timeout=0 && stage take name="$1" timeout=0
	mark srv
	stage data from="$1" to="$SRV:1701" size=100 && counted 1 || return 1
	before=$(wire_count wire src="$SRV")
	stage data from=srv to="${PRES_ADDR[$1]}:1701" size=100 && counted 2 ||
		return 1
	[ "${ENCAP[$1]}" = no ] || {
		stage exchange from="$1.4500" to="$SRV:4500" spii="${SPII[$1]}" \
			spir="${SPIR[$1]}" xchg=5 msgid=77 timeout=0.5 &&
		says answered=0 presented=none && counted 3 &&
		! stage start by=srv from=srv.4500 \
			to="${PRES_ADDR[$1]}:${PRES_PORT[$1]}" xchg=5 msgid=78 \
			spii="${SPII[$1]}" spir="${SPIR[$1]}" want="$1.4500" &&
		[[ $REPLY == *"not permitted"* ]] && counted 4
	} || return 1
	stage take name=srv timeout=0 && says count=0 &&
	stage take name="$1" timeout=0 && says count=0 &&
	n=$(wire_count wire src="$SRV") && [ "$n" -eq "$before" ]
}

check "refuse" set_sysctl $REFUSE 1
for name in c2 d1 d2; do
	check "$name is refused, both ways" refused_both $name
done
check "the one within the rule works" everyone udp c1
check "rule 1: the server may be behind a NAT" set_sysctl $RULE 1
check "then those work whose clients are not" everyone udp c1 d1
check "the other is refused, both ways" refused_both c2
check "rule 2: both may be" set_sysctl $RULE 2
check "rule 2: then all work" everyone udp "${ALL[@]}"
check "rule 0 again" set_sysctl $RULE 0
check "and they are refused, both ways" refused_both c2
check "rule 0 again: the one within the rule works" everyone udp c1

# Under load, both ways, all at once: a value holds from the next packet on.
holds()
{
	local value
	for value in 2 0 1 0 2; do
		set_sysctl "$RULE" "$value" || return 1
		mark srv
		await_rise in_esp 20 20 || return 1
		if [ "$value" -eq 2 ]; then
			same drop_outside_rule || return 1
		else
			rose drop_outside_rule || return 1
		fi
	done
}
live()
{
	local good=0
	stage pump flows="$(flows c1 c2 d1)"
	holds || good=1
	stage pump stop=1
	return "$good"
}
check "the rule changes under load" live
check "changed under load: then all work" everyone udp c1 c2 d1
check "nobody was counted again" \
	both events_are refused= 3 -- [ "$(stat rule_outside)" -eq 3 ]

# A negotiation fails as on Windows: on 4500, once both ends have told.
set_sysctl $RULE 0
negotiates() { detected c3 yes yes; }
fails()
{
	mark srv
	stage exchange from=c3.4500 to="$SRV:4500" spii="${SPII[c3]}" \
		spir="${SPIR[c3]}" xchg=2 timeout=0.5 &&
	says answered=0 presented=none && rose drop_outside_rule 1
}
check "a new one: IKE on 500 finds the NATs" negotiates
check "IKE on 4500 is refused" fails
check "rule 2: it is not" both set_sysctl $RULE 2 -- ike_float c3 -- sa_install c3
check "and all work" everyone udp c1 c2 c3 d1

# What GRO takes is refused, too.
modprobe -q esp4_offload
stage close names=srv.4500
stage ike name=srv.4500 ns="$(ns srv)" addr=0.0.0.0 port=4500 responder=srv gro=1
topo_gro
check "with GRO all work" everyone udp c1 c2 c3 d1
check "rule 0" set_sysctl $RULE 0
for name in c2 d1; do
	check "with GRO, $name is refused, both ways" refused_both $name
done
check "with GRO, the one with plain ESP is refused, both ways" refused_both d2
check "with GRO, the one within the rule works" everyone udp c1
check "nothing is refused again" \
	both set_sysctl $REFUSE 0 -- everyone udp c1 c2 c3 d1
check "nothing in the clear" nothing_clear wire

sa_end
