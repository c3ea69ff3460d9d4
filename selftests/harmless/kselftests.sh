#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's own selftests of what the module shares the kernel with: xfrm,
# ESP in UDP, L2TP, UDP's GRO, path MTUs, NAT. Each script is a scene; each case
# that it reports is a step, and so is its exit status. vm/kselftests fetches
# them. A case that they skip does not work; what they say of it is shown.
#
# Their time limits are for machines that nobody else uses. So a script with a
# case that is worse with the module is played again, up to twice: a case works
# if it did once.
#
# What they do a hundred times is done less often here. MORE=1 (run.sh --more)
# plays it as often as they do, and more of them.
# shellcheck disable=SC1091,SC2086,SC2119,SC2317
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/harmless.sh"

RELEASE=$(uname -r)
THEIRS=$(realpath "$SELFTESTS/..")/.cache/kselftests/$RELEASE
PLAYS=3
LIMIT=600
[ -z "${MORE:-}" ] || LIMIT=1200

# --- what they say ---

# cases_of: filter, from what a script says to its cases: 0 or 1, a tab, a name.
# A line that says nothing of a case may be a heading of those that follow.
# shellcheck disable=SC2016 # awk's, not the shell's
cases_of() {
	awk '
		function went(how, name) {
			gsub(/#/, "", name)
			gsub(/[ \t]+/, " ", name)
			gsub(/^ | $/, "", name)
			name = heading (heading != "" && name != "" ? ", " : "") name
			if (seen[name]++)
				name = name " (" seen[name] ")"
			print !(tolower(how) ~ /^(ok|pass)$/) "\t" name
		}
		/^TEST: .*\[ *[A-Z]+ *\]$/ {
			how = name = $0
			sub(/.*\[ */, "", how)
			sub(/ *\]$/, "", how)
			sub(/^TEST: /, "", name)
			sub(/\[[^[]*$/, "", name)
			went(how, name)
			next
		}
		/^(PASS|FAIL|SKIP): / { went(substr($0, 1, 4), substr($0, 7)); next }
		/^(PASS|FAIL)$/ { went($0, ""); next }
		/^ [^ ].* (ok|failed)$/ {
			name = $0
			sub(/ [a-z]+$/, "", name)
			went($NF, name)
			next
		}
		/^[A-Za-z][^:=]*$/ { heading = $0 }'
}

# merge FILE: the cases read into those that this run knows; one that has worked
# once works.
# shellcheck disable=SC2016 # awk's, not the shell's
merge() {
	touch "$1"
	awk -F '\t' '
		!($2 in how) { name[n++] = $2; how[$2] = $1 }
		!$1 { how[$2] = 0 }
		END { for (i = 0; i < n; i++) print how[name[i]] "\t" name[i] }
	' "$1" - >"$1.new" && mv "$1.new" "$1"
}

# worse: the names of the cases that worked without the module only.
# shellcheck disable=SC2016 # awk's, not the shell's
worse() {
	awk -F '\t' '
		FNR == NR { if (!$1) works[$2] = 1; next }
		!$1 { delete works[$2] }
		END { for (name in works) print name }
	' "$SAID.stock.cases" "$SAID.module.cases"
}

# --- playing them ---

# play SCRIPT [ARG]...: once, as its authors have it run.
play() {
	local said=$SAID.$HARMLESS_RUN status=0
	(cd "$WORK/$(dirname "$1")" &&
		timeout -k 10 $LIMIT "./${1##*/}" "${@:2}") \
		>"$said.out" 2>"$said.err" </dev/null || status=$?
	[ $status -ne 124 ] || echo "no end after $LIMIT seconds" >>"$said.err"
	{
		cases_of <"$said.out"
		printf '%s\texit status\n' $status
	} | merge "$said.cases"
	clear_away
}

# What a script leaves behind would be in the next one's way.
clear_away() {
	local ns
	for ns in $(ip netns list | awk '{ print $1 }'); do
		echo "left behind: namespace $ns"
		ip netns pids "$ns" | xargs -r kill
		ip netns del "$ns"
	done
}

# listen: from now on, to which packets of ESP in UDP the module looks at.
TRACE=/sys/kernel/tracing/instances/kselftests
listen() {
	: >$TRACE/trace
	echo 1 >$TRACE/events/esp_nat/esp_nat_classify/enable
}

# theirs SCRIPT [ARG]...: the function of each scene.
theirs() {
	local how name plays=1
	with_module listen
	play "$@"
	while harmless_module && [ $plays -lt $PLAYS ] && [ -n "$(worse)" ]; do
		echo "played again, for: $(worse | paste -s -d ';')"
		plays=$((plays + 1))
		play "$@"
	done
	with_module trace_end esp_nat_classify
	HEARD=$(grep -c class=esp $TRACE/trace)
	while IFS=$'\t' read -r how name; do
		step "$name" went "$how" "$name"
	done <"$SAID.$HARMLESS_RUN.cases"
}

# went HOW NAME: the command of each step.
went() {
	if [ "$2" = 'exit status' ]; then
		cat "$SAID.$HARMLESS_RUN".{out,err}
		echo "exit status $1"
	else
		echo "what the script says is with its exit status"
	fi
	[ "$1" -eq 0 ]
}

# why: what a script says that does not work everywhere.
why() {
	local run
	for run in stock module; do
		grep -qv '^0' "$SAID.$run.cases" || continue
		echo "# in the run called $run:"
		cat "$SAID.$run".{out,err} | grep -v '^$' | tail -n 60 | sed 's/^/#   /'
	done
}

# kernels SCRIPT [ARG]...: a scene, if the kernel has that script.
kernels() {
	local name=${1##*/} script since=$SECONDS
	script=$(cd "$WORK" && find . -path "*/$1" -printf '%P\n')
	[ -n "$script" ] || {
		scene "$name" skip "$RELEASE has none"
		return
	}
	SAID=$SAYINGS/$name
	rm -f "$SAID".*
	scene "$name" theirs "$script" "${@:2}"
	[ -e "$SAID.module.cases" ] || return 0
	why
	echo "# $((SECONDS - since)) s, the module has seen $HEARD packets of ESP in UDP"
	[ "$HEARD" -gt 0 ] || [[ $name != pmtu.sh ]] ||
		ktap_result fail "$name: the module has seen none of its ESP in UDP"
}

# change FILE SED: in one of their scripts, before it is played.
change() {
	local file
	file=$(find "$WORK" -path "*/$1")
	cp "$file" "$WORK/whole"
	sed -i "$2" "$file"
	! cmp -s "$file" "$WORK/whole" || ktap_result fail "no such words in $1: $2"
}

# fewer FILE SED: how often a script does things.
fewer() { [ -n "${MORE:-}" ] || change "$@"; }

begin
[ -e "$THEIRS/.complete" ] || {
	scene "the kernel's own selftests" skip "no source of $RELEASE was fetched"
	harmless_end
}
WORK=$(mktemp -d "${TMPDIR:-/tmp}/kselftests.XXXXXX")
at_exit rm -rf "$WORK"
mkdir $TRACE || bail "no tracing"
at_exit rmdir $TRACE
cp -r "$THEIRS"/{bpf,net*} "$WORK"
# To be read while they run, too.
SAYINGS=${RESULTS:-$WORK}/kselftests
mkdir -p "$SAYINGS"

# Rounds of policies in random order; policies that match nothing; what is done
# after the first change of thresholds; clients.
fewer net/xfrm_policy.sh 's/seq \(50\|100\))/seq 1)/'
fewer net/xfrm_policy.sh 's/seq 1 32)/seq 1 4)/'
fewer net/xfrm_policy.sh 's/seq 10 16)/seq 10 10)/'
fewer net/xfrm_policy.sh 's/sleep .*RANDOM.*/sleep 1/'
fewer net/xfrm_policy.sh '/^# full flush of policy db/,/change to normal"$/d'
fewer netfilter/nft_nat_zones.sh 's/^maxclients=100$/maxclients=10/'
# 6.1's script expects GRO of a veth to be on with a BPF program, and it is off in
# Debian's 6.1; newer scripts ask for it.
! grep -q 'link set veth1 xdp' "$WORK/net/udpgro.sh" ||
	change net/udpgro.sh \
		's/ip -n \(.*\) link set veth1 xdp .*/ip netns exec \1 ethtool -K veth1 gro on/'
# How long there is somebody at port 4500, who is killed in the end.
change net/pmtu.sh '/nettest/s/ -t 5$/ -t 100/'
if [ -z "${MORE:-}" ]; then
	pmtu=(pmtu_ipv4_fou4_exception pmtu_vti{4,6}_udp{,_routed}_exception)
fi

kernels net/udpgro.sh
kernels net/pmtu.sh "${pmtu[@]}"
kernels netfilter/nft_nat_zones.sh
kernels net/l2tp.sh
kernels net/vrf-xfrm-tests.sh
kernels net/xfrm_policy.sh
if [ -n "${MORE:-}" ]; then
	kernels net/udpgso.sh
	kernels net/udpgro_fwd.sh
	kernels net/ip_defrag.sh
	kernels net/gre_gso.sh
	kernels net/icmp_redirect.sh
	for name in nf_nat_edemux nft_flowtable nft_nat nft_fib rpath \
		conntrack_icmp_related conntrack_vrf; do
		kernels netfilter/$name.sh
	done
fi
harmless_end
