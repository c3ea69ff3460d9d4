#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# IKE of every kind is presented as the client it belongs to: the table of
# cases, as far as it needs nobody to be believed.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

# ike NAME PORT WORD...: an IKE message of client NAME; true if answered.
ike()
{
	local name=$1 port=$2
	shift 2
	stage exchange from="$name.$port" to="$SRV:$port" "$@" && says answered=1
}

# as_client NAME: the last message was presented as NAME, address and port.
as_client()
{
	says addr="${PRES_ADDR[$1]}" port="${PRES_PORT[$1]}"
}

# no_birth COMMAND...: it works and neither context nor alias comes of it.
no_birth()
{
	mark srv && "$@" && same ctx_created alias_given
}

topo_new
topo_crowd random c1 c2 c3
topo_direct r1 101
daemon srv
stage sniff name=wire ns="$(ns wan)" dev=srv0
check "the first client connects" connect_client c1
check "the second client connects" connect_client c2
check "both work" everyone udp c1 c2
check "one has its own address, one an alias" \
	both is_at c1 "$P" -- is_alias c2

# IKE SAs that were never seen to be born: rekeyed inside an exchange.
unknown()
{
	ike "$1" 4500 spii=random spir=random ver="$2" xchg="$3" flags="$4" &&
	as_client "$1"
}
check "IKE SA rekeyed inside an encrypted exchange, by the client" \
	no_birth unknown c2 2 37 8
check "the same, IKEv1, of the one without alias" no_birth unknown c1 1 5 0
by_server()
{
	stage start by=srv from=srv.4500 to="${PRES_ADDR[$1]}:${PRES_PORT[$1]}" \
		want="$1.4500" "${@:2}" && says arrived=1 && as_client "$1"
}
check "IKE SA rekeyed by the server: to the client with alias" \
	no_birth by_server c2 spii=random spir=random ver=2 xchg=37 flags=0
check "IKE SA rekeyed by the server: to the one without" \
	no_birth by_server c1 spii=random spir=random ver=2 xchg=37 flags=0
check "phase 1 that the gateway initiates to an alias" \
	no_birth by_server c2 spii=random xchg=2
# What the server sends under the first IKE SA, e.g. DPD.
check "what the server starts under a known IKE SA" no_birth by_server c2 \
	spii="${SPII[c2]}" spir="${SPIR[c2]}" xchg=5 msgid=4711
known_500()
{
	ike c2 500 spii="${SPII[c2]}" spir="${SPIR[c2]}" xchg=5 msgid=99 &&
	says addr="${PRES_ADDR[c2]}" && ! says port="${PRES_PORT[c2]}" >/dev/null
}
check "known SPIs from the client's other port: its address, its own port" \
	no_birth known_500

# Several CHILD_SAs, and overlapping ones during a rekey.
more_children()
{
	GEN[c2]=$((GEN[c2] + 1))
	sa_install c2 && everyone udp c1 c2
}
check "a second CHILD_SA beside the first" no_birth more_children
old_child_goes()
{
	local now=${GEN[c2]}
	GEN[c2]=$((now - 1))
	ip -n "$(ns srv)" xfrm state delete src "${PRES_ADDR[c2]}" dst "$SRV" \
		proto esp spi "$(spi_in c2)"
	ip -n "$(ns srv)" xfrm state delete src "$SRV" dst "${PRES_ADDR[c2]}" \
		proto esp spi "$(spi_out c2)"
	GEN[c2]=$now
	everyone udp c1 c2
}
check "the first goes, the second stays" no_birth old_child_goes

# Retries with the same SPIi.
twice()
{
	local first
	mark srv
	ike c3 500 "$@" || return 1
	first=$(field presented)
	ike c3 500 "$@" && says presented="$first" && rose ctx_created 1
}
set_sysctl alias_mode 2
stage mode name=srv mode=cookie
check "COOKIE: the same SPIi is the same context" twice ver=2 spii=c00c1e
stage mode name=srv mode=answer
check "INVALID_KE_PAYLOAD: likewise" twice ver=2 spii=1badfe
check "an IKEv1 client repeats its first message: likewise" twice spii=2badfe
presented_alias()
{
	local addr
	ike c3 500 "$@" && addr=$(field addr) && [[ $addr == 198.1[89].* ]]
}
presented_real() { ike c3 500 "$@" && says addr="$P"; }

# Whom alias_mode and never_alias concern.
check "alias_mode 2: an IKEv2 client gets an alias" presented_alias ver=2
set_sysctl alias_mode 1
check "alias_mode 1: an IKEv2 client keeps its address" presented_real ver=2
check "alias_mode 1: an IKEv1 client gets an alias" presented_alias
set_sysctl alias_mode 0
check "alias_mode 0: nobody gets one" presented_real
check "alias_mode 0: who has one keeps it" everyone udp c1 c2
set_sysctl alias_mode 1
set_sysctl never_alias $P/32
check "never_alias: not those it names" presented_real
set_sysctl never_alias 198.51.99.0/24,192.0.2.0/24
check "never_alias: others as ever" presented_alias

# What is no birth.
check "an IKEv2 response with SPIr 0 gives no birth" no_birth \
	stage send from=c3.500 to="$SRV:500" ver=2 flags=32
check "an IKEv2 request without initiator flag gives no birth" no_birth \
	stage send from=c3.500 to="$SRV:500" ver=2 flags=0
check "Quick Mode with SPIr 0 gives no birth" no_birth \
	stage send from=c3.500 to="$SRV:500" xchg=32
check "IKE version 3 gives no birth" no_birth \
	stage send from=c3.500 to="$SRV:500" ver=3 xchg=34 flags=8
# r1 has not been heard yet.
unknown_passes() { ike r1 500 spii=random spir=random && says addr="${ADDR[r1]}"; }
check "unknown SPIs from an unknown place pass as they came" \
	no_birth unknown_passes

# A router that is not behind NAT rekeys and reboots.
ENCAP[r1]=no POLICY[r1]=host
router()
{
	ike r1 500 && says addr=198.51.100.101 || return 1
	SPII[r1]=$(field spii) SPIR[r1]=$(field spir)
	PRES_ADDR[r1]=198.51.100.101 PRES_PORT[r1]=500
	sa_install r1 && everyone icmp r1
}
check "a router without NAT connects, plain ESP" router
new_phase1() { ike r1 500 && says addr=198.51.100.101 port=500; }
check "it rekeys phase 1 on 500" no_birth new_phase1
rebooted()
{
	new_phase1 || return 1
	sa_remove_client r1
	GEN[r1]=$((GEN[r1] + 1))
	sa_install r1 && everyone icmp r1 && everyone udp c1 c2
}
check "it reboots without DELETE and keeps its address" no_birth rebooted

# A site-to-site peer on the NAT's own address, initiated by the gateway.
site()
{
	stage start by=srv from=srv.500 to="$P:500" want=peer.500 spii="$1" &&
	says arrived=1 from="$SRV:500" presented="$P:500"
}
stage ike name=peer.500 ns="$(ns nat)" addr=$P port=500
stage ike name=peer.4500 ns="$(ns nat)" addr=$P port=4500
alias_less() { mark srv && "$@" && same alias_given; }
check "the gateway initiates to the NAT's own address: never aliased" \
	alias_less site 5e1f
peer_answers()
{
	stage exchange from=peer.500 to="$SRV:500" spii=5e1f spir=77 xchg=5 \
		msgid=8 && says answered=1 addr="$P" port=500
}
check "what that peer starts under this IKE SA keeps its address" \
	alias_less peer_answers
check "it rekeys phase 1 itself and keeps its address" alias_less \
	stage exchange from=peer.500 to="$SRV:500" spii=random
peer_kept() { says answered=1 addr="$P" port=500; }
check "so it was presented" peer_kept
# Its tunnel: plain ESP between server and NAT, beside the clients' SAs.
peer_traffic()
{
	NS[peer]=$(ns nat) ADDR[peer]=$P ID[peer]=77 GEN[peer]=0
	ENCAP[peer]=no POLICY[peer]=icmp SERVER_OF[peer]=srv
	PRES_ADDR[peer]=$P PRES_PORT[peer]=500
	sa_install peer && everyone icmp peer && everyone udp c1 c2
}
check "its SAs and the clients' do not disturb each other" peer_traffic

# Coming back.
back_after_delete()
{
	disconnect_client c2
	redial c2 && everyone udp c1 c2
}
check "an aliased client comes back after DELETE" back_after_delete
back_without()
{
	redial c2 && is_alias c2 && everyone udp c1 c2
}
check "it comes back without DELETE, its old SAs still there" back_without
quick()
{
	disconnect_client c1
	redial c1 && is_alias c1 && everyone udp c1 c2
}
check "a quick redial after DELETE gets an alias" quick
crashed()
{
	redial c1 && is_alias c1 && everyone udp c1 c2
}
check "a redial after a crash gets an alias" crashed

# Two IKEv2 clients, transport mode.
topo_again
topo_crowd random c1 c2
daemon srv
set_sysctl alias_mode 2
check "IKEv2, alias_mode 2: the first connects" connect_client c1 2
check "IKEv2, alias_mode 2: the second connects" connect_client c2 2
check "IKEv2, alias_mode 2: both work" everyone udp c1 c2

sa_end
