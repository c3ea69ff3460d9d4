# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# strongSwan: charon and swanctl, one charon per host.

PSK=correct-horse-battery-staple
CHARON=/usr/lib/ipsec/charon

# strongswan_start HOST: the daemon, without any connection yet. Options of the
# charon section are read from the variable CHARON_OPTIONS.
strongswan_start() {
	local dir=$INTEROP/$1

	cat >"$dir/strongswan.conf" <<-CONF
		swanctl {
			load = pem pkcs1 random
		}
		charon {
			load = random nonce aes sha1 sha2 hmac kdf gmp openssl curve25519 pem pkcs1 kernel-netlink socket-default vici updown
			retransmit_tries = 4
			retransmit_timeout = 4
			retransmit_base = 1.4
			${CHARON_OPTIONS:-}
			plugins {
				vici {
					socket = unix:///run/charon.vici
				}
			}
			filelog {
				log {
					path = $dir/charon.log
					time_format = %T
					default = 1
					flush_line = yes
				}
			}
		}
	CONF
	host_start "$1" charon.out env STRONGSWAN_CONF="$dir/strongswan.conf" \
		"$CHARON"
	busywait 60000 test -S "$dir/run/charon.vici"
}

# strongswan_boot SERVER CLIENT...: all of them, in parallel. Options of the
# server's charon section alone are read from the variable GATEWAY_OPTIONS.
strongswan_boot() {
	local name boots=()

	CHARON_OPTIONS="${CHARON_OPTIONS:-}
		${GATEWAY_OPTIONS:-}" strongswan_start "$1" &
	boots+=($!)
	for name in "${@:2}"; do
		strongswan_start "$name" &
		boots+=($!)
	done
	host_wait "${boots[@]}"
}

# strongswan_stop HOST: with DELETEs for what is up.
strongswan_stop() {
	local dir=$INTEROP/$1

	[ -s "$dir/run/charon.pid" ] || return 0
	kill -TERM "$(cat "$dir/run/charon.pid")"
	busywait 20000 test ! -e "$dir/run/charon.pid"
	rm -f "$dir/run/charon.vici"
}

# strongswan_kill HOST: without a word.
strongswan_kill() {
	local dir=$INTEROP/$1

	[ -s "$dir/run/charon.pid" ] || return 0
	kill -KILL "$(cat "$dir/run/charon.pid")"
	rm -f "$dir/run/charon.pid" "$dir/run/charon.vici"
}

# swanctl_in HOST ARGUMENT...
swanctl_in() {
	local name=$1 dir=$INTEROP/$1

	shift
	in_ns "$name" env STRONGSWAN_CONF="$dir/strongswan.conf" \
		SWANCTL_DIR="$dir" swanctl "$@" \
		--uri unix:///run/charon.vici
}

# strongswan_load HOST CONNECTIONS [POOLS]: replaces what was loaded.
strongswan_load() {
	local dir=$INTEROP/$1

	cat >"$dir/swanctl.conf" <<-CONF
		connections {
		$2
		}
		secrets {
			ike-psk {
				secret = "${STRONGSWAN_PSK:-$PSK}"
			}
		}
		pools {
		${3:-}
		}
	CONF
	swanctl_in "$1" --load-all --file "$dir/swanctl.conf" \
		>>"$dir/swanctl.out" 2>&1
}

# strongswan_connection NAME VERSION LOCAL REMOTE MODE LOCAL_TS REMOTE_TS
#	[CONNECTION OPTIONS [CHILD OPTIONS]]
strongswan_connection() {
	cat <<-CONF
		$1 {
			version = $2
			local_addrs = $3
			remote_addrs = $4
			proposals = aes128-sha256-modp2048, aes128-sha256-ecp256
			${8:-}
			local {
				auth = psk
			}
			remote {
				auth = psk
			}
			children {
				$1 {
					mode = $5
					local_ts = $6
					remote_ts = $7
					esp_proposals = aes128-sha1
					${9:-}
				}
			}
		}
	CONF
}

# strongswan_l2tp VERSION [OPTIONS]: the server's connection for L2TP with any
# peer, whatever its source port.
strongswan_l2tp() {
	strongswan_connection l2tp "$1" "$SRV_HOME" %any transport \
		'dynamic[udp/1701]' 'dynamic[udp]' "${2:-}"
}

# strongswan_l2tp_server HOST VERSION [OPTIONS]
strongswan_l2tp_server() {
	strongswan_load "$1" "$(strongswan_l2tp "$2" "${3:-}")"
}

# strongswan_l2tp_client HOST VERSION [PORT [OPTIONS]]: its L2TP will come from
# that port.
strongswan_l2tp_client() {
	echo "${3:-1701}" >"$INTEROP/$1/port"
	strongswan_load "$1" "$(strongswan_connection l2tp "$2" %any "$SRV" \
		transport "dynamic[udp/${3:-1701}]" 'dynamic[udp/1701]' \
		"${4:-}")"
}

# strongswan_initiate HOST CHILD: blocks until it is up, at both ends, or has failed.
strongswan_initiate() {
	swanctl_in "$1" --initiate --child "$2" --timeout 90 \
		>>"$INTEROP/$1/swanctl.out" 2>&1 && host_settles "$1"
}
