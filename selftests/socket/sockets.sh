#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Whatever way a daemon opens its sockets, and with ESP in user space; a daemon
# that restarts; two servers with the same addresses; a client without NAT-T; the
# tracepoint of a birth.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

sa_begin

# scene [WORDS of the socket on 4500]: a server whose sockets are not there yet.
scene()
{
	topo_again
	topo_crowd random c1 c2 c3
	srv=$(ns "$SERVER")
	stage responder name=srv
	stage udp name=srv ns="$srv" port=1701
}
open_ike()
{
	local addr=$1
	shift
	stage ike name=srv.500 ns="$srv" addr="$addr" port=500 responder=srv &&
	stage ike name=srv.4500 ns="$srv" addr="$addr" port=4500 responder=srv "$@"
}
two_clients() { both connect_client c1 -- connect_client c2 -- is_alias c2; }
third_client() { both connect_client c3 -- is_alias c3; }

topo_new
scene
check "a daemon that binds per address: two clients" \
	both open_ike "$SRV" reuse=1 -- two_clients
check "a daemon that binds per address: both work" everyone udp c1 c2

reopen()
{
	stage close names=srv.500,srv.4500 && open_ike "$@"
}
check "it restarts, with wildcard sockets" reopen 0.0.0.0
check "the clients' SAs go on" everyone udp c1 c2
check "wildcard sockets: another client" third_client
check "wildcard sockets: all work" everyone udp c1 c2 c3

scene
check "UDP_ENCAP is set late: a client speaks IKE" \
	both open_ike 0.0.0.0 late=1 -- ike_connect c1
check "then it is set, and its SAs installed" \
	both stage encap name=srv.4500 -- sa_install c1
check "UDP_ENCAP set late: it works" everyone udp c1
check "UDP_ENCAP set late: a second client" \
	both connect_client c2 -- is_alias c2
check "it is set again" stage encap name=srv.4500
check "UDP_ENCAP set late: another client" third_client
check "UDP_ENCAP set late: all work" everyone udp c1 c2 c3

# ESP in user space (strongSwan's kernel-libipsec), or a proxy: IKE and ESP come
# to one socket, which must see one address.
scene
both_at_home() { is_at c1 "$P" && is_at c2 "$P"; }
speak_ike() { mark srv && ike_connect "$1" && same ctx_created in_ike_presented; }
check "no UDP_ENCAP: a client speaks IKE" both open_ike 0.0.0.0 encap=0 -- speak_ike c1
check "no UDP_ENCAP: another" speak_ike c2
check "no UDP_ENCAP: presented where they are" both_at_home
# What is not IKE is shown by its beginning.
esp_comes_from_there()
{
	local name=$1
	stage data from="$name.4500" to="$SRV:4500" hex="${2}00000001a5a5a5a5" &&
	stage inbox name=srv.4500 wait="$3" kind=other &&
	says count="$3" src="${PRES_ADDR[$name]}" port="${PRES_PORT[$name]}"
}
check "no UDP_ENCAP: ESP comes from there" \
	both esp_comes_from_there c1 c0000001 1 -- esp_comes_from_there c2 c0000002 2
opens_to()
{
	mark srv
	stage start by=srv from=srv.4500 to="${PRES_ADDR[$1]}:${PRES_PORT[$1]}" \
		want="$1.4500" xchg=2 && says arrived=1 addr="$P" && same ctx_created
}
check "no UDP_ENCAP: the daemon opens an IKE SA" opens_to c2

# Without NAT-T, as IPsec passthrough NATs let one client: its ESP is plain.
scene
POLICY[c2]=icmp ENCAP[c2]=no
check "a client with NAT-T, one without" both open_ike 0.0.0.0 -- two_clients
plain_too() { both everyone udp c1 -- everyone icmp c2 -- rose in_esp_plain; }
mark srv
check "without NAT-T: both work" plain_too

# The birth names alias and peer.
traced()
{
	local line
	trace_begin esp_nat_ctx_birth && third_client || return 1
	line=$(grep "presented=${PRES_ADDR[c3]}:" "$TRACE/trace")
	echo "$line"
	[[ $line == *" actual=$P:"*" alias=1 "* ]]
}
check "the tracepoint of a birth names alias and peer" traced

# Two servers in two namespaces, with the same addresses and clients.
scene
open_ike 0.0.0.0
check "two servers: the first's clients" two_clients
topo_server srvb wanb
topo_nat natb $P random
topo_client natb e1 11
topo_client natb e2 12
daemon srvb
check "two servers: the second's clients" both connect_client e1 -- connect_client e2
same_addresses()
{
	is_at e1 "${PRES_ADDR[c1]}" && is_at e2 "${PRES_ADDR[c2]}"
}
check "two servers: presented by the same addresses" same_addresses
check "two servers: the first's work" everyone udp c1 c2
check "two servers: the second's work" everyone udp e1 e2
SERVER=srvb
set_sysctl enabled 0
SERVER=srv
check "two servers: one switched off, the other's work" everyone udp c1 c2

sa_end
