#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A gateway that is more than that: a router for other people's IKE and ESP, the
# host of a container that has the daemon, one of a pair that share an address,
# and one whose port 4500 is a proxy's.
# shellcheck disable=SC1091,SC2317
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/sa.sh"
. "$(dirname "$0")/../lib/harmless.sh"
. "$(dirname "$0")/../lib/gateway.sh"

ip_srv() { ip -n "$(ns srv)" "$@"; }

# --- a router ---
#
#	[them] 198.51.100.101 --- [wan] --- wan0 [srv] lan0 172.16.0.1 --- .2, .3 [lan]
#
# The LAN's UDP is masqueraded, all else is routed. A daemon at .2 is dialled from
# outside, too, by a client that is behind the gateway's own clients' NAT.
THEM=198.51.100.101

# ike_at HOST NAMESPACE: an IKE daemon.
ike_at() {
	local port
	stage responder name="$1" || return 1
	for port in 500 4500; do
		stage ike name="$1.$port" ns="$2" addr=0.0.0.0 port="$port" \
			responder="$1" || return 1
	done
}

lan() {
	setup_ns lan && ip_srv -batch - <<-END &&
		link add lan0 type veth peer name eth0 netns $(ns lan)
		addr add 172.16.0.1/24 dev lan0
		link set lan0 up
	END
	ip -n "$(ns lan)" -batch - <<-END &&
		link set lo up
		addr add 172.16.0.2/24 dev eth0
		addr add 172.16.0.3/24 dev eth0
		link set eth0 up
		route add default via 172.16.0.1
	END
	ip -n "$(ns wan)" route add 172.16.0.0/24 via "$SRV" &&
	stage sysctls ns="$(ns srv)" net.ipv4.ip_forward=1 \
		net.ipv4.conf.lan0.rp_filter=0 && ike_at lan "$(ns lan)"
}

masquerade() {
	in_ns srv nft -f - <<-END
		table ip router {
			chain forward {
				type filter hook forward priority filter; policy drop;
				ct state vmap { established : accept, related : accept, invalid : drop }
				meta l4proto { udp, esp } accept
			}
			chain post {
				type nat hook postrouting priority srcnat;
				oifname wan0 ip saddr 172.16.0.0/24 meta l4proto udp masquerade
			}
		}
	END
}

# Established flows do not pass netfilter any more.
flowtable() {
	masquerade && in_ns srv nft -f - <<-END
		table ip fast {
			flowtable lanes {
				hook ingress priority 0; devices = { lan0, wan0 };
			}
			chain forward {
				type filter hook forward priority filter - 1;
				meta l4proto udp flow add @lanes
			}
		}
	END
}

them() {
	topo_direct them 101 && stage close names=them.500,them.4500 &&
		ike_at them "${NS[them]}" && elsewhere lan && elsewhere them
}

# elsewhere HOST: what the module does is not done there.
elsewhere() {
	! harmless_module ||
		stage sysctl ns="$(ns "$1")" name=esp_nat.enabled value=0
}

# router COMMAND...: by that.
router() {
	gateway lan && "$@" && them && topo_client nat c3 13
}

# they_dial: somebody of the LAN dials somebody outside.
they_dial() {
	local spii spir port
	stage exchange from=lan.500 to="$THEM:500" at=them && says answered=1 ||
		return 1
	field spii spii && field spir spir || return 1
	stage exchange from=lan.4500 to="$THEM:4500" spii="$spii" spir="$spir" \
		xchg=2 at=them && says answered=1 addr="$SRV" || return 1
	field port port
	sas_of lan && sas_by_hand lan 172.16.0.2 "$THEM" 0xc1 0xd1 4500 4500 &&
	sas_by_hand them "$THEM" "$SRV" 0xd1 0xc1 4500 "$port" &&
	sas_by_hand lan 172.16.0.3 "$THEM" 0xc2 0xd2 &&
	sas_by_hand them "$THEM" 172.16.0.3 0xd2 0xc2
}

# sas_of HOST: none yet.
sas_of() {
	in_ns "$1" ip xfrm state flush && in_ns "$1" ip xfrm policy flush &&
	in_ns them ip xfrm state flush && in_ns them ip xfrm policy flush
}

their_ping() { in_ns lan ping -n -c 3 -i 0.2 -W 3 -q -I "$1" "$THEM"; }
their_ping_back() { in_ns them ping -n -c 3 -i 0.2 -W 3 -q "$1"; }

esp_in_udp() { their_ping 172.16.0.2; }
plain_esp() { their_ping 172.16.0.3 && their_ping_back 172.16.0.3; }

# A client behind the NAT dials through the gateway, and is seen as it came.
dialled_through() {
	local spii spir
	stage exchange from=c3.500 to=172.16.0.2:500 at=lan &&
		says answered=1 addr="$P" || return 1
	field spii spii && field spir spir &&
	stage exchange from=c3.4500 to=172.16.0.2:4500 spii="$spii" spir="$spir" \
		xchg=2 at=lan && says answered=1 addr="$P"
}

routes() {
	step_both "set up" router "$@" || return
	step "others dial" they_dial
	step "their ESP in UDP" esp_in_udp
	step "their plain ESP" plain_esp
	step "their daemon is dialled" dialled_through
	step_both "a client dials" connect_client c1 || return
	step "it works" clients_work c1
	step_better "another one dials, both work" both connect_client c2 -- \
		clients_work c1 c2
	step "beside clients, others dial" they_dial
	step "beside clients, their ESP in UDP" esp_in_udp
	step "beside clients, their plain ESP" plain_esp
	step "beside clients, their daemon is dialled" dialled_through
}

# --- a container ---
#
#	wan0 [srv] docker0 172.17.0.1 --- 172.17.0.2 [box]
BOX=172.17.0.2

docker() {
	setup_ns box && ip_srv -batch - <<-END &&
		link add docker0 type bridge
		addr add 172.17.0.1/16 dev docker0
		link set docker0 up
		link add box0 type veth peer name eth0 netns $(ns box)
		link set box0 master docker0 up
	END
	ip -n "$(ns box)" -batch - <<-END &&
		link set lo up
		addr add $BOX/16 dev eth0
		link set eth0 up
		route add default via 172.17.0.1
	END
	stage sysctls ns="$(ns srv)" net.ipv4.ip_forward=1 \
		net.ipv4.conf.docker0.rp_filter=0 &&
	in_ns srv nft -f - <<-END
		table ip nat {
			chain PREROUTING {
				type nat hook prerouting priority dstnat;
				fib daddr type local udp dport { 500, 4500 } iifname != docker0 dnat to $BOX
			}
			chain POSTROUTING {
				type nat hook postrouting priority srcnat;
				oifname != docker0 ip saddr 172.17.0.0/16 masquerade
			}
		}
		table ip filter {
			chain FORWARD {
				type filter hook forward priority filter; policy drop;
				oifname docker0 ct state related,established accept
				iifname docker0 oifname != docker0 accept
				iifname != docker0 oifname docker0 ip daddr $BOX udp dport { 500, 4500 } accept
			}
		}
	END
}

boxed() {
	topo_again && docker && SERVER=box topo_crowd preserving c1 c2 &&
		daemon box && be_patient
}

box_connect() {
	ike_connect "$1" && SRV=$BOX sa_install_server "$1" && sa_install_client "$1"
}

box_redial() {
	SRV=$BOX sa_remove_server "$1"
	sa_remove_client "$1"
	box_connect "$1" && everyone udp "$1"
}

container() {
	step_both "set up" boxed || return
	step_both "a client dials" box_connect c1 || return
	step "it works" everyone udp c1
	step "it hangs up and dials again" box_redial c1
	step "another one dials" box_connect c2 || return
	step_better "both work" everyone udp c1 c2
}

# --- a pair ---
#
#	[wan] pair 203.0.113.254 ---+--- 203.0.113.11 wan0 [srv]
#	                            +--- 203.0.113.12 wan0 [srv2]
pair() {
	setup_ns srv2 && ip -n "$(ns wan)" -batch - <<-END &&
		link add pair type bridge
		link set pair up
		addr flush dev srv0
		addr add 203.0.113.254/24 dev pair
		link set srv0 master pair
		link add srv9 type veth peer name wan0 netns $(ns srv2)
		link set srv9 master pair up
	END
	ip_srv -batch - <<-END &&
		addr flush dev wan0
		addr add 203.0.113.11/24 dev wan0
		addr add $SRV/32 dev wan0
		route replace default via 203.0.113.254 src $SRV
	END
	ip -n "$(ns srv2)" -batch - <<-END &&
		link set lo up
		addr add 203.0.113.12/24 dev wan0
		link set wan0 up
		route add default via 203.0.113.254
	END
	stage sysctls ns="$(ns srv2)" net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.wan0.rp_filter=0 && daemon srv2
}

# vip_moves FROM TO: the address, and with it the clients.
vip_moves() {
	ip -n "$(ns "$1")" -batch - <<-END &&
		route replace default via 203.0.113.254
		addr del $SRV/32 dev wan0
	END
	ip -n "$(ns "$2")" -batch - <<-END &&
		addr add $SRV/32 dev wan0
		route replace default via 203.0.113.254 src $SRV
	END
	ip -n "$(ns wan)" neigh flush dev pair || return 1
	SERVER_OF[c1]=$2 SERVER_OF[c2]=$2
}

dials_anew() { redial c1 && everyone udp c1; }
both_dial_anew() { both redial c1 -- redial c2 -- everyone udp c1 c2; }

vip() {
	step_both "set up" gateway pair || return
	step_both "a client dials" connect_client c1 || return
	step "it works" everyone udp c1
	step_both "the address moves" vip_moves srv srv2 || return
	step "it dials again" dials_anew
	step_both "the address moves back" vip_moves srv2 srv || return
	step "where its old SAs are, it dials again" dials_anew
	step "another one dials" connect_client c2 || return
	step_better "both work" everyone udp c1 c2
	step_both "the address moves once more" vip_moves srv srv2 || return
	step_better "both dial again" both_dial_anew
}

# --- a proxy ---

# Neither end has set UDP_ENCAP on nat_port: it sees all that comes there.
proxy() {
	local name
	topo_again && topo_crowd preserving c1 c2 && daemon srv encap=0 || return 1
	for name in c1 c2; do
		stage close names="$name.4500" &&
		stage ike name="$name.4500" ns="${NS[$name]}" addr=0.0.0.0 \
			port=4500 encap=0 || return 1
	done
}

# relayed NAME: what is no IKE comes from where its IKE came from, and finds it.
relayed() {
	local word=c0ffee0${1#c}0000000153454345
	stage clear name=srv.4500 && stage clear name="$1.4500" &&
	stage data from="$1.4500" to="$SRV:4500" hex="$word" &&
	stage inbox name=srv.4500 wait=1 kind=other timeout=5 &&
	says src="${PRES_ADDR[$1]}" port="${PRES_PORT[$1]}" &&
	stage data from=srv.4500 to="${PRES_ADDR[$1]}:${PRES_PORT[$1]}" hex="$word" &&
	stage inbox name="$1.4500" wait=1 kind=other timeout=5 && says hex="$word"
}

proxied() {
	step_both "set up" proxy || return
	step "IKE of one" ike_connect c1
	step "what it relays" relayed c1
	step "IKE of another" ike_connect c2
	step "what that relays" relayed c2
	step "what the first relays" relayed c1
	step "IKE of the first once more" ike_connect c1
	step "what both relay" both relayed c1 -- relayed c2
}

# --- tunnel devices ---

xfrm_device() {
	modprobe xfrm_interface && ip_srv -batch - <<-END
		link add xfrm7 type xfrm dev wan0 if_id 7
		link set xfrm7 up
		route add 10.1.0.0/16 dev xfrm7
	END
}

ping_by() {
	in_ns srv ping -n -c 2 -i 0.3 -W 3 -q -I "$1" "${ADDR[$2]}"
}

tunnel_redial() {
	in_ns srv ip xfrm state flush && in_ns srv ip xfrm policy flush &&
	sa_remove_client "$1" && tunnel_connect "$1" &&
	echo "it is at ${END_ADDR[$1]}:${END_PORT[$1]}" && everyone udp "$1"
}

by_xfrm_device() {
	local IF_ID=7
	step_both "set up" gateway xfrm_device || return
	step_both "a client dials" tunnel_connect c1 || return
	step "it works" everyone udp c1
	step "ping by the device" ping_by xfrm7 c1
	step "it dials again" tunnel_redial c1
	step "another one dials" tunnel_connect c2
	step "both work" everyone udp c1 c2
	step "ping by the device to both" both ping_by xfrm7 c1 -- ping_by xfrm7 c2
}

vti_device() {
	modprobe ip_vti && ip_srv -batch - <<-END &&
		link add vti7 type vti local $SRV remote $P key 7
		link set vti7 up
		route add 10.1.0.0/16 dev vti7
	END
	stage sysctls ns="$(ns srv)" net.ipv4.conf.vti7.disable_policy=1 \
		net.ipv4.conf.vti7.rp_filter=0
}

by_vti_device() {
	# With a mark and no interface's ID.
	local IF_ID='0 mark 7 mask 0xffffffff'
	step_both "set up" gateway vti_device || return
	step_both "a client dials" tunnel_connect c1 || return
	step "it works" everyone udp c1
	step "ping by the device" ping_by vti7 c1
	step "it dials again" tunnel_redial c1
	step "IKE of another" ike_connect c2
	step "the first works" everyone udp c1
}

# shellcheck disable=SC2119
sa_begin
scene "a router that masquerades" routes masquerade
scene "a router with a flowtable" routes flowtable
scene "a container has the daemon" container
scene "an address moves between two gateways" vip
scene "a proxy on port 4500" proxied
scene "an xfrm interface" by_xfrm_device
scene "a vti" by_vti_device
harmless_end
