# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2153
# The NATs that people have; sourced before topology.sh. A NAT's
# devices are br0 inside and out outside.
#
#   preserving    keeps a port where it is free (Linux, most routers)
#   random        changes every port
#   forgetful     preserving, and forgets a port 500 mapping after 1 s, so that
#                 one client after the other appears as its port 500
#   passing-500   preserving, but never translates port 500; tells clients apart
#                 by the cookie ("IPsec passthrough")
#   static        its clients have fixed ports: 4500 is 40000 + the last byte of
#                 the private address, 500 is 50000 + that byte
#   stateless     fixed ports too, 22000 and 21000 + that byte, and no conntrack;
#                 ESP without UDP is told apart by its SPI
#   two-addresses random; what goes to port 4500 leaves by the next address, as
#                 in carriers' NATs, which choose one for each flow

# A NAT forgets when a test says so, not because a machine is slow: seconds, or
# empty for the kernel's own.
NAT_TIMEOUT=3600

# nat_rules NAT KIND ADDR: it is of that kind from now on.
nat_rules()
{
	local n=${NS[$1]}
	case $2 in
	preserving)
		nat_load "$1" 'oifname out masquerade' ;;
	random)
		nat_load "$1" 'oifname out meta l4proto udp masquerade to :20000-60000 fully-random' \
			'oifname out masquerade' ;;
	two-addresses)
		ip -n "$n" addr add "$(nat_second "$3")/24" dev out &&
		nat_load "$1" "oifname out udp dport 4500 snat to $(nat_second "$3"):20000-60000 fully-random" \
			"oifname out meta l4proto udp snat to $3:20000-60000 fully-random" \
			"oifname out snat to $3" ;;
	forgetful)
		nat_load "$1" 'oifname out masquerade' &&
		in_ns "$n" nft -f - <<-END
			table ip forget {
				ct timeout soon {
					protocol udp
					l3proto ip
					policy = { unreplied : 1, replied : 1 }
				}
				chain pre {
					type filter hook prerouting priority -150
					iifname br0 udp dport 500 ct timeout set "soon"
				}
			}
		END
		;;
	static)
		nat_load "$1" "$(nat_static "$3")" 'oifname out masquerade' ;;
	passing-500)
		nat_load "$1" 'oifname out masquerade' &&
		in_ns "$n" nft -f - <<-END &&
			table ip guard {
				chain guard {
					type filter hook forward priority 0
					iifname br0 udp dport 500 drop
				}
			}
		END
		stage passthrough ns="$n" inside=br0 outside="$3" ;;
	stateless)
		in_ns "$n" nft -f - <<-END
			table ip nat {
				chain pre {
					type filter hook prerouting priority -300
				}
				chain post {
					type filter hook postrouting priority 300
				}
			}
		END
		return ;;
	*)
		echo "# no such NAT: $2"
		return 1 ;;
	esac || return 1
	[ -z "$NAT_TIMEOUT" ] || stage sysctls ns="$n" \
		net.netfilter.nf_conntrack_udp_timeout="$NAT_TIMEOUT" \
		net.netfilter.nf_conntrack_udp_timeout_stream="$NAT_TIMEOUT"
}

# nat_load NAT RULE...: what it does with what leaves. Its own IPsec is no
# client's.
nat_load()
{
	in_ns "$1" nft -f - <<-END
		table ip nat {
			chain post {
				type nat hook postrouting priority 100
				rt ipsec exists return
				$(printf '%s\n' "${@:2}")
			}
		}
	END
}

# nat_second ADDR: the next address.
nat_second() { echo "${1%.*}.$((${1##*.} + 1))"; }

nat_static()
{
	local n
	for n in {11..40}; do
		echo "oifname out ip saddr & 0.0.0.255 == 0.0.0.$n udp sport 4500 snat to $1:$((40000 + n))"
		echo "oifname out ip saddr & 0.0.0.255 == 0.0.0.$n udp sport 500 snat to $1:$((50000 + n))"
	done
}

# nat_client NAT NAME HOST: what a stateless NAT has to know of a client.
nat_client()
{
	local n=${NS[$1]} addr=${ADDR[$2]} outside=${OUTSIDE[$1]}
	[ "${KIND[$1]}" = stateless ] || return 0
	in_ns "$n" nft -f - <<-END
		add rule ip nat post oifname out ip saddr $addr udp sport 500 udp sport set $((21000 + $3)) udp checksum set 0 ip saddr set $outside
		add rule ip nat post oifname out ip saddr $addr udp sport 4500 udp sport set $((22000 + $3)) udp checksum set 0 ip saddr set $outside
		add rule ip nat post oifname out ip saddr $addr ip protocol esp ip saddr set $outside
		add rule ip nat pre iifname out ip protocol esp @th,0,32 $(spi_out "$2") ip daddr set $addr
		add rule ip nat pre iifname out udp dport $((21000 + $3)) udp dport set 500 udp checksum set 0 ip daddr set $addr
		add rule ip nat pre iifname out udp dport $((22000 + $3)) udp dport set 4500 udp checksum set 0 ip daddr set $addr
	END
}

# nat_forget NAT [WORD...]: what it remembers goes: all of it, or what matches
# (conntrack -D's words).
nat_forget()
{
	local n=${NS[$1]}
	shift
	if [ $# -gt 0 ]; then
		in_ns "$n" conntrack -D "$@" >/dev/null 2>&1
	else
		in_ns "$n" conntrack -F >/dev/null 2>&1
	fi
}

# mapping NAME: the outside port that the NAT gives to a client's port 4500.
mapping()
{
	in_ns "${NS[${NAT_OF[$1]}]}" conntrack -L -p udp -s "${ADDR[$1]}" \
		--orig-port-src 4500 --orig-port-dst 4500 2>/dev/null |
		sed -n 's/.* dport=\([0-9]*\) .*/\1/p'
}

# nat_renumber NAT ADDR: it has another address outside from now on, and has
# forgotten all.
nat_renumber()
{
	local n=${NS[$1]}
	ip -n "$n" -batch - <<-END
		addr del ${OUTSIDE[$1]}/24 dev out
		addr add $2/24 dev out
		route replace default via 198.51.100.254
	END
	OUTSIDE[$1]=$2
	nat_forget "$1"
}
