#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Which packets may move a client: whatever xfrm does between the wire and its
# verdict, only those that an SA with integrity and a replay window has proved.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=sa.sh
. "$(dirname "$0")/sa.sh"

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
check "moves" both follows -- follows

scene
KEY='enc cbc(aes) 0x0102030405060708090a0b0c0d0e0f10'
KEY+=' auth-trunc hmac(sha256) 0x0102030405060708090a0b0c0d0e0f10 128'
check "encryption and authentication apart" connected
check "moves" follows
KEY=$plain_key

scene
INBOUND='replay-window 128 flag esn' OUTBOUND='replay-window 1 flag esn'
check "extended sequence numbers" connected
check "moves" both follows -- follows
INBOUND='replay-window 32' OUTBOUND=''

scene
INBOUND=''
check "no replay window" connected
check "stays" stays
INBOUND='replay-window 32'

scene
KEY='enc cbc(aes) 0x0102030405060708090a0b0c0d0e0f10 auth digest_null 0x'
check "no integrity" connected
check "stays" stays
KEY=$plain_key

# GRO takes ESP before any protocol handler sees it.
scene gro=1
modprobe -q esp4_offload
topo_gro
check "GRO" connected
check "moves" both follows -- follows

# --- tunnel mode ---

# Between the client's own address and the server's: that is what the server
# sees of it.
tunnel()
{
	local name=$1 s n a=${ADDR[$1]} pa pp in out key
	ike_connect "$name" || return 1
	key=$(key_of "$name")
	s=$(ns srv) n=${NS[$name]} in=$(spi_in "$name") out=$(spi_out "$name")
	pa=${PRES_ADDR[$name]} pp=${PRES_PORT[$name]}
	ip -n "$s" -batch - <<-END &&
		xfrm state add src $pa dst $SRV proto esp spi $in reqid ${ID[$name]} mode tunnel replay-window 32 $key encap espinudp $pp 4500 0.0.0.0
		xfrm state add src $SRV dst $pa proto esp spi $out reqid ${ID[$name]} mode tunnel $key encap espinudp 4500 $pp 0.0.0.0
		xfrm policy add src $a dst $SRV dir in tmpl src $pa dst $SRV proto esp reqid ${ID[$name]} mode tunnel
		xfrm policy add src $SRV dst $a dir out tmpl src $SRV dst $pa proto esp reqid ${ID[$name]} mode tunnel
	END
	ip -n "$n" -batch - <<-END || return 1
		xfrm state add src $SRV dst $a proto esp spi $out reqid 1 mode tunnel replay-window 32 $key encap espinudp 4500 4500 0.0.0.0
		xfrm state add src $a dst $SRV proto esp spi $in reqid 1 mode tunnel $key encap espinudp 4500 4500 0.0.0.0
		xfrm policy add src $SRV dst $a dir in tmpl src $SRV dst $a proto esp reqid 1 mode tunnel
		xfrm policy add src $a dst $SRV dir out tmpl src $a dst $SRV proto esp reqid 1 mode tunnel
	END
	PRES_ADDR[$name]=$a
}
scene
check "tunnel mode" both tunnel c1 -- tunnel c2 -- everyone udp c1 c2
check "moves" both follows -- follows

sa_end
