# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# libreswan, mostly as the server.

PLUTO=/usr/libexec/ipsec

# libreswan_start HOST: it listens when this returns. A helper of pluto's has it do so
# as well, but late on a busy machine.
libreswan_start() {
	local dir=$INTEROP/$1

	mkdir -p "$dir/nss" "$dir/run/pluto"
	cat >"$dir/ipsec.conf" <<-CONF
		config setup
		  ikev1-policy=accept
		  logfile=$dir/pluto.log
		  logtime=yes
		  uniqueids=${LIBRESWAN_UNIQUEIDS:-yes}
		  virtual-private=%v4:10.0.0.0/8,%v4:192.168.0.0/16,%v4:172.16.0.0/12
	CONF
	libreswan_secret "$1" "$PSK"
	in_ns "$1" ipsec initnss --nssdir "$dir/nss" >>"$dir/pluto.out" 2>&1 || return 1
	host_start "$1" pluto.out "$PLUTO/pluto" --nofork \
		--config "$dir/ipsec.conf" --secretsfile "$dir/ipsec.secrets" \
		--nssdir "$dir/nss" --rundir /run/pluto
	busywait 60000 test -S "$dir/run/pluto/pluto.ctl" &&
		libreswan_tell "$1" --listen
}

# libreswan_secret HOST KEY
libreswan_secret() {
	echo ": PSK \"$2\"" >"$INTEROP/$1/ipsec.secrets"
}

# libreswan_conn HOST NAME VERSION OPTIONS: a connection of any kind, with a key.
libreswan_conn() {
	local dir=$INTEROP/$1 version=no

	[ "$3" = 1 ] || version=insist
	{
		cat <<-CONF
			conn $2
			  auto=add
			  authby=secret
			  ikev2=$version
			  ike=aes128-sha2_256;modp2048
			  esp=aes128-sha1
			  pfs=no
		CONF
		printf '%s\n' "$4" | sed 's/^[[:space:]]*/  /'
	} >>"$dir/ipsec.conf"
	in_ns "$1" "$PLUTO/addconn" --config "$dir/ipsec.conf" \
		--ctlsocket /run/pluto/pluto.ctl "$2" >>"$dir/pluto.out" 2>&1
}

# libreswan_l2tp HOST VERSION LEFT RIGHT RIGHT_PORT [OPTIONS]: the connection
# l2tp, in transport mode.
libreswan_l2tp() {
	libreswan_conn "$1" l2tp "$2" "type=transport
		left=$3
		leftprotoport=17/1701
		right=$4
		rightprotoport=17/$5${6:+
		$6}"
}

# libreswan_l2tp_server HOST VERSION: for L2TP with any peer. What comes in under
# an SA is delivered before the policy for what goes out is there, so that L2TP
# may answer in the clear: where esp_nat is, that is blocked.
libreswan_l2tp_server() {
	if module_loaded; then
		in_ns "$1" sysctl -qw net.esp_nat.block_mode=2 || return 1
	fi
	libreswan_l2tp "$1" "$2" "$SRV_HOME" %any %any \
		$'rekey=no\n  dpdaction=clear'
}

# libreswan_l2tp_client HOST VERSION [OPTIONS]
libreswan_l2tp_client() {
	echo 1701 >"$INTEROP/$1/port"
	libreswan_l2tp "$1" "$2" %defaultroute "$SRV" 1701 "${3:-}"
}

# libreswan_stop HOST: with DELETEs for what is up.
libreswan_stop() {
	libreswan_tell "$1" --shutdown
	busywait 20000 test ! -e "$INTEROP/$1/run/pluto/pluto.pid"
	rm -rf "$INTEROP/$1/run/pluto" "$INTEROP/$1/nss"
}

# libreswan_initiate HOST [NAME]: a new Quick Mode, after phase 1 if there is none;
# blocks until it is up, at both ends, or has failed.
libreswan_initiate() {
	libreswan_tell "$1" --name "${2:-l2tp}" --initiate && host_settles "$1"
}

# libreswan_tell HOST WORD...
libreswan_tell() {
	in_ns "$1" timeout "${LIBRESWAN_PATIENCE:-90}" "$PLUTO/whack" \
		--ctlsocket /run/pluto/pluto.ctl "${@:2}" >>"$INTEROP/$1/pluto.out" 2>&1
}

# libreswan_phases_1 HOST: so many IKE SAs it has had; libreswan 4 and 5 have two words
# for them.
libreswan_phases_1() {
	grep -cE '(IKE|ISAKMP) SA established' "$INTEROP/$1/pluto.log"
}

# libreswan_renewed HOST NUMBER: there are more than that.
libreswan_renewed() { [ "$(libreswan_phases_1 "$1")" -gt "$2" ]; }
