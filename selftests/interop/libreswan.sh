# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# libreswan as the server.

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
	echo "%any $SERVER : PSK \"$PSK\"" >"$dir/ipsec.secrets"
	host "$1" ipsec initnss --nssdir "$dir/nss" >>"$dir/pluto.out" 2>&1 || return 1
	host_start "$1" pluto.out "$PLUTO/pluto" --nofork \
		--config "$dir/ipsec.conf" --secretsfile "$dir/ipsec.secrets" \
		--nssdir "$dir/nss" --rundir /run/pluto
	poll 60 test -S "$dir/run/pluto/pluto.ctl"
}

# libreswan_l2tp_server HOST VERSION: transport mode for L2TP with any peer.
libreswan_l2tp_server() {
	local dir=$INTEROP/$1 version=no

	[ "$2" = 1 ] || version=insist
	cat >>"$dir/ipsec.conf" <<-CONF
		conn l2tp
		  auto=add
		  authby=secret
		  ikev2=$version
		  type=transport
		  left=$SERVER
		  leftprotoport=17/1701
		  right=%any
		  rightprotoport=17/%any
		  ike=aes128-sha2_256;modp2048
		  esp=aes128-sha1
		  pfs=no
		  rekey=no
		  dpdaction=clear
	CONF
	host "$1" "$PLUTO/addconn" --config "$dir/ipsec.conf" \
		--ctlsocket /run/pluto/pluto.ctl l2tp >>"$dir/pluto.out" 2>&1
}
