#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Memory runs out, in every place one after the other: what cannot be done is
# refused, nothing leaks, and the gateway goes on. Needs a kernel with failslab.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

NO_MODULE=1
sa_begin
FAIL=/sys/kernel/debug/failslab
[ -d "$FAIL" ] || bail "this kernel has no failslab"
[ -n "${ESP_NAT_KO:-}" ] || bail "which module? Set ESP_NAT_KO"

# knob NAME VALUE
knob() { echo "$2" >"$FAIL/$1"; }
fault_off() { knob probability 0; }
at_exit fault_off

# Allocations of processes may fail, and quietly.
knob ignore-gfp-wait 0
knob verbose 0

# fault_on PERCENT: that many of the allocations that the module makes fail,
# whoever it makes them for.
# shellcheck disable=SC2016 # awk's, not the shell's
fault_on()
{
	local first last
	read -r first last < <(awk '$4 == "[esp_nat]" && tolower($2) == "t" \
		{ print $1 }' /proc/kallsyms | sort | sed -n '1p;$p' | xargs)
	[ -n "$last" ] || return 1
	knob require-start "0x$first"
	knob require-end "$(printf '0x%x' $((0x$last + 4096)))"
	knob stacktrace-depth 32
	knob times -1
	knob interval 1
	knob task-filter N
	knob probability "$1"
}

# The last line of fault.py says how often it failed; once is not enough.
each_allocation()
{
	local said
	said=$("$SELFTESTS/tools/fault.py" "$@") || return 1
	echo "$said: $*"
	[ "${said##*failed=}" -ge 1 ]
}

check "each allocation of loading the module" each_allocation module "$ESP_NAT_KO"
check "then it can be loaded" module_load

topo_new
# Namespaces: some come, some do not.
namespaces()
{
	local i made=0 refused=0
	fault_on 10
	for ((i = 0; i < 100; i++)); do
		if stage netns add="$T-fault" >/dev/null; then
			made=$((made + 1))
			stage netns del="$T-fault"
		else
			refused=$((refused + 1))
		fi
	done
	fault_off
	echo "made $made, refused $refused"
	[ "$made" -ge 1 ] && [ "$refused" -ge 1 ]
}
check "100 namespaces, when one allocation in ten fails" namespaces

topo_crowd random c1 c2 c3
daemon srv gro=1
modprobe -q esp4_offload
topo_gro

# Every sysctl that there is.
sysctls()
{
	local file value
	for file in /proc/sys/net/esp_nat/*; do
		case ${file##*/} in
		enabled) value=0 ;;
		alias_mode) value=2 ;;
		never_alias) value=203.0.113.0/24,192.0.2.7 ;;
		alias_pool4) value=10.99.0.0/16 ;;
		listen) value=1 ;;
		nat_port) value=4501 ;;
		ike_port) value=501 ;;
		max_contexts | max_contexts_per_peer) value=77 ;;
		idle_timeout) value=99 ;;
		follow_peer) value=0 ;;
		keepalive_interval) value=7 ;;
		block_mode) value=1 ;;
		block_ports) value=1701,5000-5010 ;;
		assume_udp_encap_context_on_send) value=2 ;;
		refuse_outside_rule) value=1 ;;
		*) echo "no value for $file"; return 1 ;;
		esac
		"$SELFTESTS/tools/fault.py" write "$(ns srv)" "$file" "$value" ||
			return 1
	done
}
check "every sysctl write, each allocation: the old value or the new" sysctls

check "clients connect" both connect_client c1 -- connect_client c2
check "they work" everyone udp c1 c2

# Births, of which some are refused.
births()
{
	mark srv
	fault_on 30
	stage flood from=c3.500 to="$SRV:500" count=300
	fault_off
	rose drop_no_memory
}
check "300 births, when one allocation in three fails" births
all_fail()
{
	mark srv
	fault_on 100
	stage flood from=c3.500 to="$SRV:500" count=20 seed=2
	fault_off
	rose drop_no_memory 20 && same ctx_created
}
check "20 births, when all of them fail" all_fail
check "the connected ones lose nothing" everyone udp c1 c2
check "a new client connects" connect_client c3
check "births: all work" everyone udp c1 c2 c3

# ESP, in GRO or by the protocol handler.
esp()
{
	mark srv
	stage pump flows="$(flows c1 c2 c3)"
	fault_on "$1"
	stage wait seconds=3
	fault_off
	stage pump stop=1
	rose "$2"
}
check "ESP in GRO, when one allocation in two fails" esp 50 in_esp_gro
check "ESP in GRO, when all fail" esp 100 in_esp_gro
check "GRO: all work" everyone udp c1 c2 c3
in_ns srv ethtool -K wan0 gro off
check "ESP without GRO, when one allocation in two fails" esp 50 in_esp
check "ESP without GRO, when all fail" esp 100 in_esp
check "without GRO: all work" everyone udp c1 c2 c3

# The NAT forgets: who has no memory to move stays, and moves with a later packet.
moves()
{
	nat_forget nat
	mark srv
	fault_on "$1"
	stage burst server=srv target="$SRV:1701" rounds=5 push=0 wait=1 \
		peers="$(peers udp c1 c2 c3)"
	fault_off
	[ "$1" -lt 100 ] || same ctx_moved || return 1
	# A second packet, where the first had to wait for its second.
	hello c1 c2 c3 || { stage wait seconds=1 && hello c1 c2 c3; } &&
	everyone udp c1 c2 c3 && rose ctx_moved 3
}
check "moves, when all allocations fail" moves 100
stage wait seconds=1
check "moves, when one in two fails" moves 50

# Routes and rewriting on the way out, IKE both ways.
rekeys()
{
	local i name
	fault_on 30
	for i in 1 2 3 4 5; do
		for name in c1 c2 c3; do
			stage send from="$name.4500" to="$SRV:4500" spii=random
			stage send from="$name.4500" to="$SRV:4500" \
				spii="${SPII[$name]}" spir="${SPIR[$name]}" xchg=5
		done
	done
	fault_off
	everyone udp c1 c2 c3
}
check "IKE of connected clients, when one allocation in three fails" rekeys
gone()
{
	mark srv
	stage pump flows="$(flows c1 c2 c3)"
	fault_on 30
	set_sysctl enabled 0 && set_sysctl enabled 1
	fault_off
	stage pump stop=1
}
check "switched off and on under it" gone
# Whoever had no memory is looked at again a second later. Until then its
# address is nobody's. Those with aliases are not adopted but healed.
born() { echo $(($(stat ctx_created) - $(stat ctx_healed))); }
adopted() { [ "$(born)" -gt $((BEFORE[ctx_created] - BEFORE[ctx_healed])) ]; }
check "who could not be adopted is, soon" busywait 10000 adopted
check "an aliased client dials again" redial c2
check "all that can, work" everyone udp c1 c2

sa_end
