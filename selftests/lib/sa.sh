# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# Scripted IKE, manual SAs and traffic; sourced after lib.sh. The server's SAs are
# installed for the endpoint that it was presented with, as a daemon does, never
# for one that the test knows.

# shellcheck source=../lib/stage.sh
. "$SELFTESTS/lib/stage.sh"
# shellcheck source=../lib/nat.sh
. "$SELFTESTS/lib/nat.sh"
# shellcheck source=../lib/topology.sh
. "$SELFTESTS/lib/topology.sh"

declare -A SPII=() SPIR=() PRES_ADDR=() PRES_PORT=() SPORT=() POLICY=() ENCAP=()
# SRV_OF: the address that a client dials, SRV if unset.
declare -A END_ADDR=() END_PORT=() SRV_OF=()

# --- IKE and SAs ---

# The client's IKE sockets and its L2TP socket (SPORT[name], 1701 if unset).
client_ready()
{
	local name=$1 n=${NS[$1]}
	stage ike name="$name.500" ns="$n" addr=0.0.0.0 port=500 &&
	stage ike name="$name.4500" ns="$n" addr=0.0.0.0 port=4500 &&
	stage udp name="$name" ns="$n" port="${SPORT[$name]:-1701}"
}

# client6 NAME: IPv6 for a client that has IPv4, and its IKE sockets.
client6()
{
	topo_client6 "$1" &&
	stage ike name="$1.500" ns="${NS[$1]}" addr=:: port=500 &&
	stage ike name="$1.4500" ns="${NS[$1]}" addr=:: port=4500
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

# daemon_at ADDR: the server has a further address (SRV_OF), and an L2TP socket at
# each of them; its IKE daemon answers from the one that was asked.
daemon_at()
{
	local s=$SERVER
	ip -n "$T-$s" addr add "$1/24" dev wan0 &&
	stage close names="$s" &&
	stage udp name="$s" ns="$T-$s" addr="$SRV" port=1701 &&
	stage udp name="$s-$1" ns="$T-$s" addr="$1" port=1701
}

# ike_connect NAME [VERSION]: IKE on 500, then on 4500 as after finding NAT;
# remembers the SPIs and the endpoint that the server was presented with.
ike_connect()
{
	local name=$1 version=${2:-1} spii SRV=${SRV_OF[$1]:-$SRV}
	if [ "$version" = 1 ]; then
		stage exchange from="$name.500" to="$SRV:500" at="${SERVER_OF[$name]}" &&
		says answered=1 || return 1
	else
		stage exchange from="$name.500" to="$SRV:500" ver=2 at="${SERVER_OF[$name]}" &&
		says answered=1 || return 1
	fi
	field spii "SPII[$name]" && field spir "SPIR[$name]" &&
	ike_float "$name" "$version"
}

# ike_float NAME [VERSION]: the second step, on 4500, with the SPIs known.
ike_float()
{
	local name=$1 version=${2:-1} more='xchg=2' SRV=${SRV_OF[$1]:-$SRV}
	[ "$version" = 1 ] || more='ver=2 xchg=35 msgid=1'
	# shellcheck disable=SC2086 # words on purpose
	stage exchange from="$name.4500" to="$SRV:4500" spii="${SPII[$name]}" \
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
# each. POLICY[name]: l2tp if unset. ENCAP[name]=no: plain ESP. ENCAP_PORT: the
# server's port of its SAs.
STYLE=strongswan ENCAP_PORT=4500
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
	local SRV=${SRV_OF[$1]:-$SRV}
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
		encap_in="encap espinudp $pp $ENCAP_PORT 0.0.0.0"
		encap_out="encap espinudp $ENCAP_PORT $pp 0.0.0.0"
	fi
	printf '%s\n' \
		"xfrm state add src $pa dst $SRV proto esp spi $in reqid $reqid mode transport $INBOUND $key $encap_in $sel_in" \
		"xfrm state add src $SRV dst $pa proto esp spi $out reqid $reqid mode transport $OUTBOUND $key $encap_out $sel_out" \
		"xfrm policy update src $pa dst $SRV $to_server dir in priority 100 tmpl src $pa dst $SRV proto esp reqid $reqid mode transport" \
		"xfrm policy update src $SRV dst $pa $to_client dir out priority 100 tmpl src $SRV dst $pa proto esp $tmpl_spi reqid $reqid mode transport"
}

sa_install_client()
{
	local name=$1 n=${NS[$1]} a=${ADDR[$1]} encap='' SRV=${SRV_OF[$1]:-$SRV}
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
	local pa=${PRES_ADDR[$1]} SRV=${SRV_OF[$1]:-$SRV}
	local in out key to_server to_client
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
# is the endpoint that was presented. IF_ID: of the xfrm interface that the
# server's are for.
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
	local SRV=${SRV_OF[$1]:-$SRV}
	local in out key to_server to_client if_id=''
	sa_facts "$name"
	[ -z "${IF_ID:-}" ] || if_id="if_id $IF_ID"
	ip -n "$T-${SERVER_OF[$name]}" -batch - <<-END
		xfrm state add src $pa dst $SRV proto esp spi $in reqid ${ID[$name]} mode tunnel $INBOUND $key encap espinudp $pp 4500 0.0.0.0 $if_id
		xfrm state add src $SRV dst $pa proto esp spi $out reqid ${ID[$name]} mode tunnel $OUTBOUND $key encap espinudp 4500 $pp 0.0.0.0 $if_id
		xfrm policy update src $a dst $SRV dir in tmpl src $pa dst $SRV proto esp reqid ${ID[$name]} mode tunnel $if_id
		xfrm policy update src $SRV dst $a dir out tmpl src $SRV dst $pa proto esp reqid ${ID[$name]} mode tunnel $if_id
	END
}

tunnel_install_client()
{
	local name=$1 a=${ADDR[$1]} SRV=${SRV_OF[$1]:-$SRV}
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
# time; true only if every packet arrived, at the right one. All dial the same
# address. BURST adds words.
everyone()
{
	local proto=$1 s=${SERVER_OF[$2]} SRV=${SRV_OF[$2]:-$SRV}
	shift
	case $proto in
	udp)
		stage burst server="$s${SRV_OF[$1]:+-$SRV}" target="$SRV:1701" peers="$(peers udp "$@")" \
			"${BURST[@]}" ;;
	tcp)
		stage burst proto=tcp server="$T-$s" target="$SRV:8080" size=20000 \
			peers="$(peers tcp "$@")" "${BURST[@]}" ;;
	icmp)
		stage burst proto=icmp server="$T-$s" target="$SRV:0" \
			peers="$(peers icmp "$@")" "${BURST[@]}" ;;
	esac && says all=1
}
BURST=()

# hello NAME...: one packet of each client, and its echo.
hello()
{
	local SRV=${SRV_OF[$1]:-$SRV}
	stage burst server="${SERVER_OF[$1]}${SRV_OF[$1]:+-$SRV}" \
		target="$SRV:1701" peers="$(peers udp "$@")" \
		"${BURST[@]}" rounds=1 push=0 && says all=1
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

# The kernel's log from here on; then `heard` shows what has been said since.
HEARD=
hear()
{
	HEARD=heard-$$-$RANDOM
	echo "$HEARD" >/dev/kmsg
}

heard() { dmesg | sed "1,/$HEARD/d"; }

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

# await_rise NAME [BY [SECONDS]]: the server's counter rises from the mark, by so
# many or more, before long.
await_rise()
{
	stage await ns="$T-$SERVER" name="$1" \
		min=$((BEFORE[$1] + ${2:-1})) ${3:+timeout="$3"} && says good=1
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

# sas_by_hand NAME LOCAL REMOTE IN OUT [PORT REMOTE_PORT]: its SAs with a peer, of
# any protocol, in transport mode; encapsulated, if there are ports.
sas_by_hand()
{
	local in='' out='' any=0.0.0.0
	[[ $2 != *:* ]] || any=::
	if [ $# -gt 5 ]; then
		in="encap espinudp $7 $6 $any"
		out="encap espinudp $6 $7 $any"
	fi
	ip -n "$(ns "$1")" -batch - <<-END
		xfrm state add src $3 dst $2 proto esp spi $4 reqid 1 mode transport replay-window 32 $KEY $in
		xfrm state add src $2 dst $3 proto esp spi $5 reqid 1 mode transport $KEY $out
		xfrm policy update src $3 dst $2 dir in tmpl src $3 dst $2 proto esp reqid 1 mode transport
		xfrm policy update src $2 dst $3 dir out tmpl src $2 dst $3 proto esp reqid 1 mode transport
	END
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
		"$SELFTESTS/tools/crypto.py" add "${pair%% *}" "${pair#* }" \
			>/dev/null || bail "no $pair"
		at_exit "$SELFTESTS/tools/crypto.py" del "${pair%% *}" "${pair#* }"
	done
}

asynchronous()
{
	local pair
	for pair in "${ASYNCHRONOUS[@]}"; do
		[ "$("$SELFTESTS/tools/crypto.py" users "${pair%% *}" \
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
	SPII=() SPIR=() PRES_ADDR=() PRES_PORT=() SPORT=() POLICY=() ENCAP=()
	END_ADDR=() END_PORT=() SRV_OF=() BEFORE=()
	STYLE=strongswan ENCAP_PORT=4500 BURST=()
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
