# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Hosts of the topology (../topology.sh) on which daemons run: each has, beside its
# network namespace, a /run and an /etc/ppp of its own.

# Progress goes where KTAP calls it a comment.
note() {
	printf '# %4d s  %s\n' "$SECONDS" "$*" >&2
}

# interop_begin: an empty topology and a directory of our own, removed at the end.
interop_begin() {
	INTEROP=$(mktemp -d /tmp/interop.XXXXXX)
	topo_begin
	at_exit interop_end
	# Mount namespaces can be kept only on a mount that is not shared.
	mount --bind "$INTEROP" "$INTEROP"
	mount --make-private "$INTEROP"
}

# interop_end: no process, namespace or file of this scenario outlives it; the
# logs are kept.
interop_end() {
	[ -n "${INTEROP:-}" ] || return 0
	interop_save
	topo_gone
	umount "$INTEROP"
	rm -rf "$INTEROP"
	INTEROP=
}

# interop_save: the daemons' logs, where the runner takes them along, in one file:
# that is soon written.
interop_save() {
	[ -n "${RESULTS:-}" ] || return 0
	tar -C "$INTEROP" -czf "$RESULTS/$(basename "$0" .sh)-$T.tar.gz" \
		--warning=no-file-changed \
		--exclude=run --exclude=nss --exclude='*.mnt' --exclude=go \
		--exclude=say .
}

# host_start HOST LOG COMMAND...: in the background.
host_start() {
	local name=$1 log=$INTEROP/$1/$2

	shift 2
	in_ns_start "$name" "$@" </dev/null >>"$log" 2>&1
	# The shell need not tell of its end.
	disown $!
}

# host_wait PID...: all of these have ended, each of them well.
host_wait() {
	local pid good=true

	for pid; do
		wait "$pid" || good=false
	done
	$good
}

# host_ready HOST: a new one of the topology gets a mount namespace.
host_ready() {
	local name=$1

	mkdir -p "$INTEROP/$name/run" "$INTEROP/$name/ppp"
	: >"$INTEROP/$name/ppp/options"
	: >"$INTEROP/$name.mnt"
	# shellcheck disable=SC2016
	unshare --mount="$INTEROP/$name.mnt" nsenter --net="/run/netns/$T-$name" /bin/sh -c '
		mount -t sysfs sysfs /sys &&
		mount --bind "$1/run" /run &&
		mount --bind "$1/ppp" /etc/ppp' sh "$INTEROP/$name"
}

# host_gone HOST: before its namespace goes.
host_gone() {
	host_stop "$1"
	umount "$INTEROP/$1.mnt" 2>/dev/null || :
	rm -rf "${INTEROP:?}/$1"
}

# host_stop HOST: kill everything that runs there, as a power cut would.
host_stop() {
	busywait 10000 host_is_idle "$1" || note "$1: processes outlive SIGKILL"
}

# host_is_idle HOST: kills what it finds.
host_is_idle() {
	local pids

	pids=$(ip netns pids "$T-$1" 2>/dev/null)
	[ -n "$pids" ] || return 0
	# shellcheck disable=SC2086
	kill -KILL $pids 2>/dev/null || :
	return 1
}

# host_settled HOST: the server, too, has the newest SAs that this client has, and a
# policy for them. IKEv1's responder has them only when the third message of Quick Mode
# is there, and the initiator does not wait for that (RFC 2409, section 5.5).
host_settled() {
	local spi spis peer good=false

	spis=$(ip -n "$(ns "$1")" xfrm state |
		sed -n 's/.* proto esp spi \(0x[0-9a-f]*\) .*/\1/p' | head -n 2)
	# Its ESP is none of the kernel's.
	[ -n "$spis" ] || return 0
	for spi in $spis; do
		peer=$(ip -n "$(ns srv)" xfrm state |
			sed -n "/^src /{h;n;/ spi $spi /{x;s/^src .* dst //p}}" | head -n 1)
		[ -n "$peer" ] || return 1
		! ip -n "$(ns srv)" xfrm policy list dir out |
			grep -q "dst ${peer//./\\.}[/ ]" || good=true
	done
	$good
}

# host_settles HOST: soon.
host_settles() {
	busywait 20000 host_settled "$1" || note "$1: the server has not what it has"
}
