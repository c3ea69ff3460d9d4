# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# TCP connections through the tunnel that stay open.

# talk_serve: the server echoes what it hears.
talk_serve() {
	host_start srv talk.log "$SELFTESTS/tools/talk.py" serve 7777
}

# talk_open CLIENT...: a connection of each, that works.
talk_open() {
	local name server

	for name; do
		read -r _ server < <(client_inside "$name") || return 1
		mkfifo "$INTEROP/$name/say"
		host_start "$name" talk.log "$SELFTESTS/tools/talk.py" hold \
			"$server" 7777 "$INTEROP/$name/say" \
			"$INTEROP/$name/heard"
	done
	talk "$@"
}

# talk CLIENT...: each says a word in its connection and hears it.
talk() {
	local name before

	for name; do
		before=$(talk_heard "$name")
		# shellcheck disable=SC2016
		timeout 10 sh -c 'echo word >"$1"' sh "$INTEROP/$name/say"
		busywait 60000 talk_answered "$name" "$before" || return 1
	done
}

talk_heard() { grep -c word "$INTEROP/$1/heard" 2>/dev/null || :; }

talk_answered() { [ "$(talk_heard "$1")" -gt "${2:-0}" ]; }
