#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The specification of the netlink family: the kernel's own tools accept it,
# make the header of it that we have, and talk to the module by it.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

TOP=${ESP_NAT_TOP:-$SELFTESTS/..}
for YNL in "$TOP"/.cache/kernels/debug-*/tools/net/ynl; do :; done
[ -e "$YNL/cli.py" ] || bail "no kernel source with tools/net/ynl"
TREE=$(mktemp -d)
at_exit rm -rf "$TREE"
# The tools look for the root of a kernel tree.
SPEC=$TREE/Documentation/netlink/specs/esp_nat.yaml
mkdir -p "${SPEC%/*}"
touch "$TREE/MAINTAINERS"
cp "$YNL"/../../../Documentation/netlink/*.yaml "$TREE/Documentation/netlink"
cp "$TOP/Documentation/netlink/specs/esp_nat.yaml" "$SPEC"

generate()
{
	timeout 300 /usr/bin/python3 "$YNL/ynl-gen-c.py" --spec "$SPEC" \
		--mode "$1" "--$2" -o "$TREE/esp_nat.$1"
}
header_is()
{
	generate uapi header &&
	diff "$TREE/esp_nat.uapi" "$TOP/esp_nat/uapi/linux/esp_nat.h"
}
# cli WORD...: ask in the server's namespace, answers as JSON.
cli()
{
	in_ns srv timeout 300 /usr/bin/python3 "$YNL/cli.py" --spec "$SPEC" \
		--output-json "$@"
}
pick() { "$SELFTESTS/tools/pick.py" "$@"; }

check "the header is what they make of it" header_is
check "they make a library of it" generate user source

topo_new
topo_crowd random c1 c2
daemon srv
both connect_client c1 -- connect_client c2
check "two clients work" everyone udp c1 c2
# That one looks whether the specification follows its schema, too; the others
# need not again: it takes a kernel that watches itself twenty seconds.
ANSWER=$TREE/contexts
ask_contexts()
{
	cli --schema "$TREE/Documentation/netlink/genetlink-legacy.yaml" \
		--dump ctx-get >"$ANSWER"
}
contexts() { pick "$@" <"$ANSWER"; }
check "they ask for the contexts" ask_contexts
check "they show the contexts" contexts \
	'sorted("aliased" in e["ctx"][0] for e in j) == [False, True]'
check "by name what has one" contexts \
	'all(e["ctx"][0]["state"] == "live" for e in j)'
one() { cli --no-schema --do ctx-get --json '{"id": 1}' | pick 'j["ctx"][0]["id"] == 1'; }
check "one of them" one
counters() { cli --no-schema --dump counter-get | pick 'len(j) > 40'; }
check "the counters" counters
pool() { cli --no-schema --do pool-get | pick 'j["pool"]["given"] == 1'; }
check "the pool" pool
sockets() { cli --no-schema --dump socket-get | pick 'len(j) >= 2'; }
check "the sockets" sockets
none() { ! cli --no-schema --do ctx-get --json '{"id": 77}'; }
check "an error" none

sa_end
