# SPDX-License-Identifier: GPL-2.0
"""What packets pass through between two devices: a wire, or a NAT."""

import socket

import wire


class Cable:
    """A wire between two devices: it carries the bytes of a frame, and
    nothing of what a kernel remembers of them, as veth does."""

    def __init__(self, loop, ns, one, other):
        self.socks = []
        with wire.netns(ns):
            for dev in (one, other):
                sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                     socket.htons(wire.ETH_P_ALL))
                sock.setsockopt(socket.SOL_SOCKET, wire.SO_RCVBUFFORCE,
                                8 << 20)
                sock.bind((dev, wire.ETH_P_ALL))
                sock.setblocking(False)
                self.socks.append(sock)
        loop.add(self.socks[0], lambda s: self.pass_on(s, self.socks[1]))
        loop.add(self.socks[1], lambda s: self.pass_on(s, self.socks[0]))

    @staticmethod
    def pass_on(sock, other):
        """All that waits at one end, to the other."""
        for _ in range(256):
            try:
                data, addr = sock.recvfrom(65536)
                if addr[2] != wire.PACKET_OUTGOING:
                    other.send(data)
            except OSError:
                return


class Passthrough:
    """A NAT that never translates port 500 and tells clients by cookie.

    What clients send to port 500 is picked up at the inside device (the
    firewall there must drop the original), sent from outside:500, and what
    comes back goes to the client whose SPIi it carries.
    """

    def __init__(self, loop, ns, inside, outside):
        self.owner = {}
        with wire.netns(ns):
            self.tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                                     socket.htons(0x0800))
            self.tap.bind((inside, 0x0800))
            self.raw = socket.socket(socket.AF_INET, socket.SOCK_RAW,
                                     socket.IPPROTO_RAW)
            self.out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.out.bind((outside, 500))
        self.tap.setblocking(False)
        self.out.setblocking(False)
        loop.add(self.tap, self.from_client)
        loop.add(self.out, self.from_wire)

    def from_client(self, sock):
        """A client's message: remember its cookie, pass it on."""
        data, addr = sock.recvfrom(65536)
        packet = wire.parse_ipv4(data)
        if not packet or addr[2] == wire.PACKET_OUTGOING:
            return
        if packet["proto"] == 17 and packet["dport"] == 500:
            message = packet["data"][8:]
            self.owner[message[:8]] = (packet["src"], packet["sport"])
            self.out.sendto(message, (packet["dst"], 500))

    def from_wire(self, sock):
        """A message from outside: to the client that has the cookie."""
        message, source = sock.recvfrom(65536)
        client = self.owner.get(message[:8])
        if client:
            datagram = wire.udp_datagram(source[0], client[0], source[1],
                                         client[1], message)
            for packet in wire.ipv4_packets(source[0], client[0], 17,
                                            datagram):
                self.raw.sendto(packet, (client[0], 0))


def do_cable(scene, a):
    """ns= one=DEV other=DEV: be the wire between the two, which carries
    nothing but bytes."""
    Cable(scene.loop, a["ns"], a["one"], a["other"])
    return ""


def do_passthrough(scene, a):
    """ns= inside=DEV outside=ADDR: become the NAT for port 500."""
    scene.nats.append(Passthrough(scene.loop, a["ns"], a["inside"],
                                  a["outside"]))
    return ""
