#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# espnat diag finds what is wrong, names a remedy, and is content once that is
# done.
# shellcheck disable=SC2317 # functions are called by check
# shellcheck source=../lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=../lib/sa.sh
. "$(dirname "$0")/../lib/sa.sh"

TOOL=${ESP_NAT_TOP:-$SELFTESTS/..}/build/tools/espnat
[ -x "$TOOL" ] || TOOL=$(command -v espnat) || bail "no espnat: make -C tools"

sa_begin

SEEN=$(mktemp)
at_exit rm -f "$SEEN"
# What it says of how things are now. It is asked once for several checks: it runs
# a dozen other programs, which takes a slow machine ten seconds.
look()
{
	STATUS=0
	"$TOOL" -n "$(ns srv)" diag --json >"$SEEN" || STATUS=$?
}
pick() { "$SELFTESTS/tools/pick.py" "$@"; }
# finds CHECK LEVEL: the check says that, and why; and what to do, if not ok.
finds()
{
	pick 'any(c["check"] == a[0] and c["level"] == a[1] and c["text"]
		and (c.get("remedy") or a[1] == "ok") for c in j)' "$@" <"$SEEN"
}
exits() { [ "$STATUS" -eq "$1" ]; }

topo_new
topo_crowd random c1 c2
look
check "no daemon: port 500" finds ike_port fail
check "no daemon: port 4500" finds nat_port fail
check "so its exit status is 1" exits 1
daemon srv
look
check "a daemon: port 500" finds ike_port ok
check "a daemon: port 4500" finds nat_port ok
check "the module" finds module ok
check "its signature" finds signature ok
check "nothing has failed: its exit status is 0" exits 0
set_sysctl enabled 0
look
check "switched off" finds enabled fail
set_sysctl enabled 1
look
check "switched on" finds enabled ok

check "nothing wrong is counted" finds counters ok
both connect_client c1 -- connect_client c2
check "two clients work" everyone udp c1 c2
look
check "the pool" finds pool ok
check "the clients" finds clients ok
check "the rule allows them" finds rule ok
set_sysctl max_contexts 2
look
check "as many as may be" finds max_contexts warn
topo_client nat c3 13
stage exchange from=c3.500 to="$SRV:500" timeout=1
look
check "and one that was refused" finds drop_ctx_max warn
set_sysctl max_contexts 100

in_ns srv nft -f - <<-END
	table inet t {
		chain in {
			type filter hook input priority 0; policy drop;
			udp dport 500 accept
		}
	}
END
look
check "a firewall without a rule for 4500 and ESP" finds firewall warn
check "of which it does not say that all is well too" eval '! finds firewall ok >/dev/null'
in_ns srv nft add rule inet t in udp dport 4500 accept
in_ns srv nft add rule inet t in ip protocol esp accept
look
check "with these rules" finds firewall ok
check "then it does not warn" eval '! finds firewall warn >/dev/null'
in_ns srv nft -f - <<-END
	table inet t {
		set bogons {
			type ipv4_addr; flags interval
			elements = { 10.0.0.0/8, 198.18.0.0/15 }
		}
		chain bogons {
			ip saddr @bogons drop
		}
		chain in {
			jump bogons
		}
	}
END
look
check "a rule against bogons" finds bogons warn
in_ns srv nft insert rule inet t in meta ipsec exists accept
look
check "which what was under IPsec does not come to" eval '! finds bogons warn >/dev/null'
in_ns srv nft delete table inet t
in_ns srv nft -f - <<-END
	table inet t {
		chain vpn {
			udp dport { 500, 4500 } accept
		}
		chain in {
			type filter hook input priority 0; policy accept
			jump vpn
			drop
		}
	}
END
look
check "chains that call each other, the last rule drops ESP" finds firewall warn
in_ns srv nft add rule inet t vpn meta l4proto esp accept
look
check "until one accepts it" finds firewall ok
in_ns srv nft insert rule inet t in meta mark 3 drop
look
check "a rule by a mark: it cannot be told" finds firewall warn
check "so it does not say that all is well" eval '! finds firewall ok >/dev/null'
in_ns srv nft delete table inet t

look
check "L2TP in the clear" finds "clear text" warn
set_sysctl block_mode 2
look
check "with block mode" finds "clear text" ok

# Another way to the clients, by another address, which the first has dialled.
other_way()
{
	topo_again
	topo_crowd random c1 c2
	daemon srv
	ip -n "$(ns srv)" -batch - <<-END &&
		addr add 203.0.114.1/24 dev wan0
		route add 198.51.100.0/24 via 203.0.113.254 src 203.0.114.1
	END
	connect_client c1 && connect_client c2 && is_alias c2
}
check "a client with an alias, its network has a route of its own" other_way
look
check "answers have the address that was dialled" finds source ok
in_ns srv ip route change default via 203.0.113.254 src 203.0.114.1
look
check "answers to aliases have another" finds source warn

topo_again
topo_crowd random c1
in_ns srv ip route add 198.18.0.0/15 dev lo
look
check "a route covers the pool" finds pool fail
stage sysctl ns="$(ns srv)" name=esp_nat.alias_pool4 value=198.18.0.0/16
look
check "a pool that was written" finds pool ok
check "no network has addresses of it" finds overlap ok
check "that route leads nowhere" finds route fail
in_ns srv ip route del 198.18.0.0/15 dev lo
look
check "the default route leads out" finds route ok
# overlaps PREFIX: so does a network of this host.
overlaps()
{
	in_ns srv ip addr add "$1" dev lo
	look
	in_ns srv ip addr del "$1" dev lo
	finds overlap fail
}
check "one has" overlaps 198.18.3.3/24
check "one is larger, though its address is not in the pool" overlaps 198.19.0.1/15
look
check "none has them any more" finds overlap ok
check "the MTU" finds mtu ok
in_ns srv ip link set dev wan0 mtu 1300
look
check "a small one, of this network namespace" finds mtu warn
in_ns srv ip route del default
look
check "no route to the aliases" finds route fail

topo_end
finish
