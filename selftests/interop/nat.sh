# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The NATs that people have.

# nat_rules HOST KIND ADDRESS, where KIND is
#   preserve     keeps a port where it is free
#   random       gives every flow a random port
#   forgetful    keeps ports, and forgets a port 500 mapping after 1 s, so that
#                one client after the other appears as ADDRESS:500
#   passthrough  never translates port 500; tells clients apart by the cookie
#   static       its clients have fixed ports: 4500 is 40000 + the last byte of
#                the private address, 500 is 50000 + that byte
nat_rules() {
	local name=$1 kind=$2 address=$3

	case $kind in
	preserve)
		nat_load "$name" 'oifname wan masquerade'
		;;
	random)
		nat_load "$name" 'oifname wan masquerade random'
		;;
	forgetful)
		nat_load "$name" 'oifname wan masquerade'
		host "$name" nft -f - <<-RULES
			table ip forget {
				ct timeout soon {
					protocol udp
					l3proto ip
					policy = { unreplied : 1, replied : 1 }
				}
				chain prerouting {
					type filter hook prerouting priority -150
					iifname lan udp dport 500 ct timeout set "soon"
				}
			}
		RULES
		;;
	static)
		nat_load "$name" "$(nat_static "$address")"
		;;
	passthrough)
		nat_load "$name" 'oifname wan masquerade'
		# Where br_netfilter is built in, its frames would be dropped
		# before anybody has seen them.
		[ ! -e /proc/sys/net/bridge ] || host "$name" sysctl -qw \
			net.bridge.bridge-nf-call-iptables=0
		host "$name" nft -f - <<-RULES
			table ip passthrough {
				chain prerouting {
					type filter hook prerouting priority -310
					iifname lan udp dport 500 drop
					iifname wan udp sport 500 drop
				}
			}
		RULES
		host_start "$name" passthrough.log \
			"$INTEROP_PATH/passthrough.py" lan wan "$address"
		;;
	*)
		note "no such NAT: $kind"
		return 1
		;;
	esac
}

nat_load() {
	host "$1" nft -f - <<-RULES
		table ip nat {
			chain postrouting {
				type nat hook postrouting priority srcnat
				rt ipsec exists return
				$2
			}
		}
	RULES
}

# nat_forward HOST ADDRESS: IKE and encapsulated ESP from outside go there.
nat_forward() {
	host "$1" nft -f - <<-RULES
		table ip forward {
			chain prerouting {
				type nat hook prerouting priority dstnat
				iifname wan udp dport { 500, 4500 } dnat to $2
			}
		}
	RULES
}

nat_static() {
	local n

	for n in $(seq 11 40); do
		echo "oifname wan ip saddr & 0.0.0.255 == 0.0.0.$n udp sport 4500 snat to $1:$((40000 + n))"
		echo "oifname wan ip saddr & 0.0.0.255 == 0.0.0.$n udp sport 500 snat to $1:$((50000 + n))"
	done
	echo "oifname wan masquerade"
}

# nat_forget NAT [CONNTRACK OPTION...]: its table, or part of it, is lost.
nat_forget() {
	local name=$1

	shift
	if [ $# -eq 0 ]; then
		host "$name" conntrack -F >/dev/null 2>&1
	else
		host "$name" conntrack -D "$@" >/dev/null 2>&1
	fi
	return 0
}
