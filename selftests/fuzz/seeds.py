#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Writes the corpora that need no capture and no client.

    seeds.py DIRECTORY

The inputs of classify, rewrite, sysctl and import, each into a folder of its own
below DIRECTORY. What the numbers mean, the targets say.
"""

import os
import struct
import sys

# ---- classify: UDP payloads of nat_port ----


def ike(exchange, version=0x10, flags=0, responder=bytes(8), behind=b""):
    """An IKE message that is hardly more than its header."""
    return b"\x01" * 8 + responder + struct.pack(
        "!BBBBII", 0, version, exchange, flags, 0, 28 + len(behind)) + behind


def classify():
    """One of each class, and of each kind of message."""
    marker, spir = bytes(4), b"\x02" * 8
    yield "keepalive", b"\xff"
    yield "runt", b"\0\0\0"
    yield "esp", struct.pack("!II", 0x1000, 1) + bytes(24)
    yield "short", marker + ike(2)[:20]
    yield "length", marker + ike(2)[:24] + b"\0\0\1\0"
    yield "port-500", ike(4, behind=bytes(12))
    yield "main", marker + ike(2)
    yield "main-encrypted", marker + ike(2, flags=1, responder=spir)
    yield "quick", marker + ike(32, flags=1, responder=spir)
    yield "sa-init", marker + ike(34, 0x20, 8)
    yield "sa-init-answer", marker + ike(34, 0x20, 0x20, spir)
    yield "create-child", marker + ike(36, 0x20, 8, spir)
    yield "informational", marker + ike(37, 0x20, 0x20, spir)


# ---- rewrite: what to do, how the packet lies there, the packet ----

END, PORT, ADD_MARKER, DEL_MARKER, ENCAP, UDP_BEFORE, MTU, QUOTED = range(8)
(RIGHT, NO_SUM, CLONED, FRAGMENT, IP6, UDP, MEMORY, GSO, MAC, LONG,
 SOURCE) = (1 << bit for bit in range(11))
NONE, UNNECESSARY, COMPLETE, PARTIAL = range(4)


def packet(what, flags, behind, summed=NONE, options=0, linear=0, memory=0,
           address=bytes([198, 18, 0, 1]), ident=0):
    """An input of rewrite_fuzz.c."""
    head = struct.pack("<BBHBBBBBB", what, 8, flags, options, 4, linear,
                       summed, 50, memory)
    head += address + struct.pack("!HH", 40000, 4500)
    if flags & IP6:
        fixed = bytes(8) + bytes(range(32)) + bytes(options * 8)
    else:
        fixed = struct.pack("!4xH2x", ident) + b"\x40\0\0\0" + bytes(
            [192, 0, 2, 1, 203, 0, 113, 1]) + b"\x01" * options * 4
    return head + fixed + behind


def rewrite():
    """One of each deed, in the ways that packets come."""
    udp = struct.pack("!HHHH", 500, 4500, 0, 0x1234)
    data = bytes(range(37))
    quoted = b"\x03\x04\0\0\0\0\x05\xdc" + b"\x45\0\0\x80\0\0\0\0\x40\x11" + \
        bytes(2) + bytes([203, 0, 113, 1, 198, 18, 0, 1]) + udp
    for name, summed in (("none", NONE), ("complete", COMPLETE),
                         ("partial", PARTIAL)):
        yield "source-" + name, packet(END, RIGHT | UDP | SOURCE | CLONED,
                                       udp + data, summed, 2)
        yield "dest-" + name, packet(END, UDP, udp + data, summed, linear=255)
        yield "port6-" + name, packet(PORT, RIGHT | IP6, udp + data, summed, 1)
        yield "add-marker6-" + name, packet(ADD_MARKER, RIGHT | IP6,
                                            udp + data, summed)
        yield "del-marker-" + name, packet(DEL_MARKER, RIGHT,
                                           udp + bytes(4) + data, summed, 1)
    yield "source-no-sum", packet(END, RIGHT | UDP | NO_SUM, udp + data)
    yield "source-esp", packet(END, RIGHT | SOURCE, data, COMPLETE)
    yield "fragment", packet(END, RIGHT | UDP | FRAGMENT, udp + data)
    yield "too-short", packet(END, UDP, udp[:5])
    yield "port-source", packet(PORT, RIGHT | SOURCE, udp + data, linear=255)
    yield "add-marker-gso", packet(ADD_MARKER, GSO, udp + data)
    yield "add-marker-long", packet(ADD_MARKER, LONG, udp + data,
                                    address=b"long")
    yield "del-marker-memory", packet(DEL_MARKER, MEMORY, udp + bytes(4))
    # the rest of its IP header sums up to 0xffff
    yield "del-marker-sum", packet(DEL_MARKER, RIGHT, udp + bytes(4), COMPLETE,
                                   ident=0x3cca)
    yield "encap", packet(ENCAP, RIGHT, data, options=3)
    yield "encap-long", packet(ENCAP, LONG, data, memory=2, address=b"long")
    yield "udp-before", packet(UDP_BEFORE, CLONED, data)
    yield "udp-before-mac", packet(UDP_BEFORE, MAC, data, options=1)
    yield "mtu", packet(MTU, RIGHT, quoted, COMPLETE)
    yield "quoted", packet(QUOTED, RIGHT, quoted, COMPLETE, linear=28)
    yield "quoted-esp", packet(QUOTED, CLONED, quoted[:17] + b"\x32" +
                               quoted[18:], linear=60)


# ---- sysctl: writes, each with its sysctl, what goes wrong, and its length ----

SYSCTLS = ("enabled alias_mode follow_peer assume_udp_encap_context_on_send "
           "refuse_outside_rule keepalive_interval listen nat_port ike_port "
           "block_mode max_contexts max_contexts_per_peer idle_timeout "
           "alias_pool4 never_alias block_ports").split()
NO_MEMORY, IN_USE, NO_SOCKET, FURTHER, RARE = (1 << bit for bit in range(5))


def write(name, text, flags=0):
    """A write of sysctl_fuzz.c."""
    if flags:
        flags |= RARE
    return struct.pack("!BBH", SYSCTLS.index(name), flags,
                       len(text)) + text.encode()


def sysctl():
    """Each sysctl, written rightly and wrongly."""
    yield "integers", b"".join(
        write(name, "1\n") + write(name, "0x2") + write(name, "-1") +
        write(name, "70000000 ") for name in SYSCTLS[:13])
    yield "told", write("enabled", "0") + write("enabled", "1") + \
        write("listen", "1", NO_SOCKET) + write("listen", "1") + \
        write("listen", "0") + write("nat_port", "4501\n", FURTHER) + \
        write("nat_port", "4501\n")
    for name, texts in (
            ("alias_pool4", ("10.0.0.0/8\n", "", " 100.64.0.0/10 ", "10.1.0.0",
                             "127.0.0.0/8", "10.0.0.1/8", "240.0.0.0/4",
                             "198.51.100.0/24x", "::/8")),
            ("never_alias", ("203.0.113.0/24,192.0.2.7\n",
                             "2001:db8::/32 ::ffff:192.0.2.1",
                             "0.0.0.0/0\n::/0\n", "fe80::5efe:192.0.2.1,1:0:0:2::/64",
                             "::,1::,::1/128", "192.0.2.7%0", "192.0.2.0/+24",
                             ",".join(["::"] * 900), "", "0" * 80 + "192.0.2.1")),
            ("block_ports", ("1701\n", "1-65535", "5,7,6,10-20,15-30",
                             "1701\n1702\n", "0", "20-10", "+5", "",
                             ",".join(str(2 * n + 1) for n in range(65)),
                             "0" * 80 + "1701"))):
        for number, text in enumerate(texts):
            yield "%s-%d" % (name, number), write(name, text)
        yield name + "-wrong", write(name, texts[0], NO_MEMORY) + \
            write(name, texts[0], IN_USE)


# ---- import: attributes of a request ----

NESTED = 0x8000
ADDR4, ADDR6, AT_PORT = 1, 2, 3
(ACTUAL, PRESENTED, HOME, LOCAL, _, ALIASED, _, PLAIN_SA, ROLE, LOCAL_NAT,
 PEER_NAT, _, VERSION, SPII, USED_NAT_PORT, IKE_SA) = range(3, 19)
MSG_CTX = 6


def attr(kind, data=b""):
    """One attribute."""
    return struct.pack("<HH", 4 + len(data), kind) + data + \
        bytes(-len(data) % 4)


def number(kind, value):
    """A u32."""
    return attr(kind, struct.pack("<I", value))


def end(kind, address, port=0):
    """An endpoint of IPv4."""
    inner = attr(ADDR4, bytes(int(b) for b in address.split(".")))
    if port:
        inner += attr(AT_PORT, struct.pack("!H", port))
    return attr(kind | NESTED, inner)


def end6(kind):
    """An endpoint of IPv6."""
    return attr(kind | NESTED, attr(ADDR6, bytes(15) + b"\x01"))


def ike_sa(spii, spir, more=b""):
    """An IKE SA."""
    return attr(IKE_SA | NESTED, attr(2, struct.pack("!Q", spii)) +
                attr(3, struct.pack("!Q", spir)) + more)


def context(port, presented="203.0.113.5", more=b"", home="203.0.113.5"):
    """A context of a client behind 203.0.113.5."""
    return attr(MSG_CTX | NESTED, end(ACTUAL, "203.0.113.5", port) +
                end(PRESENTED, presented, port) + end(HOME, home) +
                end(LOCAL, "192.0.2.1") + more)


def requests():
    """Requests."""
    known = number(ROLE, 2) + number(LOCAL_NAT, 1) + number(PEER_NAT, 2) + \
        attr(VERSION, b"\x02") + attr(SPII, b"\x11" * 8) + attr(USED_NAT_PORT)
    alias = attr(ALIASED) + known
    yield "nothing", b""
    yield "one", context(4500, more=known + ike_sa(1, 2, attr(5)))
    yield "two", context(4500, more=known) + \
        context(61234, "198.18.0.1", alias + ike_sa(3, 4))
    yield "twice", context(4500, more=known) * 2
    yield "adopted", context(4500) + context(4500, more=known)
    yield "conflict", context(4500, "198.18.0.1", alias) + \
        context(4501, "198.18.0.1", attr(ALIASED))
    yield "half-open", context(4500, more=ike_sa(5, 0) + ike_sa(
        5, 0, end(4 | NESTED, "203.0.113.9")))
    yield "same-ike-sa", context(4500, more=ike_sa(5, 6) * 2)
    yield "many-ike-sas", context(4500, more=b"".join(
        ike_sa(7, n) for n in range(1, 18)))
    yield "plain", context(0, more=attr(PLAIN_SA))
    yield "no-port", context(0)
    yield "not-home", context(4500, "203.0.113.6")
    yield "no-alias", context(4500, "198.20.0.1", alias)
    yield "own-address", context(4500, "192.0.2.1", home="192.0.2.1")
    yield "bare", context(4500)
    yield "six", attr(MSG_CTX | NESTED, b"".join(
        end6(kind) for kind in (ACTUAL, PRESENTED, HOME, LOCAL)))
    yield "local6", context(4500, more=end6(LOCAL))
    yield "peer6", context(4500, more=ike_sa(5, 0, end6(4)))
    yield "not-nested", attr(MSG_CTX, context(4500)[4:])
    yield "unknown", context(4500, more=number(ROLE, 9) + attr(77))


def imports():
    """Each in peace, and some while something is wrong with the gateway."""
    for name, attributes in requests():
        yield name, b"\xff\0" + attributes
        if name in ("two", "one", "bare"):
            for left in (0, 3, 5, 8):
                yield "%s-memory-%d" % (name, left), \
                    bytes([left, 0]) + attributes
            for flags in (1, 2, 4, 8):
                yield "%s-flags-%d" % (name, flags), \
                    bytes([255, flags]) + attributes


def main():
    """A folder each."""
    for name, made in (("classify", classify), ("rewrite", rewrite),
                       ("sysctl", sysctl), ("import", imports)):
        where = os.path.join(sys.argv[1], name)
        os.makedirs(where, exist_ok=True)
        for seed, data in made():
            with open(os.path.join(where, seed + ".bin"), "wb") as out:
                out.write(data)


if __name__ == "__main__":
    main()
