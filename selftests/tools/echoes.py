# SPDX-License-Identifier: GPL-2.0
"""A burst of ICMP: the kernels answer, the names are checked here."""

import os
import socket
import struct
from functools import partial

import burst
import wire


class Echoes(burst.Burst):
    """Echo requests both ways. The server and a peer's sock are the names
    of their namespaces."""

    ways = ("back", "down")

    def __init__(self, loop, server, peers, target, a):
        super().__init__(loop, peers, a)
        self.server = server
        self.target = target[0]
        self.base = int.from_bytes(os.urandom(2), "big")
        self.socks = []

    def raw(self, ns, reader):
        """A socket for ICMP in a namespace, which reader reads."""
        with wire.netns(ns):
            sock = socket.socket(socket.AF_INET, socket.SOCK_RAW,
                                 socket.IPPROTO_ICMP)
        sock.setblocking(False)
        self.socks.append(sock)
        self.loop.add(sock, reader)
        return sock

    def echo(self, name, serial):
        """A request."""
        body = struct.pack("!BBHHH", 8, 0, 0, self.base, serial)
        body += self.payload("ping", name, serial)
        value = wire.checksum(body)
        return body[:2] + struct.pack("!H", value) + body[4:]

    def answer(self, sock):
        """What the answer that waits says, and from where it is; None when
        it is no answer to us."""
        data, source = sock.recvfrom(65536)
        body = wire.parse_ipv4(data)["data"]
        if body[0] != 0 or struct.unpack("!H", body[4:6])[0] != self.base:
            return None
        return self.unpack(body[8:]), source[0]

    def at_server(self, sock):
        """A client's answer, from where it must come, or wrong."""
        answer = self.answer(sock)
        if not answer:
            return
        got, source = answer
        peer = got and self.by_name.get(got[1])
        if not peer or source != peer.presented:
            self.wrong += 1
            return
        peer.down.add(got[2])

    def at_client(self, peer, sock):
        """The server's answer to a client, to its own request, or wrong."""
        answer = self.answer(sock)
        if not answer:
            return
        got, _ = answer
        if not got or got[1] != peer.name:
            self.wrong += 1
            return
        peer.back.add(got[2])

    def run(self):
        """All of it; the report."""
        server = self.raw(self.server, self.at_server)
        for peer in self.peers:
            peer.sock = self.raw(peer.sock, partial(self.at_client, peer))
        try:
            for serial in range(self.rounds):
                self.sent = serial + 1
                for peer in self.peers:
                    self.send(peer.sock, self.echo(peer.name, serial),
                              (self.target, 0))
                    self.send(server, self.echo(peer.name, serial),
                              (peer.presented, 0))
                self.wait()
        finally:
            for sock in self.socks:
                self.loop.drop(sock)
        return self.report()
