# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Topologies with real daemons: everything a scenario needs, a noun a file.
# A scenario runs inside the virtual machine (selftests/vm/run), as root:
#
#	. "$(dirname "$0")/../lib/lib.sh"
#	. "$(dirname "$0")/../lib/interop.sh"
#	interop_begin
#	topo_server srv wan
#	...
#
# Every daemon runs unmodified, in a network namespace and with a /run of its
# own; nothing is configured that the stock kernel would not need too.

# shellcheck source=../lib/stage.sh
. "$SELFTESTS/lib/stage.sh"
# shellcheck source=../lib/nat.sh
. "$SELFTESTS/lib/nat.sh"
# shellcheck source=../lib/topology.sh
. "$SELFTESTS/lib/topology.sh"
# Clients are to see what a NAT of a kernel as it is forgets.
NAT_TIMEOUT=
for noun in host daemons strongswan libreswan iked l2tp ping capture \
	client tunnel peer talk move path own; do
	# shellcheck disable=SC1090
	. "$SELFTESTS/lib/interop/$noun.sh"
done
