# SPDX-License-Identifier: GPL-2.0
"""A burst of UDP."""

from functools import partial

import burst
from arguments import number


class Datagrams(burst.Burst):
    """UDP: up, echoed (up=1), and down without being asked (push=1)."""

    def __init__(self, loop, server, peers, target, a):
        super().__init__(loop, peers, a)
        self.server = server
        self.target = target
        self.push = bool(number(a.get("push", "1")))
        self.asks = bool(number(a.get("up", "1")))
        self.ways = (("up", "back") if self.asks else ()) + \
            (("down",) if self.push else ())

    def at_server(self, sock):
        """A client's packet: as from whom it must be, or wrong."""
        data, source = sock.recvfrom(65536)
        got = self.unpack(data)
        if not got or got[0] != "up":
            return
        peer = self.by_name.get(got[1])
        if not peer or source[0] != peer.presented or (
                peer.port and source[1] != peer.port):
            self.wrong += 1
            return
        peer.up.add(got[2])
        self.send(sock, self.payload("back", peer.name, got[2]), source)

    def at_client(self, peer, sock):
        """A packet for a client: its own, or wrong."""
        try:
            data = sock.recv(65536)
        except OSError:
            return
        got = self.unpack(data)
        if not got:
            return
        if got[1] != peer.name or got[0] not in ("back", "down"):
            self.wrong += 1
            return
        getattr(peer, got[0]).add(got[2])

    def listen(self, sock, reader):
        """Read sock with reader from now on."""
        if sock.fileno() in self.loop.readers:
            self.loop.readers[sock.fileno()] = (sock, reader)
        else:
            self.loop.add(sock, reader)

    def run(self):
        """All of it; the report."""
        self.listen(self.server, self.at_server)
        for peer in self.peers:
            self.listen(peer.sock, partial(self.at_client, peer))
        for serial in range(self.rounds):
            self.sent = serial + 1
            for peer in self.peers:
                if self.asks:
                    self.send(peer.sock, self.payload("up", peer.name, serial),
                              self.target)
                if self.push:
                    self.send(self.server,
                              self.payload("down", peer.name, serial),
                              (peer.presented, peer.port or self.target[1]))
            self.wait()
        return self.report()
