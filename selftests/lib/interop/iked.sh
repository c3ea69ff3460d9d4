# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# openiked as the server, IKEv2 only.

# iked_prepare: what its package would have made if it had been installed: whom
# it becomes, where it locks itself up, and a key, even if it needs none.
iked_prepare() {
	local home=/var/lib/openiked/empty key=/etc/iked/private/local.key

	mkdir -p $home ${key%/*}
	getent passwd _iked >/dev/null || {
		echo "_iked:x:64999:64999::$home:/usr/sbin/nologin" >>/etc/passwd
		echo "_iked:x:64999:" >>/etc/group
	}
	[ -e $key ] || openssl ecparam -genkey -name prime256v1 -noout -out $key
}

# iked_start HOST CONFIG: and wait until it has read it.
iked_start() {
	local dir=$INTEROP/$1

	iked_prepare || return 1
	echo "$2" >"$dir/iked.conf"
	chmod 600 "$dir/iked.conf"
	host_start "$1" iked.log iked -d -v -v -f "$dir/iked.conf" \
		-s /run/iked.sock
	busywait 180000 iked_is_configured "$1"
}

# The process that speaks IKE gets its configuration piece by piece, and in the
# middle registers with the kernel, which asks for modules of every algorithm.
# Until it has the last piece, an exchange would be forgotten.
iked_is_configured() {
	grep -q '^config_getstatic: nattport' "$INTEROP/$1/iked.log"
}

# iked_virtual_server HOST SUBNET POOL: tunnel mode to SUBNET for any peer,
# each with a virtual address out of POOL.
iked_virtual_server() {
	iked_start "$1" "ikev2 \"virtual\" passive tunnel esp \
		from $2 to dynamic \
		local $SRV peer any \
		ikesa auth hmac-sha2-256 enc aes-128 prf hmac-sha2-256 group modp2048 \
		childsa auth hmac-sha1 enc aes-128 \
		srcid $SRV psk \"$PSK\" \
		config address $3"
}
