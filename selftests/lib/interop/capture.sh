# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What is on the wire past the NAT, counted in both directions at the far end of
# the server's cable: at its own end, what came out of a tunnel passes again.
# Clear text is whatever IPsec and its IKE do not explain.

capture_start() {
	in_ns wan nft -f - <<-RULES
		table netdev capture {
			counter wire_clear {}
			counter wire_l2tp {}
			counter wire_esp {}
			counter wire_udpesp {}
			counter wire_ike {}
			counter wire_alias {}
			set flows {
				type ipv4_addr . ipv4_addr . inet_proto . inet_service . inet_service
				flags dynamic
				size 64
			}
			chain wire {
				ether type arp return
				icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, mld2-listener-report, mld-listener-report } return
				ip saddr 198.18.0.0/15 counter name wire_alias
				ip daddr 198.18.0.0/15 counter name wire_alias
				ip frag-off & 0x1fff != 0 return
				udp sport 4500 counter name wire_udpesp return
				udp dport 4500 counter name wire_udpesp return
				udp sport 500 counter name wire_ike return
				udp dport 500 counter name wire_ike return
				meta l4proto esp counter name wire_esp return
				icmp type destination-unreachable return
				udp sport 1701 counter name wire_l2tp
				udp dport 1701 counter name wire_l2tp
				counter name wire_clear
				add @flows { ip saddr . ip daddr . meta l4proto . th sport . th dport }
			}
			chain in {
				type filter hook ingress device srv0 priority -500
				jump wire
			}
			chain out {
				type filter hook egress device srv0 priority 500
				jump wire
			}
		}
	RULES
}

# capture_count NAME: packets, of clear, l2tp, esp, udpesp, ike, alias.
capture_count() {
	in_ns wan nft list counter netdev capture "wire_$1" |
		sed -n 's/.*packets \([0-9]*\).*/\1/p'
}

# capture_reset: count from zero again.
capture_reset() {
	in_ns wan nft reset counters table netdev capture >/dev/null
}

# capture_is_clean: nothing in the clear since capture_start, or it says whose.
capture_is_clean() {
	local clear

	clear=$(capture_count clear)
	[ "$clear" = 0 ] && return 0
	note "$clear packets in the clear"
	in_ns wan nft list set netdev capture flows | grep elements
	return 1
}
