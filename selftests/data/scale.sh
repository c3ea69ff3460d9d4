#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Thousands of clients: all move, all are due for a keepalive, all go, at the
# same time. Nothing is lost, and nothing holds a processor up: the kernel's own
# watchdogs see to that. With run.sh --icount, where time is instructions, no
# section of ours is longer than 10 ms.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

COUNT=10000
# A kernel that watches itself is slow, and remembers each allocation.
[ ! -e /sys/kernel/debug/kmemleak ] || COUNT=1000
LIMIT_US=10000

# A burst waits in the server's NAPI, so that one softirq has many packets.
gather()
{
	topo_gro &&
	in_ns "$SERVER" unshare --mount sh -c 'mount -t sysfs sysfs /sys &&
		cd /sys/class/net/wan0 &&
		echo 100 >napi_defer_hard_irqs && echo 50000000 >gro_flush_timeout'
}

# rises NAME [TIMES]: a counter rises, from the mark, by so many crowds.
rises()
{
	local by=$((COUNT * ${2:-1}))
	await_rise "$1" "$by" 120 && rose "$1" "$by"
}

sa_begin
[ -z "${ICOUNT:-}" ] || "$SELFTESTS/tools/sections.py" start || bail "no tracer"

topo_new
daemon srv
ip -n "$(ns wan)" route add blackhole 10.64.0.0/16
gather || bail "no way to make bursts"
set_sysctl keepalive_interval 3600
# Else the first SA waits for them, and with --icount not long enough.
modprobe -qa authenc hmac sha256_generic crypto_null

adopted()
{
	mark srv &&
	stage crowd ns="$(ns srv)" local="$SRV" count="$COUNT" &&
	rises ctx_created && rises ctx_confirmed && rises sa_new &&
	same ctx_destroyed ctx_failed
}
check "$COUNT SAs come: $COUNT contexts" adopted

again()
{
	mark srv && set_sysctl enabled 0 && rises ctx_destroyed &&
	same ctx_created || return 1
	set_sysctl enabled 1 && rises ctx_created && same ctx_failed &&
	rises ctx_destroyed
}
check "switched off: none is left; switched on: all are back" again

believed()
{
	mark srv &&
	stage crowd-send ns="$(ns wan)" port=4500 seq=1 && says all=1 &&
	same in_esp_presented in_esp_no_sa ctx_moved ctx_created
}
# Asked for while nothing comes or goes: all of them, each once.
shown()
{
	local tool=${ESP_NAT_TOP:-$SELFTESTS/..}/build/tools/espnat
	"$tool" -n "$(ns srv)" -j context show 2>&1 | "$SELFTESTS/tools/pick.py" \
		'len(j) == int(a[0]) == len({c["id"] for c in j})' "$COUNT"
}
check "netlink shows each of them" shown
check "all send: nobody moves" believed

move()
{
	mark srv &&
	stage crowd-send ns="$(ns wan)" port=5500 seq=2 && says all=1 &&
	rises ctx_moved && rises in_esp_presented &&
	same ctx_move_early ctx_created ctx_destroyed
}
check "all send from another port: each moves once" move

# Silent for so long that each is due when it is asked for, and so long that
# none is due again before that has ended.
keepalives()
{
	stage sniff name=wire ns="$(ns wan)" dev=srv0
	stage wait seconds=10
	mark srv && set_sysctl keepalive_interval 10 &&
	await_rise out_keepalive "$COUNT" 120 && set_sysctl keepalive_interval 3600 &&
	rose out_keepalive "$COUNT" && same out_no_route out_error || return 1
	stage crowd-keepalives name=wire port=5500 &&
	says count="$COUNT" peers="$COUNT"
}
check "all due at once: one keepalive to each, where it is now" keepalives

# Each has a route cached; the kernel complains if one pins the device.
unplugged()
{
	stage close names=wire && mark srv &&
	ip -n "$(ns srv)" link del wan0 &&
	same ctx_created ctx_destroyed
}
check "the device goes, and so do $COUNT cached routes" unplugged

lost()
{
	set_sysctl idle_timeout 1 && mark srv &&
	ip -n "$(ns srv)" xfrm state flush &&
	rises ctx_destroyed && rises ctx_expired && same ctx_created
}
check "all SAs go: all contexts do" lost

sections() { "$SELFTESTS/tools/sections.py" report "$LIMIT_US"; }
[ -z "${ICOUNT:-}" ] ||
	check "no section of ours is longer than $((LIMIT_US / 1000)) ms" sections

sa_end
