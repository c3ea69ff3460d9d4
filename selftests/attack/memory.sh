#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Contexts are paid for by the control group that made the namespace, and who has
# reached its limit harms nobody who is there. Root of a user namespace may have no
# more of them than the initial namespace lets him.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin
need setpriv

# --- a gateway in a control group ---

CGROUPS=/sys/fs/cgroup
CGROUP=$CGROUPS/esp_nat.$$
CONTEXTS=2000

group_end() { rmdir "$CGROUP"; }
# group_pays PID COMMAND...: what PID does for COMMAND is paid for by the group.
group_pays()
{
	local pid=$1 good=true
	shift
	echo "$pid" >"$CGROUP/cgroup.procs" || return 1
	"$@" || good=false
	echo "$pid" >"$CGROUPS/cgroup.procs" && $good
}
gateway()
{
	echo +memory >"$CGROUPS/cgroup.subtree_control" && mkdir "$CGROUP" || return 1
	at_exit group_end
	# the stage makes the namespaces
	topo_begin && group_pays "$STAGE_PID" topo_server srv wan || return 1
	topo_nat nat "$P" random
	for i in 1 2 3; do
		topo_client nat "c$i" $((10 + i))
	done
	daemon srv
	set_sysctl max_contexts_per_peer $((4 * CONTEXTS))
	connect_client c1 && connect_client c2 && everyone udp c1 c2
}
check "a gateway in a control group, two clients" gateway

# Bytes that the group pays for, of the kernel's small objects.
paid() { sed -n 's/^slab //p' "$CGROUP/memory.stat"; }
IDLE=$(paid)

# --- it has reached its limit ---

stage ike name=flood ns="$(ns nat)" addr="$P" port=4501 marker=0
# flood SEED [WORD]: first messages from a neighbour; the daemon is mute meanwhile.
flood()
{
	local good=0
	stage mode name=srv mode=mute &&
	stage flood from=flood to="$SRV:500" count="$CONTEXTS" seed="$1" &&
	says "${@:2}" || good=1
	stage mode name=srv mode=answer && return "$good"
}
# There is room for a few of them, for what each processor has charged ahead, and for
# what the kernel takes back from others of the group first.
limited()
{
	local seed
	mark srv
	echo $(($(<"$CGROUP/memory.current") + CONTEXTS * 100)) >"$CGROUP/memory.max" ||
		return 1
	for seed in 1 11 12 13; do
		flood "$seed" || return 1
		! rose ctx_failed || break
	done
	await_rise ctx_failed && await_rise drop_no_memory &&
	[ "$(<"$CGROUP/memory.current")" -le "$(<"$CGROUP/memory.max")" ]
}
check "beyond its limit there is no memory for more" limited
check "who is there loses nothing" everyone udp c1 c2
unlimited()
{
	echo max >"$CGROUP/memory.max" && connect_client c3 && everyone udp c1 c2 c3
}
check "with a higher limit the next is served" unlimited

# --- what it pays ---

# A kernel that watches itself has larger objects, and keeps what is freed for a while.
watched() { [ -e /sys/kernel/debug/kmemleak ]; }
MOST=2000
! watched || MOST=8000

contexts() { mark srv && THERE=$((BEFORE[ctx_created] - BEFORE[ctx_destroyed])); }
pays()
{
	local each
	flood 2 seen="$CONTEXTS" && contexts || return 1
	each=$((($(paid) - IDLE) / THERE))
	echo "# $THERE contexts, $each bytes each"
	[ "$THERE" -ge $((CONTEXTS / 2)) ] && [ "$each" -ge 700 ] && [ "$each" -le "$MOST" ]
}
check "the group pays for each context" pays

# --- what is given back ---

given_back()
{
	local most=$1
	in_ns srv sysctl -qw net.esp_nat.enabled=0 || return 1
	! watched || skip "KASAN's quarantine; kmemleak and the counters tell" || return
	busywait 20000 paid_less "$most"
}
paid_less() { [ "$(paid)" -lt "$1" ] || { echo "# $(paid)"; return 1; }; }
check "all is given back with the contexts" given_back $((IDLE + CONTEXTS * 100))

# --- the initial namespace has the last word ---

# stranger COMMAND: a user without rights, root of a namespace of his own.
stranger() { setpriv --reuid=65534 --regid=65534 --clear-groups unshare -Urn bash -c "$1"; }
may_set() { stranger "sysctl -qw net.esp_nat.max_contexts=$1"; }
may_not_set() { ! may_set "$1" 2>&1; }
check "root of a user namespace sets what the initial one has" may_set 65536
check "and less" may_set 100
check "not more" may_not_set 65537

initially()
{
	sysctl -qw net.esp_nat.max_contexts="$1"
}
check "the initial namespace has less" initially 16
check "what it has may be set" may_set 16
check "not more than that" may_not_set 17
# Two half-open contexts, an eighth of 16, and not of the default.
# shellcheck disable=SC2016
held() {
	stranger '
		ip link set lo up
		for i in 1 2 3 4 5 6 7 8 9; do
			printf "abcdefg$i\0\0\0\0\0\0\0\0\1\x10\2\0\0\0\0\0\0\0\0\x1c" \
				>/dev/udp/127.0.0.1/500
		done
		grep -E "^ctx_(created|evicted)" /proc/net/esp_nat_stat' |
		tee /dev/stderr | tr -s ' \t\n' ' ' | grep -q "ctx_created 9 .*ctx_evicted 7 "
}
check "a namespace that has set nothing is held to it" held
initially 65536
finish
