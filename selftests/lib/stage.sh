# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# The stage (tools/stage.py): one process that holds the sockets of all namespaces
# and plays the server's IKE daemon; sourced by sa.sh.

REPLY=

stage_runs() { [ -n "${STAGE_IN:-}" ]; }

stage_start()
{
	STAGE_DIR=$(mktemp -d)
	coproc STAGE { exec "$SELFTESTS/tools/stage.py" "$STAGE_DIR"; }
	STAGE_OUT=${STAGE[0]} STAGE_IN=${STAGE[1]}
}

# One command, one answer in REPLY; false when it said err.
stage()
{
	if ! printf '%s\n' "$*" >&"$STAGE_IN" ||
	   ! IFS= read -r REPLY <&"$STAGE_OUT"; then
		REPLY="err the stage is gone"
	fi
	[ -z "${VERBOSE:-}" ] || echo "# stage: $* -> $REPLY"
	[[ $REPLY == ok* ]] || { echo "# $REPLY"; return 1; }
}

# field NAME [VARIABLE]: a field of the last answer, printed, or kept there.
field()
{
	local word
	for word in $REPLY; do
		[[ $word == "$1="* ]] || continue
		word=${word#*=}
		if [ $# -gt 1 ]; then
			printf -v "$2" '%s' "$word"
		else
			printf '%s\n' "$word"
		fi
		return
	done
	return 1
}

# Whether the last answer has all these words (key=value).
says()
{
	local word
	for word in "$@"; do
		[[ " $REPLY " == *" $word "* ]] ||
			{ echo "# wanted $word, got: $REPLY"; return 1; }
	done
}

stage_stop()
{
	stage_runs || return 0
	exec {STAGE_IN}>&-
	# shellcheck disable=SC2153 # set by coproc
	wait "$STAGE_PID" 2>/dev/null
	STAGE_IN=
	rm -rf "$STAGE_DIR"
}
