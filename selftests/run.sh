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
usage: run.sh [option]... [[DIR/]TEST.sh]...

  --kernel KERNEL        $("$here/vm/kernel" --names | tr '\n' ' ')
                         latest debug, or a directory; may be repeated;
                         7.3 and 6.1 if none is named
  --core KERNEL          this one, too, but only the core of the set, and its turn of
                         what runs without the module and with it
  --root here|trixie|sid as vm/run has it
  --set all|quick|core|manual|daemons|harmless|debug
                         all that any kernel can run, the quick ones with SAs
                         set by hand, what says most of a kernel, all with SAs by
                         hand, those with daemons, those that run without the
                         module and with it, those for a kernel that watches
                         itself
  --each                 each kernel runs all of the set, also what is long: of that
                         they take turns otherwise
  --vms N                so many machines for each kernel, each takes the next
                         test that none has taken
  --parallel             all machines at the same time; the output of the first
                         is shown as it comes, then the others'
  --time SECONDS         limit for one machine (5100)
  --icount               a processor whose clock counts instructions: tests that
                         can, judge how long things take
  --frames N             so many frames in attack/frames.sh, without a limit
  --soak MINUTES         so long in attack/soak.sh, with --clients N
  --seed N               these frames, or what happens there
  --more                 all cases of harmless/kselftests.sh, without a limit
  --case TEXT            only cases whose name has TEXT
  --verbose              the output of cases that pass, too
  --results DIR          where logs go (.cache/results)
  --record               write what a whole set has shown of each kernel into the table
                         of Documentation/kernels.rst
  --inside               run here and now, in this machine's own kernel
  --claims DIR           inside: only tests that have no entry there yet
END
}

# find_test NAME: into tests, by its path or, where that is enough, by the end of
# it.
find_test()
{
	local t found=()
	for t in "${known[@]}"; do
		[[ /$1 != */"$t" && /$t != */"$1" ]] || found+=("$t")
	done
	case ${#found[@]} in
	1) tests+=("${found[0]}") ;;
	0) echo "run.sh: no such test: $1" >&2; return 1 ;;
	*) echo "run.sh: which $1? ${found[*]}" >&2; return 1 ;;
	esac
}

kernels=() set=all time=5100 verbose='' inside=0 only='' parallel=0 vms=1
icount='' asked=() core=() each=0 record=0
claims='' root=''
results=$top/.cache/results
while [ $# -gt 0 ]; do
	case $1 in
	--root) root=$2; shift ;;
	--kernel) kernels+=("$2"); shift ;;
	--core) kernels+=("$2"); core+=("$2"); shift ;;
	--each) each=1 ;;
	--set) set=$2; shift ;;
	--time) time=$2; shift ;;
	--frames) asked+=(--env COUNT="$2"); shift ;;
	--soak) asked+=(--env MINUTES="$2"); shift ;;
	--clients) asked+=(--env CLIENTS="$2"); shift ;;
	--seed) asked+=(--env SEED="$2"); shift ;;
	--more) asked+=(--env MORE=1) ;;
	--case) only=$2; shift ;;
	--results) results=$2; shift ;;
	--verbose) verbose=1 ;;
	--icount) icount=1 ;;
	--inside) inside=1 ;;
	--claims) claims=$2; shift ;;
	--vms) vms=$2; shift ;;
	--parallel) parallel=1 ;;
	--record) record=1 ;;
	-h | --help) usage; exit 0 ;;
	-*) usage >&2; exit 2 ;;
	*) break ;;
	esac
	shift
done
[ ${#kernels[@]} -gt 0 ] || kernels=(7.3 6.1)

case $set in
all) list=list ;;
quick | core | manual | daemons | harmless | debug) list=list-$set ;;
*) usage >&2; exit 2 ;;
esac
shared=0
if [ $# -eq 0 ]; then
	[ "$set" != all ] || shared=$((1 - each))
	mapfile -t tests < <(make -s -C "$here" "$list")
else
	mapfile -t known < <(make -s -C "$here" list-known)
	tests=()
	for t; do
		find_test "$t" || exit 2
	done
fi

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

# namespaces_die: those of a test, before long; ALIVE are there without it. A TCP socket
# that was closed when its peer had gone holds its own for some minutes.
namespaces_die()
{
	local i now
	for ((i = 0; i < 60; i++)); do
		now=$(namespaces)
		[ "$now" != unknown ] || return 0
		if [ "$now" -le "$ALIVE" ]; then
			ALIVE=$now
			return 0
		fi
	done
	echo "# namespaces that do not die: there were $ALIVE, there are $now"
	ALIVE=$now
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
	namespaces_die || bad=1
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
	# One machine's is left.
	[ -z "${COUNT:-}${MINUTES:-}${MORE:-}" ] || limit=0

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
	mkdir "$claims/${1//\//-}" 2>/dev/null &&
		mkdir "$claims/${1//\//-}/by-$MACHINE"
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
		[ -z "$claims" ] || mkdir "$claims/${t//\//-}/done"
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
make -s -C "$top/tools" && make -s -C "$here/attack" || exit 1

# daemons_for KERNEL
daemons_for()
{
	[[ " ${tests[*]}" == *" "@(interop|harmless)/* ]] || return 0
	"$here/vm/daemons" "${root:-$("$here/vm/kernel" --root "$1")}" >/dev/null
}

# has WORD WORD...: is the first one of the others?
has() { [[ " ${*:2} " == *" $1 "* ]]; }

# turn_of KERNEL KERNEL...: which of the others it is, from 0.
turn_of()
{
	local turn=0 k
	for k in "${@:2}"; do
		[ "$k" != "$1" ] || break
		turn=$((turn + 1))
	done
	echo "$turn"
}

# tests_of KERNEL: sets own to what it runs. Of all tests each kernel runs each, but
# for those with daemons, which are long: there they take turns. One that is there for
# the core runs that, and takes its turn only in what runs without the module and with
# it. A set of its own, or a name, is for each of them.
tests_of()
{
	local t daemons=0 scenes=0 whole=() k wanted
	own=("${tests[@]}")
	[ "$shared" -eq 1 ] || return 0
	for k in "${kernels[@]}"; do
		has "$k" "${core[@]}" || whole+=("$k")
	done
	mapfile -t wanted < <(make -s -C "$here" list-core)
	own=()
	for t in "${tests[@]}"; do
		case $t in
		interop/*)
			[ $((daemons++ % ${#whole[@]})) -ne \
				"$(turn_of "$1" "${whole[@]}")" ] || own+=("$t") ;;
		harmless/*)
			[ $((scenes++ % ${#kernels[@]})) -ne \
				"$(turn_of "$1" "${kernels[@]}")" ] || own+=("$t") ;;
		*)
			has "$1" "${core[@]}" || own+=("$t") ;;
		esac
	done
	has "$1" "${core[@]}" || return 0
	for t in "${wanted[@]}"; do
		has "$t" "${own[@]}" || own+=("$t")
	done
}

# run_machine KERNEL NUMBER: what it prints, and vm/run's exit status.
run_machine()
{
	local memory=2048 own
	[[ $1 != debug* ]] || memory=4096
	tests_of "$1"
	"$here/vm/run" --kernel "$1" ${root:+--root "$root"} --module \
		--time "$time" --memory $memory --results "$(results_of "$1")" --tag "$2" \
		--env MACHINE="$2" ${icount:+--icount --env ICOUNT=1} \
		"${asked[@]}" \
		-- "$here/run.sh" --inside --claims /mnt/results/claims \
		${verbose:+--verbose} ${only:+--case "$only"} "${own[@]}" \
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
	daemons_for "$k" || exit 1
	[[ $k != debug* ]] || "$here/deps.sh" ynl || exit 1
	[[ " ${tests[*]} " != *" harmless/kselftests.sh "* ]] ||
		"$here/vm/kselftests" "$k" || [[ $k != 6.* ]] || exit 1
	[[ " ${tests[*]} " != *" data/iptfs.sh "* ]] ||
		"$here/vm/iptfs" "$k" || exit 1
done

# record_kernel KERNEL: what its machines have shown, into kernels.rst's table.
record_kernel()
{
	local n column turns='' root_is release
	local row=()
	case $set in
	all) column=whole; [ "$shared" -eq 0 ] || turns=' (in turns)' ;;
	core) column=core ;;
	*) return 0 ;;
	esac
	! has "$1" "${core[@]}" || column=core turns=''
	root_is=${root:-$("$here/vm/kernel" --root "$1")}
	release=$("$here/vm/kernel" --release "$1")
	# Of a tree that somebody has built, the name that he gave it.
	row=("$(basename "$1")" "$release" amd64 "$("$here/vm/daemons" --versions "$root_is")")
	[ ! -e "$top/build/$release/esp_nat/esp_nat.ko" ] ||
		"$here/matrix.py" built "${row[@]}" ok
	# As if it had been alone, so that the plan is right.
	for n in "${!machines[@]}"; do
		[ "${machines[n]}" != "$1" ] || cat "$work/$((n + 1))"
	done >"$work/record"
	echo "1..$(grep -c '^\(not \)\?ok ' "$work/record")" >>"$work/record"
	n=$("$here/count" "$work/record" | tail -n 1)
	"$here/matrix.py" $column "${row[@]}" "${n%, * skipped}$turns"
}

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
	# One that runs less needs no more than one.
	for ((n = 1; n <= vms; n++)); do
		[ $n -gt 1 ] && has "$k" "${core[@]}" && break
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
[ $record -eq 0 ] || for k in "${kernels[@]}"; do
	record_kernel "$k"
done
exit $bad
