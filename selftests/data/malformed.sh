#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Keepalives, runts and broken IKE are counted under their names and delivered
# as they came; whole IKE in pieces is not broken.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

topo_new
topo_crowd random c1 c2 c3
topo_direct d1 101
daemon srv
stage sniff name=wire ns="$(ns wan)" dev=srv0
connect_client c1
connect_client c2
check "two clients work" everyone udp c1 c2
wan=$(ns wan)

IN="in_keepalive in_runt in_ike_short in_ike_length in_csum in_spi_zero"
# counts NAME COMMAND...: that raises counter NAME by one, and no other of IN.
counts()
{
	local name=$1 other
	shift
	mark srv
	"$@" || return 1
	await_rise "$name" && rose "$name" 1 || return 1
	for other in $IN; do
		[ "$other" = "$name" ] || same "$other" || return 1
	done
	same ctx_created alias_given in_ike_presented
}
from_c2() { stage data from=c2.4500 to="$SRV:4500" hex="$1" size="${2:-0}"; }

check "a keepalive" counts in_keepalive from_c2 ff
check "an empty datagram" counts in_runt from_c2 ''
check "one byte that is no keepalive" counts in_runt from_c2 fe
check "three zero bytes" counts in_runt from_c2 000000
check "two bytes 0xff" counts in_runt from_c2 ffff
check "seven bytes: less than SPI and sequence number" \
	counts in_runt from_c2 c0000002000000
check "the marker and nothing more" counts in_ike_short from_c2 00000000
zeros=$(printf '00%.0s' {1..64})
check "the marker and 27 bytes" counts in_ike_short from_c2 "${zeros:0:62}"
check "27 bytes on port 500" counts in_ike_short \
	stage data from=c2.500 to="$SRV:500" hex="${zeros:0:54}"
check "an empty datagram on port 500" counts in_ike_short \
	stage data from=c2.500 to="$SRV:500" size=0
check "a length field smaller than the header" counts in_ike_length \
	stage send from=c3.500 to="$SRV:500" size=60 length=27
check "a length field larger than the datagram" counts in_ike_length \
	stage send from=c3.500 to="$SRV:500" size=60 length=61
check "a length field larger than the datagram, on 4500" counts in_ike_length \
	stage send from=c3.4500 to="$SRV:4500" size=60 length=64
check "length field 0xffffffff" counts in_ike_length \
	stage send from=c3.500 to="$SRV:500" size=60 length=4294967295
check "plain ESP with SPI 0" counts in_spi_zero \
	stage raw ns="$wan" src="$P" dst="$SRV" proto=50 hex=0000000000000001 size=40
no_sa()
{
	mark srv
	from_c2 "deadbeef00000001$(printf '%064d' 0)"
	await_rise in_esp_no_sa &&
	same ctx_created in_esp_presented
}
check "ESP without an SA" no_sa

# What is broken reaches the daemon as it came, from the real address.
as_came()
{
	stage clear name=srv.4500 && stage send from=c3.4500 to="$SRV:4500" \
		size=60 length=64 spii=bad1 && stage seen by=srv spii=bad1 &&
	says addr="$P" size=60 intact=1
}
check "a wrong length is delivered as it came" as_came

# Checksums. The packets are made in the middle, as if the NAT had sent them.
bad_sum()
{
	stage raw ns="$wan" src="$P" dst="$SRV" sport=34567 dport="$1" marker="$2" \
		ike=1 spii="$3" check=bad
}
check "a wrong checksum on 500" counts in_csum bad_sum 500 0 bad2
check "a wrong checksum on 4500" counts in_csum bad_sum 4500 1 bad3
unseen() { stage seen by=srv spii="$1" timeout=0.3 && says count=0; }
check "neither reached the daemon" both unseen bad2 -- unseen bad3
presented_alias()
{
	local addr
	stage seen by=srv spii="$1" && says intact=1 size="$2" || return 1
	addr=$(field addr)
	[[ $addr == 198.1[89].* ]] || { echo "# shown as $addr"; return 1; }
}
good()
{
	local spii=$1 size=$2
	shift 2
	stage raw ns="$wan" src="$P" dst="$SRV" sport=34567 ike=1 spii="$spii" \
		size="$size" "$@" && presented_alias "$spii" "$size"
}
check "no checksum is a right one" good 600d1 60 dport=500 check=none
check "a right checksum" good 600d2 60 dport=500
check "a right checksum on 4500" good 600d3 60 dport=4500 marker=1

# In pieces. 16: in the middle of the IKE header; the UDP header alone is 8.
check "the IKE header in two fragments" good f1 200 dport=500 cuts=16
check "in three, the UDP header alone" good f2 200 dport=500 cuts=8,24
check "in three, on 4500" good f3 200 dport=4500 marker=1 cuts=8,24
check "with a checksum of its own over all of it" \
	good f4 200 dport=500 cuts=24,104
fragmented_bad()
{
	stage raw ns="$wan" src="$P" dst="$SRV" sport=34567 dport=500 ike=1 spii=f5 \
		size=200 cuts=16 check=bad
}
check "in fragments, with a wrong checksum" counts in_csum fragmented_bad
large()
{
	stage exchange from=c3.500 to="$SRV:500" size=4000 spii=1a46e &&
	says answered=1 && presented_alias 1a46e 4000
}
check "a message of 4000 bytes through the NAT" large
check "the clients lose nothing" everyone udp c1 c2

sa_end
