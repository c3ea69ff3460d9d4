#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Firewalls that gateways have, as strict as they can be, before and behind the
# clients of an IKE daemon.
# shellcheck disable=SC1091,SC2317
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/sa.sh"
. "$(dirname "$0")/../lib/harmless.sh"
. "$(dirname "$0")/../lib/gateway.sh"

rules() { in_ns srv nft -f -; }

# Nothing in or out but IKE, ESP, and L2TP that was or will be encrypted; no
# packet whose source is not where it came from.
strict() {
	rules <<-END
		table inet fw {
			chain pre {
				type filter hook prerouting priority raw;
				fib saddr . iif oif missing drop
			}
			chain in {
				type filter hook input priority filter; policy drop;
				ct state invalid drop
				udp dport { 500, 4500 } accept
				udp dport 1701 meta secpath exists accept
			}
			chain out {
				type filter hook output priority filter; policy drop;
				ct state invalid drop
				udp sport { 500, 4500 } accept
				udp sport 1701 rt ipsec exists accept
			}
			chain post {
				type filter hook postrouting priority srcnat + 10; policy drop;
				ct state invalid drop
				udp sport { 500, 4500, 1701 } accept
			}
		}
	END
}

# Established flows only, but for IKE from outside; SAs told by their reqid; and
# sources looked up by the kernel itself.
stateful() {
	stage sysctls ns="$(ns srv)" net.ipv4.conf.all.rp_filter=1 \
		net.ipv4.conf.wan0.rp_filter=1 && rules <<-END
		table inet fw {
			chain in {
				type filter hook input priority filter; policy drop;
				ct state vmap { established : accept, related : accept, invalid : drop }
				udp dport { 500, 4500 } ct state new accept
				ipsec in reqid 1 udp dport 1701 ct state new accept
			}
			chain out {
				type filter hook output priority filter; policy drop;
				ct state established,related accept
				ct state invalid drop
				ipsec out reqid 1 accept
			}
		}
	END
}

# Peers are named, on the way in and out.
named() {
	rules <<-END
		table ip fw {
			chain in {
				type filter hook input priority filter; policy drop;
				ip saddr $P udp dport { 500, 4500 } accept
				udp dport 1701 meta secpath exists accept
			}
			chain out {
				type filter hook output priority filter; policy drop;
				ip daddr $P udp sport { 500, 4500 } accept
				udp sport 1701 rt ipsec exists accept
			}
		}
	END
}

untracked() {
	rules <<-END
		table ip fw {
			chain pre {
				type filter hook prerouting priority raw;
				udp dport { 500, 4500, 1701 } notrack
			}
			chain raw {
				type filter hook output priority raw;
				udp sport { 500, 4500, 1701 } notrack
			}
			chain in {
				type filter hook input priority filter; policy drop;
				ct state untracked udp dport { 500, 4500 } accept
				ct state untracked udp dport 1701 meta secpath exists accept
			}
			chain out {
				type filter hook output priority filter; policy drop;
				ct state untracked accept
			}
		}
	END
}

# Addresses that are nobody's on the internet do not come from there: aliases
# are of these. For a client that has none, nothing changes.
bogons() {
	rules <<-END
		table ip fw {
			chain pre {
				type filter hook prerouting priority raw;
				iifname wan0 ip saddr { 0.0.0.0/8, 10.0.0.0/8, 127.0.0.0/8, 192.168.0.0/16, 198.18.0.0/15 } drop
			}
			chain out {
				type filter hook output priority filter;
				oifname wan0 ip daddr { 0.0.0.0/8, 10.0.0.0/8, 192.168.0.0/16, 198.18.0.0/15 } drop
			}
		}
	END
}

# What ufw has by default in before.rules and after.rules, and its defaults.
ufw() {
	rules <<-END
		table ip filter {
			chain not-local {
				fib daddr type { local, multicast, broadcast } return
				drop
			}
			chain input {
				type filter hook input priority filter; policy drop;
				iifname lo accept
				ct state related,established accept
				ct state invalid drop
				icmp type { destination-unreachable, time-exceeded, parameter-problem, echo-request } accept
				udp sport 67 udp dport 68 accept
				jump not-local
				udp dport { 500, 4500 } accept
				meta secpath exists udp dport 1701 accept
			}
			chain forward {
				type filter hook forward priority filter; policy drop;
				ct state related,established accept
			}
			chain output {
				type filter hook output priority filter; policy accept;
				oifname lo accept
				ct state related,established accept
				ip protocol { tcp, udp } ct state new accept
			}
		}
	END
}

# What firewalld has in its zone public, with its services ipsec and l2tp.
firewalld() {
	rules <<-END
		table inet firewalld {
			chain mangle_PREROUTING {
				type filter hook prerouting priority mangle + 10; policy accept;
				fib saddr . mark . iif oif missing drop
			}
			chain nat_PREROUTING {
				type nat hook prerouting priority dstnat + 10; policy accept;
			}
			chain nat_POSTROUTING {
				type nat hook postrouting priority srcnat + 10; policy accept;
			}
			chain filter_INPUT {
				type filter hook input priority filter + 10; policy accept;
				ct state { established, related } accept
				ct status dnat accept
				iifname lo accept
				ct state invalid drop
				udp dport { 500, 4500, 1701 } accept
				meta l4proto { ah, esp } accept
				reject with icmpx admin-prohibited
			}
			chain filter_FORWARD {
				type filter hook forward priority filter + 10; policy accept;
				ct state { established, related } accept
				ct status dnat accept
				ct state invalid drop
				reject with icmpx admin-prohibited
			}
			chain filter_OUTPUT {
				type filter hook output priority filter + 10; policy accept;
				ct state { established, related } accept
				oifname lo accept
			}
		}
	END
}

behind_bogons() {
	step_both "set up" gateway bogons || return
	one_after_the_other
}

# shellcheck disable=SC2119
sa_begin
for name in strict stateful named untracked ufw firewalld; do
	scene "firewall, $name" with_clients "$name"
done
scene "firewall, bogons" behind_bogons
harmless_end
