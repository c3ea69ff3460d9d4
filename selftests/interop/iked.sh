# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# openiked as the server, IKEv2 only.

# iked_l2tp_server HOST: transport mode for L2TP with any peer.
iked_l2tp_server() {
	local dir=$INTEROP/$1

	cat >"$dir/iked.conf" <<-CONF
		ikev2 "l2tp" passive transport esp proto udp \
			from $SERVER port 1701 to dynamic \
			local $SERVER peer any \
			ikesa auth hmac-sha2-256 enc aes-128 prf hmac-sha2-256 group modp2048 \
			childsa auth hmac-sha1 enc aes-128 \
			srcid $SERVER psk "$PSK"
	CONF
	chmod 600 "$dir/iked.conf"
	host_start "$1" iked.log iked -d -v -f "$dir/iked.conf" \
		-s /run/iked.sock
	poll 60 test -S "$dir/run/iked.sock"
}
