#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Checksums (RFC 3948, section 3.1.2): what came in transport mode through a NAT
# is accepted here, and forwarded with a checksum that is right; what came in
# tunnel mode has to have one.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

# The stock kernel comes first.
NO_MODULE=1
sa_begin
no_offload

#     box 172.16.0.2 eth0 --- l1 [cab] l0 --- lan0 .0.1 [srv] --- wan0 ...
#
# The stage is the cable: veth would hand over what the kernel thinks of a
# checksum, and box would not look at it.
# lan_up: the box and its cable; udp 1701 and tcp 8080 go to the box. Its MTU
# leaves room for ESP: nobody tells it of that, the stock kernel finds the policy
# of its answers after it has looked at the MTU.
lan_up()
{
	srv=$(ns srv) box=$(ns box) cab=$(ns cab)
	stage netns add="$box,$cab" &&
	ip -n "$srv" -batch - <<-END &&
		link add lan0 type veth peer name l0 netns $cab
		addr add 172.16.0.1/24 dev lan0
		link set lan0 mtu 1300 up
	END
	ip -n "$box" -batch - <<-END &&
		link set lo up
		link add eth0 type veth peer name l1 netns $cab
		addr add 172.16.0.2/24 dev eth0
		link set eth0 mtu 1300 up
		route add default via 172.16.0.1
	END
	ip -n "$cab" link set l0 up && ip -n "$cab" link set l1 up &&
	in_ns srv ethtool -K lan0 tx off >/dev/null &&
	in_ns box ethtool -K eth0 tx off >/dev/null &&
	stage cable ns="$cab" one=l0 other=l1 &&
	stage sysctls ns="$srv" net.ipv4.ip_forward=1 &&
	in_ns srv nft -f - <<-END &&
		table ip t_dnat {
			chain pre {
				type nat hook prerouting priority -100
				ip daddr $SRV udp dport 1701 dnat to 172.16.0.2
				ip daddr $SRV udp dport 1702 dnat to 172.16.0.2:1703
				ip daddr $SRV tcp dport 8080 dnat to 172.16.0.2
			}
			chain post {
				type nat hook postrouting priority 100
				oifname lan0 udp dport 1703 masquerade
			}
		}
	END
	stage udp name=box ns="$box" port=1701 &&
	stage udp name=masq ns="$box" port=1703 &&
	stage udp name=here ns="$srv" port=7777 &&
	stage sniff name=lan ns="$box" dev=eth0
}

# Packets with such a checksum that came to the box.
sums() { wire_count lan dst=172.16.0.2 "$@"; }

# snmp NAME PROTOCOL FIELD: of /proc/net/snmp.
# shellcheck disable=SC2016 # awk's, not the shell's
snmp()
{
	in_ns "$1" awk -v p="$2:" -v f="$3" '
		$1 == p && !n { for (i = 2; i <= NF; i++) if ($i == f) n = i; next }
		$1 == p { print $n }' /proc/net/snmp
}

# forwarded PROTOCOL NAME...: all of them send at once, and the box answers.
forwarded()
{
	local proto=$1
	shift
	case $proto in
	udp)
		stage burst server=box target="$SRV:1701" push=0 \
			peers="$(peers udp "$@")" ;;
	tcp)
		stage burst proto=tcp server="$box" target="$SRV:8080" \
			size=20000 peers="$(peers tcp "$@")" ;;
	esac && says all=1
}

# here NAME: a packet that is delivered here.
here()
{
	stage take name=here timeout=0 &&
	stage data from="$1" to="$SRV:7777" size=50 &&
	stage take name=here timeout=5 && says count=1 src="${PRES_ADDR[$1]}"
}

# right COMMAND...: it works, and no checksum that came to the box is wrong.
right()
{
	local bad
	bad=$(sums sum=bad)
	mark srv && "$@" && [ "$(sums sum=bad)" -eq "$bad" ] && rose fwd_csum &&
	same fwd_csum_left
}

host_policy() { for name; do POLICY[$name]=host; done; }

# --- the stock kernel ---

topo_new
topo_crowd random c1 c2 c3 c4
topo_direct d1 101
host_policy c1 c2 c3 d1
daemon srv
check "a box behind the server" lan_up
stage sniff name=wire ns="$(ns wan)" dev=srv0
check "the stock kernel: one client" connect_client c1
check "what is delivered here is accepted" here c1
stock_udp()
{
	local before
	before=$(snmp box Udp InCsumErrors)
	stage take name=box timeout=0 && stage data from=c1 to="$SRV:1701" size=50 &&
	stage take name=box timeout=1 && says count=0 &&
	[ "$(sums proto=17 sum=bad)" -eq 1 ] && [ "$(sums sum=good)" -eq 0 ] &&
	[ "$(snmp box Udp InCsumErrors)" -eq $((before + 1)) ]
}
check "forwarded UDP has a wrong checksum, and is not delivered" stock_udp
stock_tcp()
{
	! stage burst proto=tcp server="$box" target="$SRV:8080" size=2000 wait=2 \
		peers="$(peers tcp c1)" || ! says all=1 >/dev/null || return 1
	[ "$(sums proto=6 sum=bad)" -ge 1 ] && [ "$(sums sum=good)" -eq 0 ] &&
	[ "$(snmp box Tcp InCsumErrors)" -ge 1 ]
}
check "forwarded TCP neither" stock_tcp

# --- transport mode ---

check "the module is loaded" module_load
check "the client is known" stage await ns="$srv" name=ctx_confirmed min=1
check "UDP, forwarded: right, and answered" right forwarded udp c1
check "TCP, forwarded" right forwarded tcp c1
check "a second client" connect_client c2
check "one has its own address, one an alias" both is_at c1 "$P" -- is_alias c2
check "and one that has no NAT" connect_client d1
check "all at once: UDP" right forwarded udp c1 c2 d1
check "all at once: TCP" right forwarded tcp c1 c2 d1
check "what is delivered here is still accepted" both here c1 -- here c2 -- here d1

# size NAME BYTES: one datagram to the box.
datagram()
{
	stage take name=box timeout=0 &&
	stage data from="$1" to="$SRV:1701" size="$2" &&
	stage take name=box timeout=5 && says count=1 size="$2"
}
check "a datagram in fragments, through ESP and behind it" \
	right datagram c2 3000
check "without a payload" right datagram c2 0
check "of odd length" right datagram c2 1233
# raw NAME WORD...: made by hand, to the box.
raw()
{
	local name=$1
	shift
	stage take name=box timeout=0 &&
	stage raw ns="${NS[$name]}" src="${ADDR[$name]}" dst="$SRV" sport=1701 \
		dport=1701 "$@"
}
no_checksum()
{
	raw c2 size=20 check=none && stage take name=box timeout=5 &&
	says count=1 && [ "$(sums sum=none)" -eq 1 ]
}
check "UDP without a checksum has none behind" right no_checksum
# A length that is not right: nobody can tell what the checksum is over.
cut_short()
{
	in_ns srv nft -f - <<-END &&
		table ip t_cut {
			chain pre {
				type filter hook prerouting priority -50
				ip daddr 172.16.0.2 udp length set 65535
			}
		}
	END
	mark srv && stage take name=box timeout=0 &&
	stage data from=c2 to="$SRV:1701" size=20 && says errno=0 &&
	await_rise fwd_csum_left &&
	stage take name=box timeout=0.3 && says count=0 &&
	same fwd_csum && in_ns srv nft delete table ip t_cut
}
check "a UDP length beyond the packet's end: left as it came" cut_short
# The server's own NAT changes the source as well, later.
masqueraded()
{
	stage take name=masq timeout=0 && stage take name=c2 timeout=0 &&
	stage data from=c2 to="$SRV:1702" size=77 &&
	stage take name=masq timeout=5 && says count=1 src=172.16.0.1 &&
	stage data from=masq to="172.16.0.1:$(field port)" size=9 &&
	stage take name=c2 timeout=5 && says count=1 src="$SRV" port=1702
}
check "DNAT and SNAT" right masqueraded

# What is only forwarded to us in the clear is none of our business.
clear_text()
{
	local bad
	bad=$(sums sum=bad)
	mark srv
	stage raw ns="$(ns wan)" src=198.51.100.254 dst=172.16.0.2 via="$SRV" \
		sport=9 dport=1701 size=20 check=bad &&
	busywait 20000 more_bad "$bad" && same fwd_csum fwd_csum_left
}
more_bad() { [ "$(sums sum=bad)" -eq $(($1 + 1)) ]; }
ip -n "$(ns wan)" route add 172.16.0.0/24 via "$SRV"
check "in the clear, a wrong checksum stays wrong" clear_text

# Nobody vouches for what an SA without integrity carries.
unvouched()
{
	local bad KEY="auth digest_null \"\" enc cbc(aes) 0x0102030405060708090a0b0c0d0e0f10"
	modprobe -q crypto_null
	connect_client c3 || return 1
	bad=$(sums sum=bad)
	mark srv
	stage data from=c3 to="$SRV:1701" size=50 && busywait 20000 more_bad "$bad" &&
	same fwd_csum fwd_csum_left
}
check "an SA without integrity: wrong, as without the module" unvouched

set_sysctl enabled 0
switched_off()
{
	local bad
	bad=$(sums sum=bad)
	stage data from=c1 to="$SRV:1701" size=50 && busywait 20000 more_bad "$bad"
}
check "switched off: as without the module" switched_off
set_sysctl enabled 1

# --- tunnel mode ---

# Besides the server's own address, the box by its real one.
box_policies()
{
	local pa=${END_ADDR[c4]} a=${ADDR[c4]}
	ip -n "$srv" xfrm policy add src "$a" dst 172.16.0.2 dir fwd tmpl \
		src "$pa" dst "$SRV" proto esp reqid "${ID[c4]}" mode tunnel &&
	ip -n "${NS[c4]}" xfrm policy add src "$a" dst 172.16.0.2 dir out tmpl \
		src "$a" dst "$SRV" proto esp reqid 1 mode tunnel
}
check "a client in tunnel mode" both tunnel_connect c4 -- box_policies

# A SYN to port 8080, with a checksum that is not right.
SYN=9c401f90000000010000000050022000abcd0000
# tunnelled DESTINATION WORD...
tunnelled()
{
	local dst=$1
	shift
	stage raw ns="${NS[c4]}" src="${ADDR[c4]}" dst="$dst" "$@"
}
good_here()
{
	stage take name=here timeout=0 &&
	tunnelled "$SRV" sport=7 dport=7777 size=20 &&
	stage take name=here timeout=5 && says count=1 src="${ADDR[c4]}"
}
csum_error() { [ "$(snmp "$1" "$2" InCsumErrors)" -gt "$3" ]; }
bad_here()
{
	local udp tcp
	udp=$(snmp srv Udp InCsumErrors) tcp=$(snmp srv Tcp InCsumErrors)
	tunnelled "$SRV" sport=7 dport=7777 size=20 check=bad &&
	stage take name=here timeout=0.5 && says count=0 &&
	busywait 20000 csum_error srv Udp "$udp" &&
	tunnelled "$SRV" proto=6 "hex=${SYN/1f90/1f91}" &&
	busywait 20000 csum_error srv Tcp "$tcp"
}
check "a right checksum: delivered here" good_here
check "a wrong one, UDP and TCP: refused" bad_here
unmodified()
{
	local bad udp tcp
	bad=$(sums sum=bad)
	udp=$(snmp box Udp InCsumErrors) tcp=$(snmp box Tcp InCsumErrors)
	mark srv && stage take name=box timeout=0 &&
	tunnelled 172.16.0.2 sport=7 dport=1701 size=20 &&
	stage take name=box timeout=5 && says count=1 &&
	tunnelled 172.16.0.2 sport=7 dport=1701 size=20 check=bad &&
	tunnelled 172.16.0.2 proto=6 hex="$SYN" &&
	busywait 20000 csum_error box Udp "$udp" &&
	busywait 20000 csum_error box Tcp "$tcp" &&
	[ "$(sums sum=bad)" -eq $((bad + 2)) ] && same fwd_csum fwd_csum_left
}
check "forwarded: right and wrong ones go on as they came" unmodified

# The raw packet above is the only one.
nothing_was_clear()
{
	local raw=(src=198.51.100.254 dst=172.16.0.2) all but
	all=$(wire_count wire dport=1701) but=$(wire_count wire "${raw[@]}")
	echo "to 1701: $all, the raw one: $but, from 1701:" \
		"$(wire_count wire sport=1701), TCP: $(wire_count wire proto=6)"
	[ "$all" -eq "$but" ] && [ "$(wire_count wire sport=1701)" -eq 0 ] &&
	[ "$(wire_count wire proto=6)" -eq 0 ]
}
check "nothing of the clients was in the clear" nothing_was_clear

# --- SAs without encapsulation whose ESP the rule sends in UDP ---

topo_again
topo_crowd random c1 c2
in_ns "${NS[nat]}" nft -f - <<-END
	table ip block {
		chain forward {
			type filter hook forward priority 0
			ip protocol esp drop
		}
	}
END
host_policy c1 c2
ENCAP[c1]=no ENCAP[c2]=no
daemon srv
check "assumed: a box behind the server" lan_up
assume()
{
	local name
	for name in srv c1 c2; do
		stage sysctl ns="$(ns "$name")" value=2 \
			name=esp_nat.assume_udp_encap_context_on_send &&
		says errno=0 || return 1
	done
}
check "assumed: two clients" \
	both assume -- connect_client c1 -- connect_client c2 -- is_alias c2
check "assumed: what is delivered here is accepted" both here c1 -- here c2
check "assumed: UDP" right forwarded udp c1 c2
check "assumed: TCP" right forwarded tcp c1 c2

# --- ESP that came by a bridge ---

topo_again
topo_crowd random c1 c2
host_policy c1 c2
daemon srv
check "bridge: a box behind the server" lan_up
check "bridge: the uplink is a port, br_netfilter on" topo_bridge
check "bridge: two clients" both connect_client c1 -- connect_client c2
check "bridge: UDP" right forwarded udp c1 c2
check "bridge: TCP" right forwarded tcp c1 c2

# --- GRO ---

topo_again
modprobe -q esp4_offload
topo_crowd random c1 c2
host_policy c1 c2
daemon srv gro=1
topo_gro
check "GRO: a box behind the server" lan_up
check "GRO: two clients" both connect_client c1 -- connect_client c2
check "GRO: UDP" right forwarded udp c1 c2
gro_tcp()
{
	local bad
	bad=$(sums sum=bad)
	mark srv && forwarded tcp c1 c2 && [ "$(sums sum=bad)" -eq "$bad" ] &&
	[ "$(sums proto=6 sum=good)" -ge 10 ] && same fwd_csum_left
}
check "GRO: TCP, in pieces that were put together" gro_tcp

sa_end
