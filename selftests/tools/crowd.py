# SPDX-License-Identifier: GPL-2.0
"""Thousands of clients without a process or a namespace each: SAs at the
server, genuine ESP from anywhere, and what comes back for them."""

import hmac
import os
import socket
import struct

import counters
import migrate
import wire
from arguments import number
from netlink import NLM_F_ACK, NLM_F_CREATE, NLM_F_REQUEST, attribute

XFRM_MSG_NEWSA = 0x10
XFRMA_ALG_CRYPT, XFRMA_ENCAP, XFRMA_ALG_AUTH_TRUNC = 2, 4, 20
KEY = bytes(range(32))
ICV = 12
NAT_PORT = 4500
FIRST = 0x0a400001      # 10.64.0.1
SPI = 0xe0000000
NO_LIMIT = struct.pack("=QQQQ", *4 * [0xffffffffffffffff])


def algorithm(name, *numbers):
    """The begin of struct xfrm_algo or xfrm_algo_auth."""
    return name.ljust(64, b"\0") + b"".join(struct.pack("=I", n)
                                            for n in numbers)


class Crowd:
    """Clients at 10.64.0.1 and on, port 4500, one inbound SA each. They
    encrypt nothing: with integrity alone Python is quick enough."""

    def __init__(self, server, local, count):
        self.server = server
        self.local = socket.inet_aton(local)
        self.addrs = [struct.pack("!I", FIRST + i) for i in range(count)]

    def sa(self, index):
        """The XFRM_MSG_NEWSA of one."""
        info = migrate.selector("0.0.0.0", "0.0.0.0", 0, 0, 0)[:42] + \
            bytes(14)
        info += self.local + bytes(12) + struct.pack(
            "!IB3x", SPI + index, socket.IPPROTO_ESP)
        info += self.addrs[index] + bytes(12) + NO_LIMIT + bytes(32 + 32 + 12)
        info += struct.pack("=IIHBBB7x", 0, 0, socket.AF_INET, 0, 32, 0)
        info += attribute(XFRMA_ALG_AUTH_TRUNC, algorithm(
            b"hmac(sha256)", 8 * len(KEY), 8 * ICV) + KEY)
        info += attribute(XFRMA_ALG_CRYPT, algorithm(b"ecb(cipher_null)", 0))
        info += attribute(XFRMA_ENCAP, struct.pack("=H", 2) + struct.pack(
            "!HH2x16x", NAT_PORT, NAT_PORT))
        return struct.pack(
            "=IHHII", 16 + len(info), XFRM_MSG_NEWSA,
            NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE, index, 0) + info

    def install(self):
        """The SAs of all, many in one message."""
        with wire.netns(self.server):
            sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                 migrate.NETLINK_XFRM)
        with sock:
            for index in range(0, len(self.addrs), 32):
                some = range(len(self.addrs))[index:index + 32]
                sock.send(b"".join(map(self.sa, some)))
                for _ in some:
                    error, = struct.unpack_from("=i", sock.recv(65536), 16)
                    if error:
                        raise OSError(-error, os.strerror(-error))

    def packet(self, index, port, seq):
        """IPv4, UDP and ESP of one, with L2TP's ports inside."""
        inner = struct.pack("!HHHH6xBB", 1701, 1701, 14, 0, 0,
                            socket.IPPROTO_UDP)
        esp = struct.pack("!II", SPI + index, seq) + inner
        esp += hmac.digest(KEY, esp, "sha256")[:ICV]
        # the kernel fills in length and checksum
        return struct.pack("!BxHHxxBBxx", 0x45, 0, 1, 64,
                           socket.IPPROTO_UDP) + \
            self.addrs[index] + self.local + \
            struct.pack("!HHHH", port, NAT_PORT, 8 + len(esp), 0) + esp

    def send(self, ns, port, seq, burst, arrived):
        """One packet of each, from port, in bursts; arrived(N) says whether
        the first N are at the server."""
        with wire.netns(ns):
            sock = socket.socket(socket.AF_INET, socket.SOCK_RAW,
                                 socket.IPPROTO_RAW)
        to = (socket.inet_ntoa(self.local), 0)
        everyone = range(len(self.addrs))
        with sock:
            for begin in range(0, len(everyone), burst):
                some = everyone[begin:begin + burst]
                for packet in [self.packet(i, port, seq) for i in some]:
                    sock.sendto(packet, to)
                if not arrived(some[-1] + 1):
                    return False
        return True

    def keepalives(self, seen, port):
        """Of the packets seen, keepalives to port of these clients: how many,
        to how many; and how many other packets there were."""
        good = [p["dst"] for p in seen
                if p["proto"] == 17 and p["data"][8:] == b"\xff" and
                p["sport"] == NAT_PORT and p["dport"] == port and
                socket.inet_aton(p["dst"]) in self.members()]
        return len(good), len(set(good)), len(seen) - len(good)

    def members(self):
        """The addresses, to look one up."""
        if not hasattr(self, "_members"):
            self._members = set(self.addrs)
        return self._members


def do_crowd(scene, a):
    """ns= local=addr count=: so many SAs, of a client each; see Crowd."""
    scene.crowd = Crowd(a["ns"], a["local"], number(a["count"]))
    scene.crowd.install()
    return ""


def do_crowd_send(scene, a):
    """ns= port= seq= [burst=]: one ESP packet of each, from port.
    Waits for each burst to arrive: all=1."""
    server = scene.crowd.server
    before = counters.of(server)["in_esp"]
    return "all=%d" % scene.crowd.send(
        a["ns"], number(a["port"]), number(a["seq"]),
        number(a.get("burst", "200")),
        lambda n: scene.loop.until(
            lambda: counters.of(server)["in_esp"] - before >= n, 60))


def do_crowd_keepalives(scene, a):
    """name=SNIFFER port=: keepalives that crossed it, to that port of
    these clients: count=, to peers= of them; other packets: others=."""
    scene.loop.settle()
    return "count=%d peers=%d others=%d" % scene.crowd.keepalives(
        scene.sniffers[a["name"]].seen, number(a["port"]))
