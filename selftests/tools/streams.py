# SPDX-License-Identifier: GPL-2.0
"""A burst of TCP: all connect at once, and send and get back some size."""

import errno
import socket
from functools import partial

import burst
import wire


class Streams(burst.Burst):
    """A connection of each. The server and a peer's sock are the names of
    their namespaces."""

    ways = ("up", "back")

    def __init__(self, loop, server, peers, target, a):
        super().__init__(loop, peers, a)
        self.server = server
        self.target = target
        self.rounds = self.sent = 1
        self.socks = []
        self.pending = {}

    def open(self, ns):
        """A TCP socket in a namespace."""
        with wire.netns(ns):
            sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.socks.append(sock)
        return sock

    def listen(self):
        """The server's socket."""
        server = self.open(self.server)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("0.0.0.0", self.target[1]))
        server.listen(128)
        server.setblocking(False)
        self.loop.add(server, self.accept)

    def connect(self, peer):
        """A client's socket, on its way to the server."""
        sock = self.open(peer.sock)
        sock.setblocking(False)
        if peer.port:
            sock.bind(("0.0.0.0", peer.port))
        if sock.connect_ex(self.target) != errno.EINPROGRESS:
            self.refused += 1
        peer.sock = sock
        self.pending[sock] = self.payload("up", peer.name, 0)
        self.loop.add(sock, partial(self.at_client, peer, bytearray()))

    def accept(self, sock):
        """All who wait to be let in."""
        while True:
            try:
                child, source = sock.accept()
            except BlockingIOError:
                return
            child.setblocking(False)
            self.socks.append(child)
            self.loop.add(child, partial(self.at_server, source[0],
                                         bytearray()))

    def flush(self, sock):
        """Send of what is left as much as can be."""
        data = self.pending.get(sock, b"")
        while data:
            try:
                data = data[sock.send(data):]
            except BlockingIOError:
                break
            except OSError:
                data = b""
        self.pending[sock] = data

    def at_server(self, source, data, sock):
        """From a client: once it is all there, from where it must come or
        wrong, send it back."""
        try:
            piece = sock.recv(65536)
        except OSError:
            return
        if not piece:
            self.loop.drop(sock)
            return
        data += piece
        if len(data) < self.size:
            return
        got = self.unpack(data)
        peer = got and self.by_name.get(got[1])
        if not peer or source != peer.presented:
            self.wrong += 1
            return
        peer.up.add(0)
        self.pending[sock] = self.payload("back", peer.name, 0)
        self.flush(sock)

    def at_client(self, peer, data, sock):
        """From the server: once it is all there, the client's own or wrong."""
        try:
            piece = sock.recv(65536)
        except OSError:
            return
        data += piece
        if not piece or len(data) < self.size:
            return
        if self.unpack(data) == ("back", peer.name, 0):
            peer.back.add(0)
        else:
            self.wrong += 1

    def complete(self):
        """Whether all arrived; sends on, if not."""
        for sock in list(self.pending):
            if sock.fileno() >= 0:
                self.flush(sock)
        return super().complete()

    def run(self):
        """All of it; the report."""
        self.listen()
        for peer in self.peers:
            self.connect(peer)
        try:
            self.wait()
        finally:
            for sock in self.socks:
                if sock.fileno() >= 0:
                    self.loop.drop(sock)
        return self.report()
