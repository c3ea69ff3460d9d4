# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Topologies with real daemons: everything a scenario needs, a noun a file.
# A scenario runs inside the virtual machine (selftests/vm/run), as root:
#
#	. "$(dirname "$0")/interop/lib.sh"
#	interop_begin
#	topology_gateway
#	...
#
# Every daemon runs unmodified, in a network namespace and with a /run of its
# own; nothing is configured that the stock kernel would not need too.

INTEROP_PATH=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

for noun in topology daemons nat strongswan libreswan iked l2tp ping capture \
	client tunnel talk move path own; do
	# shellcheck disable=SC1090
	. "$INTEROP_PATH/$noun.sh"
done
