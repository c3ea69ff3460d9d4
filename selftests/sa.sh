# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# Topology, scripted IKE and manual SAs; sourced after lib.sh.
#
#   client ns's     10.1.0.0/16                     203.0.113.0/24
#   c1 .11 --+                                        |
#   c2 .12 --+-- br0 .0.1 [nat] out .2 ---------------+
#   c3 .13 --+                                        |
#                                                     +-- pub .1 [wan] srv0 ---- wan0 [srv]
#   c1 .11 ----- br0 .0.1 [natb] out .3 --------------+         192.0.2.254      192.0.2.1
#   (behind a second NAT, same addresses)             |
#   d1 .101 (not behind NAT) -------------------------+
#
# A NAT behind a NAT (topo_nat NAME ADDR KIND OTHER) hangs off OTHER's br0.
# Every namespace is called $T-<name>, T being random. One process, the stage
# (tools/stage.py), holds the sockets of all of them and plays the server's
# IKE daemon: the server's SAs are installed for the endpoint that it was
# presented with, as a daemon does, never for one that the test knows.

SA_DIR=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
SRV=192.0.2.1
P=203.0.113.2

declare -A NS=() ADDR=() ID=() SPII=() SPIR=() PRES_ADDR=() PRES_PORT=() GEN=()
declare -A NET=() OUTSIDE=() KIND=() NAT_OF=()
declare -A SPORT=() POLICY=() ENCAP=() SERVER_OF=() END_ADDR=() END_PORT=()
SERVER=srv
NEXT_ID=0
REPLY=

# --- the stage ---

stage_runs() { [ -n "${STAGE_IN:-}" ]; }

stage_start()
{
	STAGE_DIR=$(mktemp -d)
	coproc STAGE { exec "$SA_DIR/tools/stage.py" "$STAGE_DIR"; }
	STAGE_OUT=${STAGE[0]} STAGE_IN=${STAGE[1]}
}

# One command, one answer in REPLY; false when it said err.
stage()
{
	if ! printf '%s\n' "$*" >&"$STAGE_IN" ||
	   ! IFS= read -r REPLY <&"$STAGE_OUT"; then
		REPLY="err the stage is gone"
	fi
	[ -z "${VERBOSE:-}" ] || echo "# stage: $* -> $REPLY"
	[[ $REPLY == ok* ]] || { echo "# $REPLY"; return 1; }
}

# field NAME [VARIABLE]: a field of the last answer, printed, or kept there.
field()
{
	local word
	for word in $REPLY; do
		[[ $word == "$1="* ]] || continue
		word=${word#*=}
		if [ $# -gt 1 ]; then
			printf -v "$2" '%s' "$word"
		else
			printf '%s\n' "$word"
		fi
		return
	done
	return 1
}

# Whether the last answer has all these words (key=value).
says()
{
	local word
	for word in "$@"; do
		[[ " $REPLY " == *" $word "* ]] ||
			{ echo "# wanted $word, got: $REPLY"; return 1; }
	done
}

stage_stop()
{
	stage_runs || return 0
	exec {STAGE_IN}>&-
	# shellcheck disable=SC2153 # set by coproc
	wait "$STAGE_PID" 2>/dev/null
	STAGE_IN=
	rm -rf "$STAGE_DIR"
}

# --- topology ---

ns() { printf '%s-%s\n' "$T" "$1"; }
on() { run_in "$T-$1" "${@:2}"; }
# In a namespace, with no mounts of its own as ip netns exec has.
run_in() { nsenter --net="/run/netns/$1" -- "${@:2}"; }

topo_new()
{
	T=en$$x$RANDOM
	if ! stage_runs; then
		at_exit topo_end
		# Loads xfrm_user, without which no socket may have a policy.
		ip xfrm state count >/dev/null
		stage_start
	fi
	topo_server srv wan
}

# topo_server SERVER WAN: a server with its internet.
topo_server()
{
	stage netns add="$T-$1,$T-$2"
	topo_cable "$1" "$2"
	ip -n "$T-$2" -batch - <<-END
		link set lo up
		link add pub address 02:00:00:00:00:02 type bridge
		addr add 203.0.113.1/24 dev pub
		link set pub up
	END
	stage sysctls ns="$T-$2" net.ipv4.ip_forward=1 \
		net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.all.send_redirects=0
	stage sysctls ns="$T-$1" net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.wan0.rp_filter=0 \
		net.ipv4.icmp_ratelimit=0
	SERVER=$1 WAN=$2
}

# topo_cable SERVER WAN: what is between them; also again, when it was deleted.
topo_cable()
{
	ip -n "$T-$1" -batch - <<-END &&
		link set lo up
		link add wan0 type veth peer name srv0 netns $T-$2
		addr add $SRV/24 dev wan0
		link set wan0 up
		route add default via 192.0.2.254
	END
	ip -n "$T-$2" -batch - <<-END
		addr add 192.0.2.254/24 dev srv0
		link set srv0 up
	END
}

# topo_plug NAME DEVICE NAMESPACE BRIDGE: a cable from its DEVICE to a bridge.
topo_plug()
{
	ip -n "$3" -batch - <<-END
		link add $1 type veth peer name $2 netns $T-$1
		link set $1 master $4 up
	END
}

# topo_nat NAME ADDR KIND [OUTER]: a NAT with ADDR outside and NET.0.1 inside
# (NET is 10.1, or 10.2 for one behind another); OUTER is the NAT it hangs off.
#   keep       ports are kept where they are free (Linux, most routers)
#   random     every port is changed
#   stateless  a fixed outside port per client and no conntrack; ESP without UDP
#              is told apart by its SPI
#   pass500    like keep, but port 500 is never translated (IPsec passthrough)
topo_nat()
{
	local n=$T-$1 addr=$2 kind=$3 outer=${4:-} gw=203.0.113.1 mask=24 net=10.1
	NS[$1]=$n
	stage netns add="$n"
	if [ -n "$outer" ]; then
		gw=10.1.0.1 mask=16 net=10.2
		topo_plug "$1" out "${NS[$outer]}" br0
	else
		topo_plug "$1" out "$T-$WAN" pub
	fi
	NET[$1]=$net OUTSIDE[$1]=$addr KIND[$1]=$kind
	ip -n "$n" -batch - <<-END
		link set lo up
		addr add $addr/$mask dev out
		link set out up
		link add br0 address 02:00:00:00:00:01 type bridge
		addr add $net.0.1/16 dev br0
		link set br0 up
		route add default via $gw
	END
	stage sysctls ns="$n" net.ipv4.ip_forward=1 \
		net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.all.send_redirects=0 \
		net.ipv4.icmp_ratelimit=0
	case $kind in
	keep)
		run_in "$n" nft -f - <<-END
			table ip nat {
				chain post {
					type nat hook postrouting priority 100
					oifname out masquerade
				}
			}
		END
		;;
	random)
		run_in "$n" nft -f - <<-END
			table ip nat {
				chain post {
					type nat hook postrouting priority 100
					oifname out meta l4proto udp masquerade to :20000-60000 fully-random
					oifname out masquerade
				}
			}
		END
		;;
	pass500)
		run_in "$n" nft -f - <<-END
			table ip nat {
				chain guard {
					type filter hook forward priority 0
					iifname br0 udp dport 500 drop
				}
				chain post {
					type nat hook postrouting priority 100
					oifname out masquerade
				}
			}
		END
		stage passthrough ns="$n" inside=br0 outside="$addr"
		;;
	stateless)
		run_in "$n" nft -f - <<-END
			table ip nat {
				chain pre {
					type filter hook prerouting priority -300
				}
				chain post {
					type filter hook postrouting priority 300
				}
			}
		END
		;;
	*)
		echo "# no such NAT: $kind"
		return 1
		;;
	esac
	# A NAT forgets when a test says so, not because a machine is slow.
	[ "$kind" = stateless ] ||
		stage sysctls ns="$n" \
			net.netfilter.nf_conntrack_udp_timeout=3600 \
			net.netfilter.nf_conntrack_udp_timeout_stream=3600
}

# What a NAT remembers goes: all of it, or what matches (conntrack -D's words).
nat_forget()
{
	local n=${NS[$1]}
	shift
	if [ $# -gt 0 ]; then
		run_in "$n" conntrack -D "$@" >/dev/null 2>&1
	else
		run_in "$n" conntrack -F >/dev/null 2>&1
	fi
}

# mapping NAME: the outside port that the NAT gives to a client's port 4500.
mapping()
{
	run_in "${NS[${NAT_OF[$1]}]}" conntrack -L -p udp -s "${ADDR[$1]}" \
		--orig-port-src 4500 --orig-port-dst 4500 2>/dev/null |
		sed -n 's/.* dport=\([0-9]*\) .*/\1/p'
}

# nat_renumber NAME ADDR: the NAT has another address outside from now on, and
# has forgotten all.
nat_renumber()
{
	local n=${NS[$1]}
	ip -n "$n" -batch - <<-END
		addr del ${OUTSIDE[$1]}/24 dev out
		addr add $2/24 dev out
		route replace default via 203.0.113.1
	END
	OUTSIDE[$1]=$2
	nat_forget "$1"
}

# topo_client NAT NAME HOST: a client behind NAT, at NET.0.HOST.
topo_client()
{
	local nat=$1 name=$2 host=$3 n=$T-$2 addr=${NET[$1]}.0.$3
	NS[$name]=$n ADDR[$name]=$addr ID[$name]=$((++NEXT_ID)) GEN[$name]=0
	NAT_OF[$name]=$nat
	stage netns add="$n"
	topo_plug "$name" eth0 "${NS[$nat]}" br0
	ip -n "$n" -batch - <<-END
		link set lo up
		addr add $addr/16 dev eth0
		link set eth0 up
		route add default via ${NET[$nat]}.0.1
	END
	[ "${KIND[$nat]}" != stateless ] ||
		run_in "${NS[$nat]}" nft -f - <<-END
			add rule ip nat post oifname out ip saddr $addr udp sport 500 udp sport set $((21000 + host)) udp checksum set 0 ip saddr set ${OUTSIDE[$nat]}
			add rule ip nat post oifname out ip saddr $addr udp sport 4500 udp sport set $((22000 + host)) udp checksum set 0 ip saddr set ${OUTSIDE[$nat]}
			add rule ip nat post oifname out ip saddr $addr ip protocol esp ip saddr set ${OUTSIDE[$nat]}
			add rule ip nat pre iifname out ip protocol esp @th,0,32 $(spi_out "$name") ip daddr set $addr
			add rule ip nat pre iifname out udp dport $((21000 + host)) udp dport set 500 udp checksum set 0 ip daddr set $addr
			add rule ip nat pre iifname out udp dport $((22000 + host)) udp dport set 4500 udp checksum set 0 ip daddr set $addr
		END
	client_ready "$name"
}

# topo_crowd KIND NAME...: one NAT, called nat, at $P, and these clients behind
# it, at .11, .12, ...
topo_crowd()
{
	local name host=10
	topo_nat nat "$P" "$1" || return 1
	shift
	for name; do
		topo_client nat "$name" $((++host)) || return 1
	done
}

# topo_gro: what comes to the server passes GRO. veth gives to it only what
# comes from a device without TSO.
topo_gro()
{
	on "$SERVER" ethtool -K wan0 gro on && on "$WAN" ethtool -K srv0 tso off
}

# topo_direct NAME HOST: a client that is not behind NAT, at 203.0.113.HOST.
topo_direct()
{
	local name=$1 n=$T-$1 addr=203.0.113.$2
	NS[$name]=$n ADDR[$name]=$addr ID[$name]=$((++NEXT_ID)) GEN[$name]=0
	NAT_OF[$name]=
	stage netns add="$n"
	topo_plug "$name" eth0 "$T-$WAN" pub
	ip -n "$n" -batch - <<-END
		link set lo up
		addr add $addr/24 dev eth0
		link set eth0 up
		route add default via 203.0.113.1
	END
	client_ready "$name"
}

# topo_directs HOST NAME...: several, at 203.0.113.HOST and on.
topo_directs()
{
	local name host=$1
	shift
	for name; do
		topo_direct "$name" $((host++)) || return 1
	done
}

# The client's IKE sockets and its L2TP socket (SPORT[name], 1701 if unset).
client_ready()
{
	local name=$1 n=${NS[$1]}
	SERVER_OF[$name]=$SERVER
	stage ike name="$name.500" ns="$n" addr=0.0.0.0 port=500 &&
	stage ike name="$name.4500" ns="$n" addr=0.0.0.0 port=4500 &&
	stage udp name="$name" ns="$n" port="${SPORT[$name]:-1701}"
}

# daemon [SERVER [options of the 4500 socket]]: the server's IKE daemon, its
# L2TP socket, and a watch on the wire between NAT and server.
daemon()
{
	local s=${1:-$SERVER}
	shift || true
	stage responder name="$s" &&
	stage ike name="$s.500" ns="$T-$s" addr=0.0.0.0 port=500 \
		responder="$s" &&
	stage ike name="$s.4500" ns="$T-$s" addr=0.0.0.0 port=4500 \
		responder="$s" "$@" &&
	stage udp name="$s" ns="$T-$s" port=1701
}

topo_gone()
{
	local n job
	for job in $(jobs -p); do
		[ "$job" = "${STAGE_PID:-}" ] || kill "$job" 2>/dev/null
	done
	stage_runs && stage reset
	for n in "/run/netns/$T-"*; do
		n=${n##*/}
		[ ! -e "/run/netns/$n" ] || stage netns del="$n" ||
			ip netns del "$n"
	done
}

topo_end()
{
	topo_gone
	stage_stop
}

# --- IKE and SAs ---

# ike_connect NAME [VERSION]: IKE on 500, then on 4500 as after finding NAT;
# remembers the SPIs and the endpoint that the server was presented with.
ike_connect()
{
	local name=$1 version=${2:-1} spii
	if [ "$version" = 1 ]; then
		stage exchange from="$name.500" to=$SRV:500 at="${SERVER_OF[$name]}" &&
		says answered=1 || return 1
	else
		stage exchange from="$name.500" to=$SRV:500 ver=2 at="${SERVER_OF[$name]}" &&
		says answered=1 || return 1
	fi
	field spii "SPII[$name]" && field spir "SPIR[$name]" &&
	ike_float "$name" "$version"
}

# ike_float NAME [VERSION]: the second step, on 4500, with the SPIs known.
ike_float()
{
	local name=$1 version=${2:-1} more='xchg=2'
	[ "$version" = 1 ] || more='ver=2 xchg=35 msgid=1'
	# shellcheck disable=SC2086 # words on purpose
	stage exchange from="$name.4500" to=$SRV:4500 spii="${SPII[$name]}" \
		spir="${SPIR[$name]}" $more at="${SERVER_OF[$name]}" &&
	says answered=1 || return 1
	field addr "PRES_ADDR[$name]" && field port "PRES_PORT[$name]"
}

ALGORITHM='rfc4106(gcm(aes))'
# With CRYPTO=1 the SAs of every other client are by the second of these.
ASYNCHRONOUS=("cryptd $ALGORITHM" 'pcrypt rfc4543(gcm(aes))')
KEY="aead $ALGORITHM 0x0102030405060708090a0b0c0d0e0f1011121314 128"
INBOUND='replay-window 32' OUTBOUND=''

spi_in() { printf '0x%08x\n' $((0xc0000000 + (GEN[$1] << 16) + ID[$1])); }
spi_out() { printf '0x%08x\n' $((0xd0000000 + (GEN[$1] << 16) + ID[$1])); }

# sa_facts NAME: sets in and out, a client's SPIs, key, and to_server and
# to_client, protocol and ports of its selectors, for POLICY[name]:
#   l2tp    udp 1701 <-> 1701       the policy of an L2TP/IPsec client
#   any-l2tp  udp any <-> 1701      one with an ephemeral source port
#   host    any protocol, host to host
#   tcp, icmp  that only
# No process is made for it: those are dear in an emulator.
sa_facts()
{
	local what=${POLICY[$1]:-l2tp}
	printf -v in '0x%08x' $((0xc0000000 + (GEN[$1] << 16) + ID[$1]))
	printf -v out '0x%08x' $((0xd0000000 + (GEN[$1] << 16) + ID[$1]))
	key=$KEY
	[ -z "${CRYPTO:-}" ] || [ $((ID[$1] % 2)) -eq 1 ] ||
		key=${key/"$ALGORITHM"/"${ASYNCHRONOUS[1]#* }"}
	case $what in
	l2tp) to_server='proto udp sport 1701 dport 1701' to_client=$to_server ;;
	any-l2tp) to_server='proto udp dport 1701' to_client='proto udp sport 1701' ;;
	host) to_server='' to_client='' ;;
	*) to_server="proto $what" to_client=$to_server ;;
	esac
}

# sa_install NAME: the SAs and policies of both ends, for the endpoint that was
# presented, with KEY, INBOUND and OUTBOUND. STYLE=strongswan: host/host selector in the SA, one reqid for all,
# the SPI in the OUT template; libreswan: ports in the SA's selector, a reqid
# each. POLICY[name]: l2tp if unset. ENCAP[name]=no: plain ESP.
STYLE=strongswan
sa_install()
{
	sa_install_server "$1" && sa_install_client "$1"
}

sa_install_server()
{
	ip -n "$T-${SERVER_OF[$1]}" -batch - <<<"$(sa_of_server "$1")"
}

# sa_of_server NAME: what ip(8) is told for that.
sa_of_server()
{
	local name=$1 pa=${PRES_ADDR[$1]} pp=${PRES_PORT[$1]} reqid=1
	local sel_in sel_out tmpl_spi='' encap_in='' encap_out=''
	local in out key to_server to_client
	sa_facts "$name"
	if [ "$STYLE" = libreswan ]; then
		reqid=$((100 + ID[$name]))
		sel_in="sel src $pa dst $SRV $to_server"
		sel_out="sel src $SRV dst $pa $to_client"
	else
		sel_in="sel src $pa dst $SRV"
		sel_out="sel src $SRV dst $pa"
		tmpl_spi="spi $out"
	fi
	if [ "${ENCAP[$name]:-yes}" = yes ]; then
		encap_in="encap espinudp $pp 4500 0.0.0.0"
		encap_out="encap espinudp 4500 $pp 0.0.0.0"
	fi
	printf '%s\n' \
		"xfrm state add src $pa dst $SRV proto esp spi $in reqid $reqid mode transport $INBOUND $key $encap_in $sel_in" \
		"xfrm state add src $SRV dst $pa proto esp spi $out reqid $reqid mode transport $OUTBOUND $key $encap_out $sel_out" \
		"xfrm policy update src $pa dst $SRV $to_server dir in priority 100 tmpl src $pa dst $SRV proto esp reqid $reqid mode transport" \
		"xfrm policy update src $SRV dst $pa $to_client dir out priority 100 tmpl src $SRV dst $pa proto esp $tmpl_spi reqid $reqid mode transport"
}

sa_install_client()
{
	local name=$1 n=${NS[$1]} a=${ADDR[$1]} encap=''
	local in out key to_server to_client
	sa_facts "$name"
	[ "${ENCAP[$name]:-yes}" != yes ] || encap="encap espinudp 4500 4500 0.0.0.0"
	ip -n "$n" -batch - <<-END
		xfrm state add src $SRV dst $a proto esp spi $out reqid 1 mode transport $INBOUND $key $encap sel src $SRV dst $a
		xfrm state add src $a dst $SRV proto esp spi $in reqid 1 mode transport $OUTBOUND $key $encap sel src $a dst $SRV
		xfrm policy update src $SRV dst $a $to_client dir in priority 100 tmpl src $SRV dst $a proto esp reqid 1 mode transport
		xfrm policy update src $a dst $SRV $to_server dir out priority 100 tmpl src $a dst $SRV proto esp spi $in reqid 1 mode transport
	END
}

# sa_remove_server NAME, sa_remove_client NAME: as after DELETE.
sa_remove_server()
{
	local pa=${PRES_ADDR[$1]} in out key to_server to_client
	sa_facts "$1"
	ip -n "$T-${SERVER_OF[$1]}" -force -batch - <<-END 2>/dev/null
		xfrm policy delete src $pa dst $SRV $to_server dir in
		xfrm policy delete src $SRV dst $pa $to_client dir out
		xfrm state delete src $pa dst $SRV proto esp spi $in
		xfrm state delete src $SRV dst $pa proto esp spi $out
	END
	true
}

sa_remove_client()
{
	ip -n "${NS[$1]}" xfrm policy flush
	ip -n "${NS[$1]}" xfrm state flush
}

# connect_client NAME [VERSION]: all of it.
connect_client()
{
	ike_connect "$@" && sa_install "$1"
}

disconnect_client()
{
	sa_remove_server "$1"
	sa_remove_client "$1"
}

# tunnel_connect NAME [VERSION]: the same in tunnel mode, between the client's
# own address and the server's: the former is what the server sees of it. END_
# is the endpoint that was presented.
tunnel_connect()
{
	ike_connect "$@" || return 1
	END_ADDR[$1]=${PRES_ADDR[$1]} END_PORT[$1]=${PRES_PORT[$1]}
	PRES_ADDR[$1]=${ADDR[$1]}
	tunnel_install_server "$1" && tunnel_install_client "$1"
}

tunnel_install_server()
{
	local name=$1 a=${ADDR[$1]} pa=${END_ADDR[$1]} pp=${END_PORT[$1]}
	local in out key to_server to_client
	sa_facts "$name"
	ip -n "$T-${SERVER_OF[$name]}" -batch - <<-END
		xfrm state add src $pa dst $SRV proto esp spi $in reqid ${ID[$name]} mode tunnel $INBOUND $key encap espinudp $pp 4500 0.0.0.0
		xfrm state add src $SRV dst $pa proto esp spi $out reqid ${ID[$name]} mode tunnel $OUTBOUND $key encap espinudp 4500 $pp 0.0.0.0
		xfrm policy update src $a dst $SRV dir in tmpl src $pa dst $SRV proto esp reqid ${ID[$name]} mode tunnel
		xfrm policy update src $SRV dst $a dir out tmpl src $SRV dst $pa proto esp reqid ${ID[$name]} mode tunnel
	END
}

tunnel_install_client()
{
	local name=$1 a=${ADDR[$1]}
	local in out key to_server to_client
	sa_facts "$name"
	ip -n "${NS[$name]}" -batch - <<-END
		xfrm state add src $SRV dst $a proto esp spi $out reqid 1 mode tunnel $INBOUND $key encap espinudp 4500 4500 0.0.0.0
		xfrm state add src $a dst $SRV proto esp spi $in reqid 1 mode tunnel $OUTBOUND $key encap espinudp 4500 4500 0.0.0.0
		xfrm policy update src $SRV dst $a dir in tmpl src $SRV dst $a proto esp reqid 1 mode tunnel
		xfrm policy update src $a dst $SRV dir out tmpl src $a dst $SRV proto esp reqid 1 mode tunnel
	END
}

# redial NAME [VERSION]: a new IKE SA and new SPIs, the server's old SAs stay
# (disconnect_client first for a client that says DELETE).
redial()
{
	sa_remove_client "$1"
	GEN[$1]=$((GEN[$1] + 1))
	connect_client "$@"
}

# --- traffic ---

# The burst command's peers= for these clients.
peers()
{
	local proto=$1 name out=''
	shift
	for name; do
		case $proto in
		udp)
			local port=${SPORT[$name]:-1701}
			out+=",$name:$name:${PRES_ADDR[$name]}:$port" ;;
		*)
			out+=",$name:${NS[$name]}:${PRES_ADDR[$name]}:0" ;;
		esac
	done
	printf '%s\n' "${out#,}"
}

# everyone PROTO NAME...: all these clients and the server send at the same
# time; true only if every packet arrived, at the right one. BURST adds words.
everyone()
{
	local proto=$1 s=${SERVER_OF[$2]}
	shift
	case $proto in
	udp)
		stage burst server="$s" target=$SRV:1701 peers="$(peers udp "$@")" \
			"${BURST[@]}" ;;
	tcp)
		stage burst proto=tcp server="$T-$s" target=$SRV:8080 size=20000 \
			peers="$(peers tcp "$@")" "${BURST[@]}" ;;
	icmp)
		stage burst proto=icmp server="$T-$s" target=$SRV:0 \
			peers="$(peers icmp "$@")" "${BURST[@]}" ;;
	esac && says all=1
}
BURST=()

# hello NAME...: one packet of each client, and its echo.
hello()
{
	stage burst server="${SERVER_OF[$1]}" target=$SRV:1701 rounds=1 push=0 \
		peers="$(peers udp "$@")" && says all=1
}

# The pump command's flows= for these clients and the first server, both ways.
flows()
{
	local name out=''
	for name; do
		out+=",$name>$SRV:1701,srv>${PRES_ADDR[$name]}:1701"
	done
	echo "${out#,}"
}

# --- what the kernel says ---

# stat NAME: a counter of the server's (or SERVER=other) namespace.
stat()
{
	stage stat ns="$T-${2:-$SERVER}" names="$1" >/dev/null && field "$1"
}

# Remember all counters; then `rose NAME [BY]` tells whether one rose since
# (by exactly BY).
declare -A BEFORE=()
mark()
{
	local word
	stage stat ns="$T-${1:-$SERVER}" || return 1
	for word in $REPLY; do
		[[ $word != *=* ]] || BEFORE[${word%%=*}]=${word#*=}
	done
}

rose()
{
	local now by REPLY
	stage stat ns="$T-${3:-$SERVER}" names="$1" >/dev/null &&
		field "$1" now || return 1
	by=$((now - BEFORE[$1]))
	if [ -n "${2:-}" ]; then
		[ $by -eq "$2" ] || { echo "# $1 rose by $by, not by $2"; return 1; }
	else
		[ $by -gt 0 ] || { echo "# $1 did not rise"; return 1; }
	fi
}

same()
{
	local name
	for name; do
		rose "$name" 0 || return 1
	done
}

# set_sysctl NAME VALUE: net.esp_nat.NAME of the server's namespace.
set_sysctl()
{
	stage sysctl ns="$T-$SERVER" name="esp_nat.$1" value="$2" &&
	says errno=0
}

# is_alias NAME, is_at NAME ADDR: what the client was presented as.
is_alias()
{
	[[ ${PRES_ADDR[$1]} == 198.1[89].* ]] ||
		{ echo "# $1 was presented as ${PRES_ADDR[$1]}"; return 1; }
}

is_at()
{
	[ "${PRES_ADDR[$1]}" = "$2" ] ||
		{ echo "# $1 was presented as ${PRES_ADDR[$1]}, not $2"; return 1; }
}

# no_offload: what another test has loaded would leave plain ESP to the device.
no_offload()
{
	[ ! -d /sys/module/esp4_offload ] || modprobe -r esp4_offload ||
		bail "esp4_offload is in use"
}

# Whether nothing of the guarded traffic crossed the wire unprotected.
nothing_clear()
{
	local word
	for word in dport=1701 sport=1701 proto=6 proto=1; do
		if ! stage sniffed name="$1" $word || ! says count=0; then
			echo "# in the clear: $word"
			return 1
		fi
	done
}

# --- the frame of a script ---

# sa_begin: the first line of a script's work. STOCK=1 leaves the module out, to
# see what the stock kernel does: that shows that a test can fail.
sa_begin()
{
	need ip nft conntrack /usr/bin/python3
	if [ -n "${STOCK:-}" ]; then
		NO_AUDIT=1 NO_MODULE=1
	fi
	begin
	# CRYPTO=1: asynchronous SAs.
	[ -z "${CRYPTO:-}" ] || asynchronous_begin
}

# Every other client's SAs are on cryptd, the others' on pcrypt.
asynchronous_begin()
{
	local pair
	for pair in "${ASYNCHRONOUS[@]}"; do
		"$SA_DIR/tools/crypto.py" add "${pair%% *}" "${pair#* }" \
			>/dev/null || bail "no $pair"
		at_exit "$SA_DIR/tools/crypto.py" del "${pair%% *}" "${pair#* }"
	done
}

asynchronous()
{
	local pair
	for pair in "${ASYNCHRONOUS[@]}"; do
		[ "$("$SA_DIR/tools/crypto.py" users "${pair%% *}" \
			"${pair#* }")" -ge 2 ] ||
			{ echo "# no SA is on $pair"; return 1; }
	done
}

# sa_end: the last. The stage goes first, and what it pinned with it.
sa_end()
{
	[ -z "${CRYPTO:-}" ] || check "SAs are on cryptd, SAs are on pcrypt" asynchronous
	[ -n "${NO_AUDIT:-}" ] || check "no context is left" audit
	topo_end
	finish
}

# topo_again: a clean stage for the next group of cases.
topo_again()
{
	topo_gone
	NS=() ADDR=() ID=() SPII=() SPIR=() PRES_ADDR=() PRES_PORT=() GEN=()
	NET=() OUTSIDE=() KIND=() NAT_OF=() SPORT=() POLICY=() ENCAP=()
	SERVER_OF=() END_ADDR=() END_PORT=() BEFORE=()
	NEXT_ID=0 STYLE=strongswan BURST=()
	topo_new
}

# audit [SERVER]: switched off, a namespace has no context and no alias left.
audit()
{
	SERVER=${1:-$SERVER}
	set_sysctl enabled 0 || return 1
	stage await ns="$T-$SERVER" name=ctx_destroyed \
		is="$(stat ctx_created)" && says good=1 || return 1
	stage await ns="$T-$SERVER" name=alias_released \
		is="$(stat alias_given)" && says good=1
}

# switch_off: enabled=0 in every namespace, our own included.
switch_off()
{
	stage off
}

# wire_count NAME WORD...: such packets on a watched wire.
wire_count()
{
	local name=$1
	shift
	stage sniffed name="$name" "$@" >/dev/null && field count
}

# not COMMAND...: true if it fails; what it says is of no interest then.
not()
{
	! "$@" >/dev/null
}

# both COMMAND ... -- COMMAND ...: true if each of them is.
both()
{
	local words=()
	while [ $# -gt 0 ]; do
		if [ "$1" = -- ]; then
			"${words[@]}" || return 1
			words=()
		else
			words+=("$1")
		fi
		shift
	done
	"${words[@]}"
}
