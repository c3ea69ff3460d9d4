# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What every test script of esp_nat needs; sourced first.
#
#	. "$(dirname "$0")/../lib/lib.sh"
#	begin
#	check "two clients at once" test_two [ARG]...
#	finish
#
# A case is a command, most often a function; it passes when it returns 0,
# fails when it returns anything else and is skipped when it returns 4 (say why
# with `skip REASON`). It runs in the script's own shell, so what it sets stays
# set. Its output is shown as comments: all of it if it fails or if VERBOSE is
# set.

# The directory of them all.
# shellcheck disable=SC2034 # for those who source this
SELFTESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

KSFT_FAIL=1
KSFT_SKIP=4

export PATH=$PATH:/usr/sbin:/sbin

# --- KTAP ---

KTAP_COUNT=0 KTAP_PASSED=0 KTAP_FAILED=0 KTAP_SKIPPED=0
KTAP_LOG='' KTAP_SKIP='' KTAP_MARK='' KTAP_PLAN=''

# begin [N]: N is how many cases there will be, the leak audit not counted;
# without it the plan comes last. Loads the module; NO_MODULE=1 for scripts that
# do not want that, NO_AUDIT=1 for those that end without the module.
begin()
{
	local plan
	KTAP_LOG=$(mktemp "${TMPDIR:-/tmp}/esp_nat.XXXXXX")
	at_exit rm -f "$KTAP_LOG"
	echo "KTAP version 1"
	KTAP_MARK=begun
	[ -n "${NO_MODULE:-}" ] || module_load || bail "no module"
	if [ $# -gt 0 ] && [ -z "${ONLY:-}" ]; then
		plan=$1
		[ -n "${NO_AUDIT:-}" ] || plan=$((plan + 1))
		echo "1..$plan"
		KTAP_PLAN=$plan
	fi
}

# ktap_result ok|fail|skip NAME [REASON]
ktap_result()
{
	KTAP_COUNT=$((KTAP_COUNT + 1))
	case $1 in
	ok)
		KTAP_PASSED=$((KTAP_PASSED + 1))
		echo "ok $KTAP_COUNT $2${3:+ # $3}" ;;
	skip)
		KTAP_SKIPPED=$((KTAP_SKIPPED + 1))
		echo "ok $KTAP_COUNT $2 # SKIP ${3:-}" ;;
	*)
		KTAP_FAILED=$((KTAP_FAILED + 1))
		echo "not ok $KTAP_COUNT $2${3:+ # $3}" ;;
	esac
}

# skip REASON: what a case returns when it cannot be run here.
skip()
{
	KTAP_SKIP=$*
	return $KSFT_SKIP
}

# check NAME COMMAND [ARG]...: no two cases of a script have one name.
declare -A KTAP_NAMES=()
check()
{
	local name=$1 status=0 since=$SECONDS
	shift
	if [ -n "${KTAP_NAMES[$name]:-}" ]; then
		ktap_result fail "$name" "there is such a case already"
		return 0
	fi
	KTAP_NAMES[$name]=1
	if [ -n "${ONLY:-}" ] && [[ $name != *$ONLY* ]]; then
		return 0
	fi
	KTAP_SKIP=
	"$@" >"$KTAP_LOG" 2>&1 || status=$?
	if [ -n "${VERBOSE:-}" ] ||
	   { [ $status -ne 0 ] && [ $status -ne $KSFT_SKIP ]; }; then
		sed 's/^\(# \)\{0,1\}/# /' "$KTAP_LOG"
	fi
	[ $((SECONDS - since)) -lt 10 ] ||
		echo "# $((SECONDS - since)) s: $name"
	case $status in
	0) ktap_result ok "$name" ;;
	"$KSFT_SKIP") ktap_result skip "$name" "$KTAP_SKIP" ;;
	*) ktap_result fail "$name" ;;
	esac
	return 0
}

# bail REASON: the whole script cannot be run.
bail()
{
	if [ -n "${ESP_NAT_KO:-}" ]; then
		# In our own VM everything needed is there, so this is a fault.
		ktap_result fail "$*"
		echo "1..$KTAP_COUNT"
		exit $KSFT_FAIL
	fi
	[ "$KTAP_MARK" = begun ] || echo "KTAP version 1"
	echo "1..0 # SKIP $*"
	exit $KSFT_SKIP
}

# finish: the leak audit as the last case, then plan, totals, exit status.
finish()
{
	if [ -z "${NO_AUDIT:-}" ]; then
		check "no context leaked" leak_audit
	fi
	[ -n "$KTAP_PLAN" ] || echo "1..$KTAP_COUNT"
	echo "# Totals: pass:$KTAP_PASSED fail:$KTAP_FAILED" \
		"skip:$KTAP_SKIPPED error:0"
	run_at_exit
	[ "$KTAP_FAILED" -eq 0 ] || exit $KSFT_FAIL
	[ "$KTAP_PASSED" -gt 0 ] || exit $KSFT_SKIP
	exit 0
}

# --- clean-up, waiting, namespaces ---

# at_exit COMMAND [ARG]...: run at the end, the last one named first. A script
# that sets a trap of its own calls run_at_exit in it.
AT_EXIT=()
at_exit()
{
	[ ${#AT_EXIT[@]} -gt 0 ] || trap run_at_exit EXIT
	AT_EXIT+=("$(printf '%q ' "$@")")
}

run_at_exit()
{
	local i
	for ((i = ${#AT_EXIT[@]} - 1; i >= 0; i--)); do
		eval "${AT_EXIT[i]}" || :
	done
	AT_EXIT=()
}

# busywait MILLISECONDS COMMAND [ARG]...: true as soon as COMMAND is. The time is
# no measure of anything, only of when to give up: be generous.
busywait()
{
	local since=${EPOCHREALTIME/[.,]/} patience=$1

	shift
	until "$@"; do
		[ $((${EPOCHREALTIME/[.,]/} - since)) -lt $((patience * 1000)) ] ||
			return 1
		# Waits without a process: those are dear in an emulator.
		read -r -t 0.1 -u "$NEVER" || :
	done
}
# Nothing ever comes from there.
exec {NEVER}<> <(:)

# ns HOST: the namespace of a host of the topology.
ns() { printf '%s-%s\n' "$T" "$1"; }

# in_ns HOST|NAMESPACE|'' COMMAND [ARG]...: run it at a host of the topology, in
# a namespace by its whole name, or where we are. A host that has a /run of its
# own is there with it.
in_ns()
{
	local enter
	ns_enter "$1"
	"${enter[@]}" "${@:2}"
}

# in_ns_start HOST COMMAND [ARG]...: the same in the background, as $!.
in_ns_start()
{
	local enter
	ns_enter "$1"
	"${enter[@]}" "${@:2}" &
}

# ns_enter HOST|NAMESPACE|'': sets enter, what comes before a command to run it
# there. Only the network is another, nor are there mounts as of ip netns exec.
ns_enter()
{
	local ns=$1 mount=${INTEROP:-}/$1.mnt
	enter=()
	[ -n "$ns" ] || return 0
	[ ! -e "/run/netns/${T:-}-$ns" ] || ns=$T-$ns
	enter=(nsenter --net="/run/netns/$ns")
	[ -z "${INTEROP:-}" ] || [ ! -e "$mount" ] || enter+=(--mount="$mount")
	enter+=(--)
}

# need PROGRAM...: whether they are installed; for the start of a script.
need()
{
	local p
	for p; do
		command -v "$p" >/dev/null || bail "no $p"
	done
}

# --- the module ---

# no_offload: what another test has loaded would leave plain ESP to the device. The
# last SAs of that test may not be gone yet.
no_offload()
{
	[ ! -d /sys/module/esp4_offload ] || busywait 30000 modprobe -qr esp4_offload ||
		bail "esp4_offload is in use"
}

module_loaded() { [ -d /sys/module/esp_nat ]; }

# module_load: the module under test: $ESP_NAT_KO, or else the installed one.
module_load()
{
	module_loaded && return 0
	modprobe -qa esp4 esp6 xfrm_user nf_defrag_ipv4 nf_defrag_ipv6 \
		2>/dev/null || :
	if [ -n "${ESP_NAT_KO:-}" ]; then
		insmod "$ESP_NAT_KO"
	else
		modprobe esp_nat
	fi
}

# module_unload: only asked once; busywait 10000 module_unload where it may take
# a moment. True when it is gone.
module_unload()
{
	! module_loaded || rmmod esp_nat 2>/dev/null
}

# --- counters ---

# stat_of NAMESPACE|'' NAME: one counter.
# shellcheck disable=SC2016 # awk's, not the shell's
stat_of()
{
	in_ns "$1" awk -v name="$2" \
		'$1 == name { print $2; found = 1 } END { exit !found }' \
		/proc/net/esp_nat_stat
}

# --- tracepoints ---

# trace_begin EVENT: one of esp_nat's, in $TRACE/trace from now on.
trace_begin()
{
	TRACE=/sys/kernel/tracing/instances/esp_nat-$$
	mkdir "$TRACE" || return 1
	at_exit rmdir "$TRACE"
	at_exit trace_end "$1"
	echo 1 >"$TRACE/events/esp_nat/$1/enable"
}

# trace_end EVENT: the module may be gone, and its events with it.
trace_end()
{
	[ ! -e "$TRACE/events/esp_nat" ] ||
		echo 0 >"$TRACE/events/esp_nat/$1/enable"
}

# --- the leak audit ---

# Which namespaces ever had a context, and how the account stands: a line each,
# name (- is our own), created, destroyed, given, released. One process for all.
# shellcheck disable=SC2016 # awk's, not the shell's
accounts()
{
	local script='
		{ v[$1] = $2 }
		END {
			if (!("ctx_created" in v))
				print "no-counters"
			else if (v["ctx_created"] || v["alias_given"])
				print v["ctx_created"], v["ctx_destroyed"],
					v["alias_given"], v["alias_released"]
		}'
	{
		echo "netns: -"
		awk "$script" /proc/net/esp_nat_stat 2>&1
		ip -all netns exec awk "$script" /proc/net/esp_nat_stat 2>&1
	} | awk '
		/^netns: / { name = $2; next }
		NF { print name, $0 }'
}

accounts_balance()
{
	accounts | awk 'NF != 5 || $2 != $3 || $4 != $5 { bad = 1 } END { exit bad }'
}

# accounts_settle: switched off, every namespace has destroyed every context that
# it created and has every alias back.
accounts_settle()
{
	local name bad=0
	module_loaded || { echo "the module is not loaded"; return 1; }
	for name in $(accounts | awk '{ print $1 }'); do
		[ "$name" != - ] || name=
		in_ns "$name" sysctl -qw net.esp_nat.enabled=0 || bad=1
	done
	if ! busywait 20000 accounts_balance; then
		echo "namespace, contexts created, destroyed, aliases given, released:"
		accounts
		bad=1
	fi
	return $bad
}

# module_gone: nothing holds it.
module_gone()
{
	busywait 20000 module_unload || {
		echo "the module cannot be unloaded: $(grep '^esp_nat ' /proc/modules)"
		return 1
	}
}

# leak_audit: nothing is left in any namespace; then nothing may hold the module.
leak_audit()
{
	local bad=0
	accounts_settle || bad=1
	module_gone || bad=1
	return $bad
}
