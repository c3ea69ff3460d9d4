#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Run tests, all of them in one boot of a virtual machine for each kernel, and
# print nested KTAP. Must be root.

set -u -o pipefail

here=$(realpath "$(dirname "$0")")
top=$(realpath "$here/..")

usage()
{
	cat <<END
usage: run.sh [option]... [TEST.sh]...

  --kernel 6.1|6.12|debug|DIR
                         may be repeated; 6.12 and 6.1 if none is named
  --set all|quick|manual|daemons|debug
                         all that any kernel can run, the quick ones with SAs
                         set by hand, all of these, those with daemons, those
                         for a kernel that watches itself
  --vms N                so many machines for each kernel, each takes the next
                         test that none has taken
  --parallel             all machines at the same time; the output of the first
                         is shown as it comes, then the others'
  --time SECONDS         limit for one machine (4500)
  --icount               a processor whose clock counts instructions: tests that
                         can, judge how long things take
  --case TEXT            only cases whose name has TEXT
  --verbose              the output of cases that pass, too
  --results DIR          where logs go (.cache/results)
  --inside               run here and now, in this machine's own kernel
  --claims DIR           inside: only tests that have no entry there yet
END
}

kernels=() set=all time=4500 verbose='' inside=0 only='' parallel=0 vms=1
icount=''
claims=''
results=$top/.cache/results
while [ $# -gt 0 ]; do
	case $1 in
	--kernel) kernels+=("$2"); shift ;;
	--set) set=$2; shift ;;
	--time) time=$2; shift ;;
	--case) only=$2; shift ;;
	--results) results=$2; shift ;;
	--verbose) verbose=1 ;;
	--icount) icount=1 ;;
	--inside) inside=1 ;;
	--claims) claims=$2; shift ;;
	--vms) vms=$2; shift ;;
	--parallel) parallel=1 ;;
	-h | --help) usage; exit 0 ;;
	-*) usage >&2; exit 2 ;;
	*) break ;;
	esac
	shift
done
[ ${#kernels[@]} -gt 0 ] || kernels=(6.12 6.1)

case $set in
all) list=list ;;
quick | manual | daemons | debug) list=list-$set ;;
*) usage >&2; exit 2 ;;
esac
tests=("$@")
if [ ${#tests[@]} -eq 0 ]; then
	mapfile -t tests < <(make -s -C "$here" "$list")
fi
tests=("${tests[@]##*/}")

KMEMLEAK=/sys/kernel/debug/kmemleak

indent() { sed -u "s/^/$1/"; }

# --- inside -----------------------------------------------------------------

# Network namespaces that live, as their slab has it: references that nobody
# gave back keep them from dying. Newer kernels free what is dead when the next
# one dies, so there is a next one; and dying takes a while.
namespaces()
{
	local slab=/sys/kernel/slab/net_namespace before=none now i
	# A link: other objects are counted with them (no slab_nomerge).
	if [ ! -e $slab ] || [ -L $slab ]; then
		echo unknown
		return
	fi
	ip netns add next && ip netns del next
	for ((i = 0; i < 30; i++)); do
		echo 1 >$slab/shrink
		now=$(cut -d ' ' -f 1 $slab/objects)
		[ "$now" != "$before" ] || break
		before=$now
		sleep 1
	done
	echo "$now"
}

# namespaces_are N, before long.
namespaces_are()
{
	local i
	for ((i = 0; i < 10; i++)); do
		[ "$(namespaces)" != "$1" ] || return 0
	done
	echo "# namespaces that do not die: there were $1, there are $(namespaces)"
	return 1
}

# What kmemleak has found since leaks_forget, as a result of its own.
leaks_forget()
{
	echo scan=off >$KMEMLEAK
	echo scan >$KMEMLEAK
	echo clear >$KMEMLEAK
}

leaks_found()
{
	# An object is reported when the second scan finds it unchanged.
	echo scan >$KMEMLEAK
	sleep 6
	echo scan >$KMEMLEAK
	if grep . $KMEMLEAK | indent '# '; then
		echo "not ok $1 kmemleak finds nothing"
		return 1
	fi
	echo "ok $1 kmemleak finds nothing"
}

# What a test may not leave behind, whatever it thought of itself.
after_test()
{
	local bad=0 n

	for n in $(ip netns list | awk '{ print $1 }'); do
		echo "# left behind: namespace $n"
		ip netns del "$n"
		bad=1
	done
	if [ -d /sys/module/esp_nat ]; then
		sysctl -qw net.esp_nat.enabled=0
		for ((n = 0; n < 200; n++)); do
			rmmod esp_nat 2>/dev/null && break
			sleep 0.1
		done
		if [ -d /sys/module/esp_nat ]; then
			echo "# the module cannot be unloaded"
			bad=1
		fi
	fi
	namespaces_are "$ALIVE" || { bad=1; ALIVE=$(namespaces); }
	complained "$1" || bad=1
	return $bad
}

# complained MARK: what the kernel has complained of since, with its stack.
complained()
{
	local log first
	log=$(dmesg | sed -n "/$1/,\$p")
	first=$(printf '%s\n' "$log" | "$here/vm/complaints" | head -n 1)
	[ -n "$first" ] || return 0
	printf '%s\n' "$log" | grep -F -m 1 -A 60 -- "$first" |
		indent '# kernel: '
	return 1
}

run_one()
{
	local t=$1 n=$2 status=0 mark since=$SECONDS limit verdict
	mark="esp_nat-test-$n-$RANDOM"
	limit=$(sed -n 's/^timeout=//p' "$here/settings")
	# A kernel that watches itself is slow.
	[ ! -e $KMEMLEAK ] || limit=$((4 * limit))
	# There the clock leaps whenever the machine waits, for a file even.
	[ -z "${ICOUNT:-}" ] || limit=$((100 * limit))

	echo "# Subtest: $t"
	[ ! -w /dev/kmsg ] || echo "$mark $t" >/dev/kmsg
	(cd "$here" && VERBOSE=$verbose ONLY=$only \
		timeout -k 10 "$limit" "./$t" 2>&1) | indent '  ' || status=$?
	[ $status -ne 124 ] || echo "  # no end after $limit seconds"
	after_test "$mark" || status="$status and see above"
	case $status in
	0) verdict=ok ;;
	4) verdict='ok skip' ;;
	*) verdict='not ok' ;;
	esac
	case $verdict in
	ok) echo "ok $n $t # $((SECONDS - since)) s" ;;
	'ok skip') echo "ok $n $t # SKIP" ;;
	*) echo "not ok $n $t # exit $status, $((SECONDS - since)) s" ;;
	esac
	[ "$verdict" != 'not ok' ]
}

# claim TEST: nobody else runs it. Directories reach the host at once.
claim()
{
	[ -n "$claims" ] || return 0
	mkdir "$claims/$1" 2>/dev/null && mkdir "$claims/$1/by-$MACHINE"
}

run_inside()
{
	local n=0 t bad=0 kmemleak=0

	if [ -e $KMEMLEAK ]; then
		# It is slow, most of all in starting programs: crowds are
		# smaller, pings fewer and more patient, and since all it has is
		# built in, it need not look for modules.
		kmemleak=1
		export CROWD=8 PING_COUNT=8 PING_PATIENCE=120
		echo >/proc/sys/kernel/modprobe
	fi
	ALIVE=$(namespaces)
	echo "KTAP version 1"
	[ $kmemleak -eq 0 ] || leaks_forget
	for t in "${tests[@]}"; do
		claim "$t" || continue
		n=$((n + 1))
		run_one "$t" "$n" || bad=1
		[ -z "$claims" ] || mkdir "$claims/$t/done"
	done
	if [ $kmemleak -eq 1 ]; then
		n=$((n + 1))
		leaks_found $n || bad=1
	fi
	echo "1..$n"
	return $bad
}

if [ $inside -eq 1 ]; then
	run_inside
	exit
fi

# --- outside ----------------------------------------------------------------

"$here/deps.sh" vm build tools daemons || exit 1
make -s -C "$top/tools" || exit 1
if grep -lq 'interop/' "${tests[@]/#/$here/}" 2>/dev/null &&
   [ -x "$here/interop/fetch.sh" ]; then
	"$here/interop/fetch.sh" || exit 1
fi

# run_machine KERNEL NUMBER: what it prints, and vm/run's exit status.
run_machine()
{
	local memory=2048
	[ "$1" != debug ] || memory=4096
	"$here/vm/run" --kernel "$1" --module --time "$time" --memory $memory \
		--results "$(results_of "$1")" --tag "$2" \
		--env MACHINE="$2" ${icount:+--icount --env ICOUNT=1} \
		-- "$here/run.sh" --inside --claims /mnt/results/claims \
		${verbose:+--verbose} ${only:+--case "$only"} "${tests[@]}" \
		2> >(sed -u 's/^/# /') | indent '  '
}

# unclaim KERNEL NUMBER: what a machine that is gone has not finished.
unclaim()
{
	local claim
	for claim in "$(results_of "$1")"/claims/*/by-"$2"; do
		claim=${claim%/*}
		[ -e "$claim/done" ] || rm -rf "$claim"
	done
}

# run_kernel KERNEL NUMBER NAME: its tests' KTAP, and true if the run was good.
# An emulator that breaks down, which is rare, is no failure of a test: count
# knows that line.
run_kernel()
{
	local since=$SECONDS status boots
	echo "# Subtest: kernel $3"
	for ((boots = 1; ; boots++)); do
		status=0
		run_machine "$1" "$2" || status=$?
		if [ $status -ne 126 ] || [ $boots -eq 3 ]; then
			break
		fi
		unclaim "$1" "$2"
		echo "  # the emulator broke down: another machine goes on"
	done
	if [ $status -eq 0 ]; then
		echo "ok $2 kernel $3 # $((SECONDS - since)) s"
	else
		echo "not ok $2 kernel $3 # exit $status, $((SECONDS - since)) s"
	fi
	return $status
}

# The directory of a kernel's results, shared by its machines.
results_of() { echo "$results/$(basename "$1")"; }

for k in "${kernels[@]}"; do
	# Before there are machines, which are shown one after the other: it may
	# have to be built, and says how far it is.
	"$here/vm/kernel" "$k" >/dev/null || exit 1
	"$here/deps.sh" "headers-$k" || exit 1
	[ "$k" != debug ] || "$here/deps.sh" ynl || exit 1
done
work=$(mktemp -d)
pids=()
# shellcheck disable=SC2317 # called by the trap
stop()
{
	local pid
	for pid in "${pids[@]}"; do
		kill -- "-$pid" 2>/dev/null
	done
	rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

machines=()
for k in "${kernels[@]}"; do
	rm -rf "$(results_of "$k")"
	mkdir -p "$(results_of "$k")/claims"
	for ((n = 1; n <= vms; n++)); do
		machines+=("$k")
	done
done

echo "KTAP version 1"
echo "1..${#machines[@]}"
n=0 bad=0
for k in "${machines[@]}"; do
	n=$((n + 1))
	name=$k
	[ "$vms" -eq 1 ] || name="$k, machine $n"
	: >"$work/$n"
	# In a process group of its own, so that all of it can be stopped.
	set -m
	run_kernel "$k" "$n" "$name" >"$work/$n" 2>&1 &
	set +m
	pids+=($!)
	[ $parallel -eq 1 ] || {
		tail -n +1 -f --pid="${pids[-1]}" "$work/$n"
		wait "${pids[-1]}" || bad=1
	}
done
if [ $parallel -eq 1 ]; then
	for ((n = 1; n <= ${#machines[@]}; n++)); do
		tail -n +1 -f --pid="${pids[n - 1]}" "$work/$n"
		wait "${pids[n - 1]}" || bad=1
	done
fi
exit $bad
