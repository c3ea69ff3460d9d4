#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A path MTU that is smaller behind the NAT than at the server: DF traffic to a
# client with an alias adapts as it does to a client with its own address.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

#  c1 (own address), c2 (alias) --- 1300 --- [nat] --- 1500 --- [wan] --- [srv]
#
# The ICMP errors come in the clear and from the NAT's address: a policy that
# wants everything from there encrypted would drop them, on the stock kernel
# too. So these policies concern L2TP, or TCP, as libreswan's do.
STYLE=libreswan
topo_new
topo_crowd random c1 c2
daemon srv
stage close names=srv
stage udp name=srv ns="$(ns srv)" port=1701 df=1
stage sniff name=wire ns="$(ns wan)" dev=srv0
connect_client c1
connect_client c2
check "one has its own address, one an alias" both is_at c1 "$P" -- is_alias c2
check "both work" everyone udp c1 c2
ip -n "$(ns nat)" link set br0 mtu 1300

# The MTU that the server's kernel has learned towards a presented address.
learned()
{
	ip -n "$(ns srv)" route get "${PRES_ADDR[$1]}" from "$SRV" |
		sed -n 's/.* mtu \([0-9]*\).*/\1/p'
}

# adapts NAME: 1400 bytes with DF are refused here sooner or later, as too long;
# what then fits arrives.
too_long()
{
	stage data from=srv to="${PRES_ADDR[$1]}:1701" size=1400 >/dev/null &&
	says error=Message_too_long >/dev/null
}
adapts()
{
	busywait 20000 too_long "$1" || { echo "# never refused: $REPLY"; return 1; }
	stage take name="$1" timeout=0 >/dev/null
	stage data from=srv to="${PRES_ADDR[$1]}:1701" size=1100 && says errno=0 &&
	stage take name="$1" wait=1 timeout=5 && says size=1100
}
no_frag() { stage sniffed name=wire proto=17 frag=1 && says count=0; }
check "UDP: the client with its own address adapts" adapts c1
echo "# learned towards $P: $(learned c1)"
mark srv
check "UDP: the client with an alias adapts" adapts c2
echo "# learned towards ${PRES_ADDR[c2]}: $(learned c2)"
same_mtu()
{
	[ -n "$(learned c1)" ] && [ "$(learned c1)" = "$(learned c2)" ]
}
check "both to the same MTU" same_mtu
check "nothing was fragmented" no_frag
told() { rose pmtu_quoted >/dev/null || rose pmtu_told >/dev/null; }
check "the kernel was told by us" told

# Learned before: a further client behind the same NAT is told at once.
topo_client nat c3 13
connect_client c3
check "a further alias adapts too" adapts c3

# TCP, whose segments have DF: it arrives, with either address.
topo_again
STYLE=libreswan
topo_crowd random c1 c2
daemon srv
POLICY[c1]=tcp POLICY[c2]=tcp
connect_client c1
connect_client c2
check "TCP: one has its own address, one an alias" \
	both is_at c1 "$P" -- is_alias c2
ip -n "$(ns nat)" link set br0 mtu 1300
BURST=(size=100000 wait=60)
check "TCP: 100,000 bytes each way arrive, with either" everyone tcp c1 c2

sa_end
