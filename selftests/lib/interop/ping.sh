# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Pings of all clients at the same time, both ways. One after the other proves
# nothing: the SA of whoever sent last would carry the answers.

# ping_prepare, ping_start ..., ping_run: any pairs at the same time.
ping_prepare() {
	PINGS=()
	rm -f "$INTEROP/go" "$INTEROP"/ready.*
	mkfifo "$INTEROP/go"
	exec 9<>"$INTEROP/go"
}

# ping_start FILE HOST OPTION...: waits for the common start, then writes how
# many of the first PING_COUNT were answered to FILE. It goes on until all of
# those are: an answer may overtake one that waits on a processor that stands
# still, so that so many answers are not the first so many.
ping_start() {
	local file=$1 name=$2

	shift 2
	echo 0 >"$file"
	# shellcheck disable=SC2016
	in_ns "$name" /bin/sh -c '
		ready=$1 go=$2 file=$3 count=$4 patience=$5
		shift 5
		: >"$ready"
		read -r _ <"$go"
		ping -n -i 0.25 -w "$patience" "$@" 2>&1 | {
			n=0 seen=" "
			while [ "$n" -lt "$count" ] && read -r line; do
				echo "$line"
				seq=${line##*icmp_seq=}
				seq=${seq%% *}
				case $line in
				*"bytes from"*icmp_seq=*) ;;
				*) continue ;;
				esac
				[ "$seq" -le "$count" ] || continue
				case $seen in
				*" $seq "*) ;;
				*) seen="$seen$seq " n=$((n + 1)) ;;
				esac
			done >"$file.log"
			echo "$n" >"$file"
		}' ping "$INTEROP/ready.${#PINGS[@]}" "$INTEROP/go" "$file" \
		"$PING_COUNT" "$PING_PATIENCE" "$@" &
	PINGS+=($!)
}

# ping_lost FILE: the numbers of those that were not answered.
ping_lost() {
	comm -23 <(seq "$PING_COUNT" | sort) \
		<(sed -n 's/.*icmp_seq=\([0-9]*\).*/\1/p' "$1.log" 2>/dev/null | sort -u) |
		sort -n | xargs
}

ping_run() {
	if [ ${#PINGS[@]} -gt 0 ]; then
		busywait 60000 ping_ready || note "not all pings are ready"
		printf '%*s' ${#PINGS[@]} '' | tr ' ' '\n' >&9
		wait "${PINGS[@]}"
	fi
	exec 9>&-
}

ping_ready() {
	local ready=("$INTEROP"/ready.*)

	[ ${#ready[@]} -eq ${#PINGS[@]} ]
}

# ping_all CLIENT...: through each one's ppp link; the numbers of answers to
# the client and to the server end up in $INTEROP/CLIENT.up and .down
ping_all() {
	local name device address at_client

	ping_prepare
	for name; do
		device=
		read -r at_client address _ < <(l2tp_links "$name") &&
			device=$(l2tp_server_device "$address")
		if [ -n "$device" ]; then
			ping_start "$INTEROP/$name.up" "$name" \
				-I "$at_client" "$L2TP_SERVER"
			ping_start "$INTEROP/$name.down" srv \
				-I "$device" "$address"
		else
			echo 0 >"$INTEROP/$name.up"
			echo 0 >"$INTEROP/$name.down"
		fi
	done
	ping_run
}

PING_COUNT=${PING_COUNT:-20}
# Seconds after which a ping is over.
PING_PATIENCE=${PING_PATIENCE:-30}

# ping_came COMMAND CLIENT...: all that ping_run sent of each, up and down, came; and
# what the command tells of it.
ping_came() {
	local tells=$1 name result good=true

	shift
	for name; do
		result=$(cat "$INTEROP/$name.up" "$INTEROP/$name.down" | xargs)
		echo "$name: pings up, down: $result; at $("$tells" "$name" | xargs)"
		[ "$result" = "$PING_COUNT $PING_COUNT" ] || good=false
	done
	$good
}
