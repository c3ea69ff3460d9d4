#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Which packets may move a client: whatever xfrm does between the wire and its
# verdict, only those that an SA with integrity and a replay window has proved.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin
topo_new

# scene [options of the daemon's socket]: a NAT, a server, two clients.
scene()
{
	topo_again
	topo_crowd random c1 c2
	daemon srv "$@"
}
connected()
{
	connect_client c1 && connect_client c2 && is_alias c2 &&
	everyone udp c1 c2
}
follows()
{
	stage wait seconds=1
	nat_forget nat
	mark srv
	hello c1 c2 && everyone udp c1 c2 && rose ctx_moved 2
}
# An alias is heard wherever it speaks from; nobody is answered there.
stays()
{
	nat_forget nat
	mark srv
	stage burst server=srv target="$SRV:1701" rounds=3 push=0 wait=1 \
		peers="$(peers udp c2)" && says all=0 up=3 back=0 || return 1
	stage burst server=srv target="$SRV:1701" rounds=3 push=0 wait=1 \
		peers="$(peers udp c1)" && says all=0 back=0 && same ctx_moved
}
plain_key=$KEY

scene
check "AEAD with a replay window" connected
check "AEAD with a replay window: moves" both follows -- follows

scene
apart='enc cbc(aes) 0x0102030405060708090a0b0c0d0e0f10'
apart+=' auth-trunc hmac(sha256) 0x0102030405060708090a0b0c0d0e0f10 128'
KEY=$apart
check "encryption and authentication apart" connected
check "encryption and authentication apart: moves" follows
KEY=$plain_key

scene
INBOUND='replay-window 128 flag esn' OUTBOUND='replay-window 1 flag esn'
check "extended sequence numbers" connected
check "extended sequence numbers: moves" both follows -- follows
INBOUND='replay-window 32' OUTBOUND=''

scene
INBOUND=''
check "no replay window" connected
check "no replay window: stays" stays
INBOUND='replay-window 32'

scene
KEY='enc cbc(aes) 0x0102030405060708090a0b0c0d0e0f10 auth digest_null 0x'
check "no integrity" connected
check "no integrity: stays" stays
KEY=$plain_key

# GRO takes ESP before any protocol handler sees it.
scene gro=1
modprobe -q esp4_offload
topo_gro
check "GRO" connected
check "GRO: moves" both follows -- follows

# What GRO takes without us (d1's SA is plain) carries no word of ours, only what
# others left in memory: forged packets with the number that comes next, on whichever
# processor that is. The socket of c1's is new.
newest()
{
	ip -n "$(ns srv)" xfrm state get src "${PRES_ADDR[$1]}" dst "$SRV" \
		proto esp spi "$(spi_in "$1")" |
		sed -n 's/.*anti-replay context: seq \(0x[0-9a-f]*\),.*/\1/p'
}
forged_next()
{
	stage raw ns="${NS[evil]}" src=198.51.100.66 dst="$SRV" sport=4500 \
		dport=4500 size=80 times=20 spread=1 \
		hex="$(printf '%08x%08x' "$(spi_in "$1")" $(($(newest "$1") + 1)))"
}
left_in_memory()
{
	mark srv
	forged_next d1 && hello d1 && forged_next c1 &&
	stage close names=srv.4500 &&
	stage ike name=srv.4500 ns="$(ns srv)" addr=0.0.0.0 port=4500 \
		responder=srv gro=1 && hello c1 && everyone udp c1 c2 d1 &&
	same ctx_moved
}
topo_direct evil 66
topo_direct d1 101
ENCAP[d1]=no
check "one with plain ESP" connect_client d1
check "all work" everyone udp c1 c2 d1
check "what forged packets leave in memory is not believed" left_in_memory

# --- IPComp in tunnel mode, within ESP in transport mode ---

# bundle NETNS FROM PORT TO IN OUT ID WHO NAME: the SAs and policies of one end;
# FROM and PORT are the other end's, IN and OUT SPIs, WHO is within the tunnel.
bundle()
{
	local from=$2 port=$3 to=$4 cpi=$((0x1000 + $7))
	local in out key to_server to_client
	sa_facts "$9"
	ip -n "$1" -batch - <<-END
		xfrm state add src $from dst $to proto comp spi $cpi reqid $7 mode tunnel comp deflate
		xfrm state add src $to dst $from proto comp spi $cpi reqid $7 mode tunnel comp deflate
		xfrm state add src $from dst $to proto esp spi $5 reqid $7 mode transport $INBOUND $key encap espinudp $port 4500 0.0.0.0
		xfrm state add src $to dst $from proto esp spi $6 reqid $7 mode transport $key encap espinudp 4500 $port 0.0.0.0
		xfrm policy add src $8 dst $to dir in tmpl src $from dst $to proto comp reqid $7 mode tunnel tmpl proto esp reqid $7 mode transport
		xfrm policy add src $to dst $8 dir out tmpl src $to dst $from proto comp reqid $7 mode tunnel tmpl proto esp reqid $7 mode transport
	END
}
compressed()
{
	local name=$1 a=${ADDR[$1]} in out
	ike_connect "$name" || return 1
	in=$(spi_in "$name") out=$(spi_out "$name")
	bundle "$(ns srv)" "${PRES_ADDR[$name]}" "${PRES_PORT[$name]}" "$SRV" \
		"$in" "$out" "${ID[$name]}" "$a" "$name" &&
	bundle "${NS[$name]}" "$SRV" 4500 "$a" "$out" "$in" "${ID[$name]}" \
		"$SRV" "$name" &&
	PRES_ADDR[$name]=$a
}
# What IPComp has taken in: packets that are not worth it go without.
used()
{
	ip -n "$(ns srv)" -s xfrm state list proto comp | grep -q '[1-9][0-9]*(packets)'
}
scene
modprobe -qa ipcomp deflate
# With asynchronous crypto the kernel looks up the next SA outside RCU.
[ -z "${CRYPTO:-}" ] || KEY=$apart
check "IPComp" both compressed c1 -- compressed c2 -- everyone udp c1 c2 -- used
check "IPComp: stays" stays
KEY=$plain_key

# --- tunnel mode ---

scene
check "tunnel mode" both tunnel_connect c1 -- tunnel_connect c2 -- everyone udp c1 c2
check "tunnel mode: moves" both follows -- follows

sa_end
