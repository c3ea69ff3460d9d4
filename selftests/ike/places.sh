#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Nobody who has proved nothing takes a living client's place, neither the one
# that it is presented at nor the one where it is.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

TOOL=${ESP_NAT_TOP:-$SELFTESTS/..}/build/tools/espnat
[ -x "$TOOL" ] || TOOL=$(command -v espnat) || bail "no espnat: make -C tools"

sa_begin

# apart: no two that have SAs are presented as one endpoint, to one local address.
apart()
{
	local twice
	twice=$("$TOOL" -n "$(ns srv)" context show state live | awk '{
		at = $1
		for (i = 2; i < NF; i++) {
			if ($i == "alias" || $i == "presented")
				at = $(i + 1)
			if ($i == "local")
				to = $(i + 1)
		}
		print at, to
	}' | sort | uniq -d)
	[ -z "$twice" ] || { echo "$twice"; return 1; }
}

# --- who was alone, and comes back ---

topo_new
topo_crowd random c1 c2
daemon srv
check "a client alone at its address" connect_client c1
back()
{
	disconnect_client c1
	redial c1 && is_at c1 "$P" && everyone udp c1
}
check "it dials again after DELETE, and has its address" back
check "and once more" back

# --- a place that a client has moved away from ---

check "a second client" connect_client c2
check "both work" everyone udp c1 c2
OLD=$(mapping c1)
moves()
{
	mark srv
	# once a second, at most
	nat_forget nat && busywait 30000 hello c1 c2 &&
		everyone udp c1 c2 && rose ctx_moved
}
check "both move" moves

# thief PORT: a process on the NAT itself, whose packets come from that port of
# its address.
thief()
{
	stage ike name="thief.$1" ns="$(ns nat)" addr="$P" port="$1"
}
# stays COMMAND...: it does that, and both clients work as before.
stays()
{
	"$@" && everyone udp c1 c2
}
# from PORT WORD...: an IKE message from there to nat_port.
from()
{
	local port=$1
	shift
	stage send from="thief.$port" to="$SRV:4500" "$@"
}
check "somebody has the port that the first had" thief "$OLD"
check "who opens an IKEv2 SA from there" \
	stays from "$OLD" ver=2 spii=random xchg=34 flags=8
check "who opens an IKEv1 SA" stays from "$OLD" spii=random xchg=2
many()
{
	local i
	for i in {1..10}; do
		from "$OLD" ver=2 spii=random xchg=34 flags=8 || return 1
	done
}
check "ten of them" stays many
check "who knows its cookies" \
	stays from "$OLD" spii="${SPII[c1]}" spir="${SPIR[c1]}" xchg=5 msgid=7
check "who knows the other's" \
	stays from "$OLD" spii="${SPII[c2]}" spir="${SPIR[c2]}" xchg=5 msgid=7
set_sysctl alias_mode 0
check "alias_mode 0: who opens an IKEv1 SA" \
	stays from "$OLD" spii=random xchg=2
set_sysctl alias_mode 1
set_sysctl never_alias "$P/32"
check "never_alias: who opens an IKEv1 SA" \
	stays from "$OLD" spii=random xchg=2
set_sysctl never_alias ""
check "they move again, and are followed" moves

# --- the NAT gives another the port that one had, and is presented with ---

topo_client nat c3 13
in_ns nat nft insert rule ip nat post oifname out ip saddr "${ADDR[c3]}" \
	udp sport 4500 masquerade to ":$OLD"
# An IKEv2 client, which has no alias, nor the first one's place. What was sent to
# that port and from it in between is forgotten.
gets_it()
{
	[ "${PRES_PORT[c1]}" = "$OLD" ] || return 1
	nat_forget nat -s "$SRV"
	nat_forget nat -s "$P"
	tunnel_connect c3 2 && [ "$(mapping c3)" = "$OLD" ] &&
	[ "${END_ADDR[c3]}" = "$P" ] && [ "${END_PORT[c3]}" != "$OLD" ]
}
check "one gets the port that the first had" gets_it
check "it works, where it is" both everyone icmp c3 -- everyone udp c1 c2 -- \
	everyone icmp c3
follows()
{
	mark srv
	in_ns nat nft insert rule ip nat post oifname out ip saddr "${ADDR[c3]}" \
		udp sport 4500 masquerade to :30000 &&
	nat_forget nat -s "${ADDR[c3]}" && busywait 30000 everyone icmp c3 &&
	rose ctx_moved && [ "$(mapping c3)" = 30000 ]
}
check "nobody is presented as another" apart
check "it moves, too" follows
check "it moves, too: the others work" both everyone udp c1 c2 -- everyone icmp c3
disconnect_tunnel()
{
	ip -n "$(ns srv)" xfrm state delete src "$P" dst "$SRV" proto esp \
		spi "$(spi_in c3)" &&
	ip -n "$(ns srv)" xfrm state delete src "$SRV" dst "$P" proto esp \
		spi "$(spi_out c3)" &&
	sa_remove_client c3
}
check "its SAs go" disconnect_tunnel

# --- one that has moved loses its SAs, and another gets the place that it had ---

gets_it_whole()
{
	sa_remove_server c1
	in_ns nat nft insert rule ip nat post oifname out ip saddr "${ADDR[c3]}" \
		udp sport 4500 masquerade to ":$OLD" &&
	nat_forget nat -s "${ADDR[c3]}" && GEN[c3]=$((GEN[c3] + 1)) &&
	tunnel_connect c3 2 && [ "${END_PORT[c3]}" = "$OLD" ]
}
check "one loses its SAs, and a third is presented as it was" gets_it_whole
renews()
{
	sa_remove_client c1
	GEN[c1]=$((GEN[c1] + 1))
	ike_float c1 && [ "${PRES_ADDR[c1]}:${PRES_PORT[c1]}" != "$P:$OLD" ] &&
	sa_install c1
}
check "the first makes new ones, and is presented otherwise" renews
check "all three work" both everyone udp c1 c2 -- everyone icmp c3
check "and nobody is presented as another" apart
check "the third's SAs go" disconnect_tunnel

# --- a peer without NAT, and forged IKE in its name ---

topo_direct d1 101
ENCAP[d1]=no
site_to_site()
{
	stage exchange from=d1.500 to="$SRV:500" && says answered=1 || return 1
	field spii "SPII[d1]"; field spir "SPIR[d1]"
	field addr "PRES_ADDR[d1]"; field port "PRES_PORT[d1]"
	sa_install d1 && everyone udp d1
}
check "a peer without NAT that speaks IKE on 500 only" site_to_site
forged()
{
	stage send from=d1.500 to="$SRV:4500" marker=1 spii=random spir=random xchg=5
	mark srv
	stage exchange from=d1.500 to="$SRV:500" && says answered=1 addr="${ADDR[d1]}" &&
	same ctx_created
}
check "one forged message to 4500, and it renews its IKE SA" forged
check "and works" everyone udp d1 c1 c2

# --- the place where a client is ---

# What is presented from where the first is, is presented as the first.
NOW=$(mapping c1)
rekeyed()
{
	stage exchange from=c1.4500 to="$SRV:4500" spii=random spir=random xchg=5 &&
	says addr="${PRES_ADDR[c1]}" port="${PRES_PORT[c1]}"
}
check "an IKE SA rekeyed inside an exchange is its" rekeyed
# The NAT's own process has the same port for another address of the gateway's,
# as far as the NAT goes; to the gateway it is the same endpoint.
spoof()
{
	in_ns "$(ns nat)" nft -f - <<-RULES
		table ip spoof {
			chain out {
				type filter hook postrouting priority 300
				ip saddr $P udp sport 4999 udp sport set $NOW udp checksum set 0
			}
		}
	RULES
	thief 4999 && from 4999 "$@"
	in_ns "$(ns nat)" nft delete table ip spoof
}
check "one message in its name that opens an IKE SA" \
	stays spoof spii=random xchg=2
check "an IKE SA rekeyed inside an exchange is still its" rekeyed

check "still nobody is presented as another" apart

sa_end
