# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What a host's contexts have learned of the path to their peers, by
# tracepoint: after `trace_begin esp_nat_ctx_position`.

# path_forget HOST...: their contexts go, and what was learned.
path_forget() {
	local name

	for name; do
		in_ns "$name" sysctl -qw net.esp_nat.enabled=0 &&
			in_ns "$name" sysctl -qw net.esp_nat.enabled=1 || return 1
	done
	: >"$TRACE/trace"
}

# path_is HOST ROLE LOCAL PEER: the last word.
path_is() {
	local inode line want="role=$2 local_nat=$3 peer_nat=$4"

	inode=$(stat -L -c %i "/run/netns/$(ns "$1")")
	line=$(grep "ns=$inode " "$TRACE/trace" | tail -n 1)
	echo "$1: ${line#*: }"
	[[ $line == *" $want" ]] || { echo "wanted $want"; return 1; }
}
