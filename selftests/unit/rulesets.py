#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Make rulesets.json, the input of firewall_test: what nft(8) prints of rules.

    rulesets.py >rulesets.json      as root, with nftables and iptables

Each line has what the rules are about, the rules, what nft -j prints of them,
and what becomes of packets that come by wan0: P passes, D is dropped, U cannot
be told. "in" has one letter each for UDP port 4500, UDP port 500 and ESP; "from"
and "to" have one for what was decrypted and comes from or goes to an alias of
198.18.0.0/15: P not dropped for its alias, D dropped for it.
"""

import json
import subprocess
import sys


def chain(policy, rules, more=""):
    """A table whose chain sees what comes in; further chains and sets."""
    return "table inet t {\n%s\nchain in {\ntype filter hook input" \
        " priority filter; policy %s;\n%s\n}\n}\n" % (more, policy, rules)


def accept(*rules, more=""):
    """The same, what no rule decides is accepted."""
    return chain("accept", "\n".join(rules), more)


def drop(*rules, more=""):
    """The same, what no rule decides is dropped."""
    return chain("drop", "\n".join(rules), more)


def other(*rules, name="other"):
    """A further chain."""
    return "chain %s {\n%s\n}\n" % (name, "\n".join(rules))


def elements(kind, text):
    """A set."""
    return "set s { type %s; flags interval; elements = { %s } }\n" % (kind,
                                                                      text)


def saved(policy, *rules):
    """What iptables-save would print."""
    return "*filter\n:INPUT %s [0:0]\n:OUTPUT ACCEPT [0:0]\n:other - [0:0]\n" \
        "%s\nCOMMIT\n" % (policy, "\n".join(rules))


def out(*rules):
    """A table whose chain sees what goes out."""
    return "table ip t {\nchain out {\ntype filter hook output priority" \
        " filter; policy accept;\n%s\n}\n}\n" % "\n".join(rules)


BOGONS = elements("ipv4_addr", "10.0.0.0/8, 198.18.0.0/15, 224.0.0.0/3")
ZONES = accept(
    "ct state { established, related } accept", 'iifname "lo" accept',
    'ct state invalid counter log prefix "x: " drop', "jump zones",
    "reject with icmpx admin-prohibited",
    more=other("meta nfproto ipv6 fib saddr . mark . iif oif missing drop",
               "udp dport 500 accept", "ip protocol esp accept")
    + other('iifname "wan0" goto other', "goto other", name="zones"))

CASES = [
    ("nothing", "", {"in": "PPP"}),
    ("no rule, policy accept", accept(), {"in": "PPP"}),
    ("no rule, policy drop", drop(), {"in": "DDD"}),
    ("ports", drop("udp dport { 500, 4500 } accept"), {"in": "PPD"}),
    ("a range", drop("udp dport 400-600 accept"), {"in": "DPD"}),
    ("all ports but one", drop("udp dport != 500 accept"), {"in": "PDD"}),
    ("ports above one", drop("udp dport > 1024 accept"), {"in": "UUD"}),
    ("ports of TCP", drop("tcp dport { 500, 4500 } accept"), {"in": "DDD"}),
    ("all ports of TCP but one are dropped", accept("tcp dport != 22 drop"),
     {"in": "PPP"}),
    ("a source port", drop("udp sport 4500 accept"), {"in": "DDD"}),
    ("source and other destination",
     drop("udp sport 500 udp dport 53 accept"), {"in": "DDD"}),
    ("a protocol", drop("ip protocol esp accept"), {"in": "DDP"}),
    ("protocols", drop("meta l4proto { udp, esp } accept"), {"in": "PPP"}),
    ("a protocol by number", drop("ip protocol 50 accept"), {"in": "DDP"}),
    ("a field of ESP", drop("esp spi 1 accept"), {"in": "DDD"}),
    ("IPv6 only", drop("ip6 nexthdr esp accept"), {"in": "DDD"}),
    ("the loopback device", drop('iifname "lo" accept'), {"in": "DDD"}),
    ("the device", drop('iifname "wan0" accept'), {"in": "PPP"}),
    ("its kind", drop('iifname "wan*" accept'), {"in": "PPP"}),
    ("another device", drop('iifname "lan0" accept'), {"in": "DDD"}),
    ("all devices but one", drop('iifname != "lo" accept'), {"in": "PPP"}),
    ("an address", drop("ip saddr 192.0.2.1 accept"), {"in": "DDD"}),
    ("ports of an address", drop("ip saddr 192.0.2.1 udp dport 4500 accept"),
     {"in": "PDD"}),
    ("what is known already", drop("ct state established,related accept"),
     {"in": "DDD"}),
    ("what is new", drop("ct state new udp dport 500 accept"), {"in": "DPD"}),
    ("a map of states",
     drop("ct state vmap { invalid : drop, established : accept }"),
     {"in": "DDD"}),
    ("a map of ports", drop("udp dport vmap { 500 : accept, 4500 : drop }"),
     {"in": "DPD"}),
    ("a map with a name", drop("udp dport vmap @m", more="map m { type"
                               " inet_service : verdict; elements = {"
                               " 500 : accept, 53 : drop } }\n"),
     {"in": "DPD"}),
    ("a concatenation", drop("meta l4proto . th dport vmap {"
                             " tcp . 500 : accept, udp . 4500 : accept }"),
     {"in": "UUU"}),
    ("a map of devices",
     drop('iifname vmap { "lo" : accept, "lan" : drop, "wan0" : jump other }',
          more=other("udp dport 4500 accept")), {"in": "PDD"}),
    ("so many at a time", drop("udp dport 500 limit rate 10/second accept"),
     {"in": "DPD"}),
    ("too many at a time",
     accept("udp dport 500 limit rate over 10/second drop"), {"in": "PPP"}),
    ("a comment", drop('udp dport 500 counter accept comment "drop 1"'),
     {"in": "DPD"}),
    ("a prefix of the log", drop('log prefix "drop " level warn accept'),
     {"in": "PPP"}),
    ("what is under IPsec", drop("meta ipsec exists accept"), {"in": "DDD"}),
    ("dropped before", accept("udp dport 4500 drop", "udp dport 4500 accept"),
     {"in": "DPP"}),
    ("an address is dropped", accept("ip saddr 192.0.2.1 drop"),
     {"in": "PPP"}),
    ("all addresses but some are dropped",
     accept("ip saddr != 192.0.2.0/24 drop"), {"in": "UUU"}),
    ("a port is dropped for an address",
     accept("ip saddr 192.0.2.1 udp dport 4500 drop"), {"in": "PPP"}),
    ("a port of one address is dropped",
     accept("ip daddr 192.0.2.1 udp dport 4500 drop"), {"in": "UPP"}),
    ("a destination is dropped", accept("ip daddr 224.0.0.0/4 drop"),
     {"in": "PPP"}),
    ("a port of one address", drop("ip daddr 192.0.2.1 udp dport 500 accept"),
     {"in": "DPD"}),
    ("a field of IP", accept("ip ttl 1 drop"), {"in": "UUU"}),
    ("what was handed on", drop("ct status dnat accept"), {"in": "DDD"}),
    ("the rest is rejected",
     accept("udp dport 500 accept", "reject with icmpx admin-prohibited"),
     {"in": "DPD"}),
    ("another chain", drop("jump other", more=other("udp dport 4500 accept")),
     {"in": "PDD"}),
    ("another chain, for others",
     drop("tcp dport 22 jump other", more=other("accept")), {"in": "DDD"}),
    ("another chain, for some",
     drop("ip saddr 192.0.2.1 jump other", more=other("accept")),
     {"in": "DDD"}),
    ("another chain, for these",
     drop("udp dport 500 jump other", more=other("accept")), {"in": "DPD"}),
    ("another chain that drops", accept("jump other", more=other("drop")),
     {"in": "DDD"}),
    ("another chain and back",
     accept("jump other", "drop", more=other("return", "accept")),
     {"in": "DDD"}),
    ("another chain instead",
     drop("goto other", "accept", more=other("udp dport 500 accept")),
     {"in": "DPD"}),
    ("a chain that calls itself", drop("jump other", more=other("jump leaf")
                                       .join([other(name="leaf"), ""])),
     {"in": "UUU"}, ('"target": "leaf"', '"target": "other"')),
    ("zones", ZONES, {"in": "DPP"}),
    ("a set", drop("udp dport @s accept",
                   more=elements("inet_service", "500, 4500")),
     {"in": "PPD"}),
    ("a set with a range, and comments",
     drop("udp dport @s accept", more="set s { type inet_service; flags"
          " interval, timeout; elements = { 53 timeout 1h, 67,"
          ' 490-510 timeout 1h comment "x", 600 } }\n'), {"in": "DPD"}),
    ("an empty set", drop("udp dport @s accept",
                          more="set s { type inet_service; }\n"),
     {"in": "DDD"}),
    ("a set that is not there", drop("udp dport @s accept",
                                     more=elements("inet_service", "500")),
     {"in": "UUD"}, ('"right": "@s"', '"right": "@x"')),
    ("a mark", drop("meta mark 3 accept"), {"in": "UUU"}),
    ("a mark that is dropped", accept("meta mark 3 drop"), {"in": "UUU"}),
    ("a mark that is set", accept("meta mark set 3"), {"in": "PPP"}),
    ("a port that is handed on", "table ip t {\nchain in {\ntype nat hook"
     " prerouting priority dstnat;\nudp dport 4500 dnat to 192.0.2.1\n}\n}\n",
     {"in": "UPP"}),
    ("a chain without a name", drop('iif "lo" jump { accept; }'),
     {"in": "DDD"}),
    ("one for all", drop("jump { accept; }"), {"in": "UUU"}),
    ("another family", "table ip6 t {\nchain in {\ntype filter hook input"
     " priority 0; policy drop;\n}\n}\n", {"in": "PPP"}),
    ("forwarded packets", "table ip t {\nchain f {\ntype filter hook forward"
     " priority 0; policy drop;\n}\n}\n", {"in": "PPP"}),
    ("two chains, one of which drops",
     accept(more="chain two { type filter hook input priority 1; policy drop;"
            " udp dport 500 accept; }\n"), {"in": "DPD"}),

    ("iptables: policy ACCEPT", saved("ACCEPT"), {"in": "PPP"}),
    ("iptables: policy DROP", saved("DROP"), {"in": "DDD"}),
    ("iptables: a port",
     saved("DROP", "-A INPUT -p udp -m udp --dport 500 -j ACCEPT"),
     {"in": "DPD"}),
    ("iptables: a range",
     saved("DROP", "-A INPUT -p udp -m udp --dport 500:600 -j ACCEPT"),
     {"in": "DPD"}),
    ("iptables: but one",
     saved("DROP", "-A INPUT -p udp -m udp ! --dport 500 -j ACCEPT"),
     {"in": "PDD"}),
    ("iptables: ports, of an extension",
     saved("DROP", "-A INPUT -p udp -m multiport --dports 500,4500"
           ' -m comment --comment "x -j DROP" -j ACCEPT'), {"in": "UUD"}),
    ("iptables: a comment",
     saved("DROP", '-A INPUT -p esp -m comment --comment "x -j DROP"'
           " -j ACCEPT"), {"in": "DDP"}),
    ("iptables: all other protocols",
     saved("DROP", "-A INPUT ! -p esp -j ACCEPT"), {"in": "PPD"}),
    ("iptables: a source port",
     saved("DROP", "-A INPUT -p udp -m udp --sport 53 -j ACCEPT"),
     {"in": "DDD"}),
    ("iptables: what is known already", saved(
        "DROP", "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED"
        " -j ACCEPT", "-A INPUT -i lo -j ACCEPT"), {"in": "UUU"}),
    ("iptables: these first", saved(
        "DROP", "-A INPUT -p esp -j ACCEPT", "-A INPUT -m conntrack"
        " --ctstate RELATED,ESTABLISHED -j ACCEPT"), {"in": "UUP"}),
    ("iptables: another chain",
     saved("DROP", "-A INPUT -j other",
           "-A other -p udp -m udp --dport 4500 -j ACCEPT"), {"in": "PDD"}),
    ("iptables: the rest is rejected", saved(
        "ACCEPT", "-A INPUT -p esp -j ACCEPT",
        '-A INPUT -j LOG --log-prefix "x -j ACCEPT "',
        "-A INPUT -j REJECT --reject-with icmp-port-unreachable"),
     {"in": "DDP"}),
    ("iptables: a target of an extension", saved(
        "ACCEPT", "-A INPUT -p udp -m udp --dport 500 -j NFQUEUE"),
     {"in": "PUP"}),

    ("bogons: no rule", accept(), {"from": "P", "to": "P"}),
    ("bogons: the pool", accept("ip saddr 198.18.0.0/15 drop"),
     {"from": "D", "to": "P"}),
    ("bogons: what holds it", accept("ip saddr 198.0.0.0/8 drop"),
     {"from": "D"}),
    ("bogons: a part of it", accept("ip saddr 198.19.0.5-198.19.0.7 drop"),
     {"from": "D"}),
    ("bogons: an address of it", accept("ip saddr 198.19.0.5 drop"),
     {"from": "D"}),
    ("bogons: another network", accept("ip saddr 10.0.0.0/8 drop"),
     {"from": "P"}),
    ("bogons: a list", accept("ip saddr { 10.0.0.0/8, 198.18.0.0/15 } drop"),
     {"from": "D"}),
    ("bogons: a set, of a device",
     accept('iifname "wan0" ip saddr @s counter drop', more=BOGONS),
     {"from": "D"}),
    ("bogons: a set, of another device",
     accept('iifname "lan0" ip saddr @s counter drop', more=BOGONS),
     {"from": "P"}),
    ("bogons: a chain for them",
     accept("ip saddr 198.18.0.0/15 jump other",
            more=other('log prefix "bogon"', "drop")), {"from": "D"}),
    ("bogons: all others", accept("ip saddr != 198.18.0.0/15 drop"),
     {"from": "P"}),
    ("bogons: accepted before",
     accept("meta ipsec exists accept", "ip saddr 198.18.0.0/15 drop"),
     {"from": "P"}),
    ("bogons: accepted behind",
     accept("ip saddr 198.18.0.0/15 drop", "meta secpath exists accept"),
     {"from": "D"}),
    ("bogons: only without IPsec",
     accept("meta secpath missing ip saddr 198.18.0.0/15 drop"),
     {"from": "P"}),
    ("bogons: not for the address", drop(), {"from": "P"}),
    ("bogons: of TCP", accept("ip saddr 198.18.0.0/15 tcp dport 22 drop"),
     {"from": "P"}),
    ("bogons: with a mark", accept("ip saddr 198.18.0.0/15 mark 3 drop"),
     {"from": "U"}),
    ("bogons: what goes there", out("ip daddr 198.18.0.0/15 reject"),
     {"from": "P", "to": "D"}),
    ("bogons: what comes from there, outgoing",
     out("ip saddr 198.18.0.0/15 drop"), {"to": "P"}),
    ("bogons: iptables: the pool",
     "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -s 198.18.0.0/15 -j DROP"
     "\nCOMMIT\n", {"from": "D"}),
    ("bogons: iptables: perhaps accepted before", saved(
        "DROP", "-A INPUT -m policy --dir in --pol ipsec -j ACCEPT",
        "-A INPUT -s 198.18.0.0/15 -i wan0 -j DROP"), {"from": "U"}),
]


def printed(rules):
    """What nft -j prints of rules, in a network namespace of their own."""
    load = "iptables-nft-restore" if rules.startswith("*") else "nft -f -"
    run = subprocess.run(
        ["unshare", "-n", "sh", "-c", load + " && nft -j list ruleset"],
        input=rules, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout)


def main():
    """All of them, a line each."""
    lines = []
    for what, rules, fates, *edit in CASES:
        print("#", what, file=sys.stderr)
        text = json.dumps(printed(rules))
        for old, new in edit:
            assert old in text, what
            text = text.replace(old, new)
        lines.append(json.dumps({"what": what, "rules": rules, **fates})[:-1]
                     + ',\n"ruleset": ' + text + "}")
    print("[" + ",\n".join(lines) + "]")


main()
