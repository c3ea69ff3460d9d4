#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# SAs without encapsulation through a NAT that lets no ESP pass but in UDP: the
# rule has them sent so, at both ends.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin
no_offload

RULE=assume_udp_encap_context_on_send

# rule VALUE [NAME]...: at the server, and at these clients.
rule()
{
	local value=$1 name
	set_sysctl $RULE "$value" || return 1
	shift
	for name; do
		stage sysctl ns="${NS[$name]}" name=esp_nat.$RULE value="$value" &&
		says errno=0 || return 1
	done
}

# block NAT: no ESP passes without UDP.
block()
{
	in_ns "${NS[$1]}" nft -f - <<-END
		table ip block {
			chain forward {
				type filter hook forward priority 0
				ip protocol esp drop
			}
		}
	END
}

# plain NAME: IKE that tells nothing of NATs, then SAs without encapsulation.
plain()
{
	ENCAP[$1]=no
	connect_client "$1"
}

# scene KIND POLICY: two clients behind one NAT, of which the second has an
# alias.
scene()
{
	topo_nat nat "$P" "$1"
	block nat
	topo_client nat c1 11
	topo_client nat c2 12
	POLICY[c1]=$2 POLICY[c2]=$2
	daemon srv
	plain c1 && plain c2 && is_alias c2
}

# Nobody's packets pass.
dark()
{
	stage burst server=srv target="$SRV:1701" rounds=1 wait=1 \
		peers="$(peers udp "$@")" && says up=0 back=0 down=0
}

topo_new
check "two clients without NAT-T behind one NAT" scene random host
stage sniff name=before ns="$(ns wan)" dev=srv0
check "the NAT blocks protocol 50: nothing passes" dark c1 c2
check "the server has sent it" [ "$(wire_count before proto=50 src="$SRV")" -gt 0 ]
check "the rule at the server alone is not enough" both rule 2 -- dark c1 c2
check "rule 2 at all" rule 2 c1 c2
stage sniff name=wire ns="$(ns wan)" dev=srv0
# It is the client's packet that tells the server its port.
check "the clients begin" hello c1 c2
check "UDP, all at once" everyone udp c1 c2
check "ICMP, all at once" everyone icmp c1 c2
BURST=(size=100000 wait=60)
check "TCP, all at once, 100,000 bytes each way" everyone tcp c1 c2
BURST=()

# What the server sends: nothing but UDP, with the port of each client, without
# checksum.
on_wire()
{
	local all zero
	all=$(wire_count wire src="$SRV") &&
	zero=$(wire_count wire src="$SRV" proto=17 sport=4500 dst="$P" check=0) &&
	echo "# of $all packets $zero are as wanted"
	[ "$all" -gt 100 ] && [ "$all" -eq "$zero" ] &&
	[ "$(wire_count wire proto=50)" -eq 0 ] && nothing_clear wire
}
check "on the wire there is ESP in UDP without checksum, and nothing else" on_wire
counted() { rose out_assumed; }
mark srv
check "sent by the rule" both everyone udp c1 c2 -- counted

# Two presented addresses, one actual: no two fragments may be mixed up.
ids()
{
	local name
	stage udp name=nodf ns="$(ns srv)" port=1702 df=0
	stage sniff name=ids ns="$(ns wan)" dev=srv0
	for name in c1 c2 c1 c2; do
		stage data from=nodf to="${PRES_ADDR[$name]}:1701" size=100 times=4 ||
			return 1
	done
	stage sniffed name=ids src="$SRV" proto=17 && says count=16 ids=16
}
check "IP IDs differ" ids

# passes SIZE [SOCKET OPTION]...: both ways, of both clients.
passes()
{
	local size=$1 name
	shift
	stage udp name=other ns="$(ns srv)" port=1703 "$@"
	for name in c1 c2; do
		stage udp name="$name.other" ns="${NS[$name]}" port=1703 "$@"
		stage take name=other timeout=0
		stage take name="$name.other" timeout=0
		stage data from="$name.other" to="$SRV:1703" size="$size" &&
		stage take name=other wait=1 timeout=3 &&
		says count=1 size="$size" src="${PRES_ADDR[$name]}" &&
		stage data from=other to="${PRES_ADDR[$name]}:1703" size="$size" &&
		stage take name="$name.other" wait=1 timeout=3 &&
		says count=1 size="$size" src="$SRV" || return 1
		stage close names="$name.other"
	done
	stage close names=other
}
check "IP options pass" passes 100 options=01010100
check "fragments pass" passes 3000 df=0
check "the longest datagram there is is not sent too long" passes 65000 df=0

check "rule 1 covers a NAT in front of the server, and none is known" \
	both rule 1 c1 c2 -- everyone udp c1 c2
check "rule 0: dark at once" both rule 0 c1 c2 -- dark c1 c2
check "rule 2 again" both rule 2 c1 c2 -- everyone udp c1 c2

# The NAT forgets: the next packet of each tells its new port.
forget()
{
	nat_forget nat
	hello c1 c2 && everyone udp c1 c2
}
check "the NAT forgets" forget
# A copy of an old packet, from another port, tells nothing.
copy()
{
	stage resend name=wire ns="${NS[nat]}" from="$P:9999" src="$P" dst="$SRV" \
		proto=17 dport=4500 times=3 && everyone udp c1 c2
}
check "a replayed packet from another port moves nothing" copy

# SAs without any IKE.
topo_again
topo_nat nat "$P" preserving
block nat
topo_client nat c1 11
daemon srv
by_hand()
{
	ENCAP[c1]=no PRES_ADDR[c1]="$P" PRES_PORT[c1]=4500
	sa_install c1
}
check "SAs by hand" by_hand
check "rule 0: dark" dark c1
check "rule 2: they work" both rule 2 c1 -- hello c1 -- everyone udp c1
check "rule 1: they work" both rule 1 c1 -- everyone udp c1

# The path carries less: 1500 bytes, UDP header and all, then 1300 behind the NAT.
# An ICMP error is clear text, so the policies are of UDP only.
topo_again
STYLE=libreswan
check "two clients, for the MTU" scene random l2tp
stage close names=srv
stage udp name=srv ns="$(ns srv)" port=1701 df=1
rule 2 c1 c2
check "they work" both hello c1 c2 -- everyone udp c1 c2
stage sniff name=wire ns="$(ns wan)" dev=srv0

too_long()
{
	stage data from=srv to="${PRES_ADDR[$1]}:1701" size="$2" >/dev/null &&
	says error=Message_too_long >/dev/null
}
# adapts NAME SIZE: a datagram of SIZE bytes with DF is refused sooner or later;
# the longest that then is not, arrives.
adapts()
{
	local size=$2
	busywait 20000 too_long "$1" "$size" || { echo "# never: $REPLY"; return 1; }
	while too_long "$1" "$size"; do
		size=$((size - 1))
		[ "$size" -gt $(($2 - 100)) ] || return 1
	done
	echo "# $1: $size bytes"
	stage take name="$1" timeout=0 >/dev/null
	stage data from=srv to="${PRES_ADDR[$1]}:1701" size="$size" && says errno=0 &&
	stage take name="$1" wait=1 timeout=5 && says size="$size"
}
no_frag() { stage sniffed name=wire proto=17 frag=1 && says count=0; }
for name in c1 c2; do
	check "1500 bytes: $name adapts, and the longest arrives" adapts $name 1440
done
ip -n "${NS[nat]}" link set br0 mtu 1300
for name in c1 c2; do
	check "1300 bytes: $name adapts" busywait 30000 adapts $name 1240
done
check "both still" both adapts c1 1240 -- adapts c2 1240
check "nothing was fragmented" no_frag

topo_again
STYLE=libreswan
check "two clients, for TCP" scene random tcp
rule 2 c1 c2
ip -n "${NS[nat]}" link set br0 mtu 1300
BURST=(size=100000 wait=60)
check "TCP: 100,000 bytes each way arrive" everyone tcp c1 c2
BURST=()

# With esp4_offload, ESP is not encrypted yet when the rule would have it sent.
topo_again
STYLE=strongswan
modprobe -q esp4_offload
check "two clients, esp4_offload loaded" scene random host
stage sniff name=wire ns="$(ns wan)" dev=srv0
mark srv
guarded()
{
	rule 2 c1 c2
	dark c1 c2 && rose drop_assume_offload && same out_assumed &&
	[ "$(wire_count wire)" -eq 0 ]
}
check "nothing is sent half done, and it is counted" guarded

sa_end
