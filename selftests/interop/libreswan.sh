# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# libreswan, mostly as the server.

PLUTO=/usr/libexec/ipsec

# libreswan_start HOST
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
	echo ": PSK \"$PSK\"" >"$dir/ipsec.secrets"
	host "$1" ipsec initnss --nssdir "$dir/nss" >>"$dir/pluto.out" 2>&1 || return 1
	host_start "$1" pluto.out "$PLUTO/pluto" --nofork \
		--config "$dir/ipsec.conf" --secretsfile "$dir/ipsec.secrets" \
		--nssdir "$dir/nss" --rundir /run/pluto
	poll 60 test -S "$dir/run/pluto/pluto.ctl"
}

# libreswan_l2tp HOST VERSION LEFT RIGHT RIGHT_PORT [OPTIONS]: the connection
# l2tp, in transport mode.
libreswan_l2tp() {
	local dir=$INTEROP/$1 version=no

	[ "$2" = 1 ] || version=insist
	cat >>"$dir/ipsec.conf" <<-CONF
		conn l2tp
		  auto=add
		  authby=secret
		  ikev2=$version
		  type=transport
		  left=$3
		  leftprotoport=17/1701
		  right=$4
		  rightprotoport=17/$5
		  ike=aes128-sha2_256;modp2048
		  esp=aes128-sha1
		  pfs=no
	CONF
	[ -z "${6:-}" ] || printf '  %s\n' "$6" >>"$dir/ipsec.conf"
	host "$1" "$PLUTO/addconn" --config "$dir/ipsec.conf" \
		--ctlsocket /run/pluto/pluto.ctl l2tp >>"$dir/pluto.out" 2>&1
}

# libreswan_l2tp_server HOST VERSION: for L2TP with any peer. What comes in under
# an SA is delivered before the policy for what goes out is there, so that L2TP
# may answer in the clear: where esp_nat is, that is blocked.
libreswan_l2tp_server() {
	if module_loaded; then
		host "$1" sysctl -qw net.esp_nat.block_mode=2 || return 1
	fi
	libreswan_l2tp "$1" "$2" "$SERVER_HOME" %any %any \
		$'rekey=no\n  dpdaction=clear'
}

# libreswan_l2tp_client HOST VERSION [OPTIONS]
libreswan_l2tp_client() {
	echo 1701 >"$INTEROP/$1/port"
	libreswan_l2tp "$1" "$2" %defaultroute "$SERVER" 1701 "${3:-}"
}

# libreswan_initiate HOST: a new Quick Mode, after phase 1 if there is none;
# blocks until it is up or has failed.
libreswan_initiate() {
	host "$1" timeout 90 "$PLUTO/whack" --ctlsocket /run/pluto/pluto.ctl \
		--name l2tp --initiate >>"$INTEROP/$1/pluto.out" 2>&1
}
