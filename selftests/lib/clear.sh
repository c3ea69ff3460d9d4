# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
# Packets in the clear, which block mode lets pass or does not, of either
# family: sourced after sa.sh. HERE is the server's address, the watch on the
# wire is called wire.

# arrives FROM ADDR:PORT AT [SIZE]: a packet of one socket at another, in the
# clear; quiet: no drop is counted.
arrives()
{
	stage take name="$3" timeout=0 && mark srv &&
	stage data from="$1" to="$2" size="${4:-20}" && says errno=0 &&
	stage take name="$3" timeout=5 && says count=1 size="${4:-20}" &&
	same drop_block_in drop_block_out
}

# blocked_in AT COMMAND...: what the command sends to the server does not get to
# that socket, and is counted.
blocked_in()
{
	local at=$1
	shift
	stage take name="$at" timeout=0 && mark srv && stage "$@" &&
	{ [ "$1" != data ] || says errno=0; } &&
	await_rise drop_block_in &&
	stage take name="$at" timeout=0.2 && says count=0 &&
	same drop_block_out
}

# Packets of guarded ports that the server has sent, in the clear.
from_server()
{
	echo $(($(wire_count wire src="$HERE" sport=1701) +
		$(wire_count wire src="$HERE" sport=7777 dport=1701)))
}

# blocked_out WORD...: the server's data command is refused, counted, and puts
# nothing on the wire.
blocked_out()
{
	local before
	before=$(from_server)
	mark srv && stage data "$@" && says errno=1 &&
	rose drop_block_out 1 && same drop_block_in &&
	[ "$(from_server)" -eq "$before" ]
}
