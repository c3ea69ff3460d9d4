# SPDX-License-Identifier: GPL-2.0
"""Traffic of many clients at the same time, every payload checked.

Each client sends to the server, and the server to each client, before
anything is read; every packet names its client, so that one that reaches
somebody else, or arrives as from somebody else, is seen.
"""

import errno
import os
import socket
import struct
import threading
import time

import wire

WAIT = 8


class Pump(threading.Thread):
    """Sends on sockets of its own, until stopped."""

    def __init__(self, flows):
        super().__init__(daemon=True)
        self.flows = flows
        self.over = threading.Event()
        self.sent = self.refused = 0
        self.gap = 0.0
        self.begun = threading.Event()
        self.start()

    def run(self):
        """The thread."""
        pause = 0.005
        ended = None
        while not self.over.wait(pause):
            began = time.monotonic()
            for sock, dest in self.flows:
                try:
                    sock.sendto(b"pump", dest)
                    self.sent += 1
                except OSError:
                    self.refused += 1
            if ended is not None:
                self.gap = max(self.gap, time.monotonic() - ended)
            ended = time.monotonic()
            self.begun.set()
            # A slow machine has other things to do, too.
            pause = max(0.005, 2 * (ended - began))
        for sock, _ in self.flows:
            sock.close()

    def stop(self):
        """End it; what was sent, what was refused, the longest pause in ms."""
        self.over.set()
        self.join()
        return self.sent, self.refused, self.gap * 1000


class Peer:
    """One client of a burst and what became of its packets."""

    def __init__(self, name, sock, presented, port):
        self.name = name
        self.sock = sock
        self.presented = presented
        self.port = port
        self.up = set()
        self.down = set()
        self.back = set()
        self.data = b""

    def complete(self, rounds, ways):
        """Whether all of rounds arrived, each way that was used."""
        return all(len(getattr(self, way)) >= rounds for way in ways)


class Burst:
    """A burst of rounds packets each way between one server and peers."""

    def __init__(self, loop, rounds, size):
        self.loop = loop
        self.rounds = rounds
        self.size = size
        self.peers = []
        self.wrong = 0
        self.refused = 0

    def payload(self, kind, name, number):
        """A payload that says what it is and whose."""
        text = "|%s|%s|%d|" % (kind, name, number)
        return text.encode().ljust(self.size, b".")

    @staticmethod
    def unpack(data):
        """(kind, name, number), or None for what is none of ours."""
        parts = data.split(b"|")
        if len(parts) < 5:
            return None
        try:
            return parts[1].decode(), parts[2].decode(), int(parts[3])
        except ValueError:
            return None

    def send(self, sock, data, dest):
        """Send; an error is counted, not raised."""
        try:
            sock.sendto(data, dest)
        except OSError:
            self.refused += 1

    def report(self, ways):
        """The line that the shell reads."""
        failed = [p.name for p in self.peers
                  if not p.complete(self.rounds, ways)]
        counts = " ".join("%s=%d" % (way, sum(len(getattr(p, way))
                                              for p in self.peers))
                          for way in ways)
        good = int(not failed and not self.wrong)
        return "all=%d peers=%d rounds=%d %s wrong=%d refused=%d failed=%s" % (
            good, len(self.peers), self.rounds, counts, self.wrong,
            self.refused, ",".join(failed) or "none")

    def wait(self, ways):
        """Read until everything is there; once something is missing, the
        burst has failed and the other rounds are not waited for long."""
        if not self.loop.until(lambda: all(p.complete(self.sent, ways)
                                           for p in self.peers),
                               self.wait_for):
            self.wait_for = 0.2

    sent = 0
    wait_for = WAIT

    def run_udp(self, server, peers, target, push=True):
        """UDP: up, echoed, and (push) down without being asked."""
        ways = ("up", "back", "down") if push else ("up", "back")
        self.peers = [Peer(*p) for p in peers]
        by_name = {p.name: p for p in self.peers}

        def at_server(sock):
            data, source = sock.recvfrom(65536)
            got = self.unpack(data)
            if not got or got[0] != "up":
                return
            peer = by_name.get(got[1])
            if not peer or source[0] != peer.presented or (
                    peer.port and source[1] != peer.port):
                self.wrong += 1
                return
            peer.up.add(got[2])
            self.send(sock, self.payload("back", peer.name, got[2]), source)

        def at_client(peer):
            def read(sock):
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
            return read

        self.listen(server, at_server)
        for peer in self.peers:
            self.listen(peer.sock, at_client(peer))
        for number in range(self.rounds):
            self.sent = number + 1
            for peer in self.peers:
                self.send(peer.sock, self.payload("up", peer.name, number),
                          target)
                if push:
                    self.send(server,
                              self.payload("down", peer.name, number),
                              (peer.presented, peer.port or target[1]))
            self.wait(ways)
        return self.report(ways)

    def listen(self, sock, reader):
        """Read sock with reader from now on."""
        if sock.fileno() in self.loop.readers:
            self.loop.readers[sock.fileno()] = (sock, reader)
        else:
            self.loop.add(sock, reader)

    def run_icmp(self, server_ns, peers, target):
        """Echo requests both ways; the kernels answer, we check names.

        A peer's sock is the name of its namespace here.
        """
        ways = ("back", "down")
        self.peers = [Peer(*p) for p in peers]
        base = int.from_bytes(os.urandom(2), "big")
        socks = []

        def raw(ns):
            with wire.netns(ns):
                sock = socket.socket(socket.AF_INET, socket.SOCK_RAW,
                                     socket.IPPROTO_ICMP)
            sock.setblocking(False)
            socks.append(sock)
            return sock

        def reader(way, owner):
            def read(sock):
                data, source = sock.recvfrom(65536)
                packet = wire.parse_ipv4(data)
                body = packet["data"]
                if body[0] != 0 or struct.unpack("!H", body[4:6])[0] != base:
                    return
                got = self.unpack(body[8:])
                peer = owner or next((p for p in self.peers
                                      if got and p.name == got[1]), None)
                if not got or not peer or got[1] != peer.name or (
                        way == "down" and source[0] != peer.presented):
                    self.wrong += 1
                    return
                getattr(peer, way).add(got[2])
            return read

        def echo(name, number):
            body = struct.pack("!BBHHH", 8, 0, 0, base, number)
            body += self.payload("ping", name, number)
            value = wire.checksum(body)
            return body[:2] + struct.pack("!H", value) + body[4:]

        server = raw(server_ns)
        self.loop.add(server, reader("down", None))
        for peer in self.peers:
            peer.sock = raw(peer.sock)
            self.loop.add(peer.sock, reader("back", peer))
        try:
            for number in range(self.rounds):
                self.sent = number + 1
                for peer in self.peers:
                    self.send(peer.sock, echo(peer.name, number),
                              (target, 0))
                    self.send(server, echo(peer.name, number),
                              (peer.presented, 0))
                self.wait(ways)
        finally:
            for sock in socks:
                self.loop.drop(sock)
        return self.report(ways)

    def run_tcp(self, server_ns, peers, target, port):
        """All connect at once, send size bytes, get them back marked.

        A peer's sock is the name of its namespace here.
        """
        ways = ("up", "back")
        self.peers = [Peer(*p) for p in peers]
        by_name = {p.name: p for p in self.peers}
        socks = []
        pending = {}
        with wire.netns(server_ns):
            server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("0.0.0.0", port))
        server.listen(128)
        server.setblocking(False)
        socks.append(server)

        def flush(sock):
            data = pending.get(sock, b"")
            while data:
                try:
                    data = data[sock.send(data):]
                except BlockingIOError:
                    break
                except OSError:
                    data = b""
            pending[sock] = data

        def accepted(sock, source):
            state = {"data": b""}

            def read(sock):
                try:
                    piece = sock.recv(65536)
                except OSError:
                    return
                if not piece:
                    self.loop.drop(sock)
                    return
                state["data"] += piece
                if len(state["data"]) < self.size:
                    return
                got = self.unpack(state["data"])
                peer = got and by_name.get(got[1])
                if not peer or source[0] != peer.presented:
                    self.wrong += 1
                    return
                peer.up.add(0)
                pending[sock] = self.payload("back", peer.name, 0)
                flush(sock)

            self.loop.add(sock, read)
            socks.append(sock)

        def at_server(sock):
            while True:
                try:
                    child, source = sock.accept()
                except BlockingIOError:
                    return
                child.setblocking(False)
                accepted(child, source)

        def at_client(peer):
            def read(sock):
                try:
                    piece = sock.recv(65536)
                except OSError:
                    return
                if not piece:
                    return
                peer.data += piece
                if len(peer.data) >= self.size:
                    if self.unpack(peer.data) == ("back", peer.name, 0):
                        peer.back.add(0)
                    else:
                        self.wrong += 1
            return read

        self.loop.add(server, at_server)
        for peer in self.peers:
            with wire.netns(peer.sock):
                sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            sock.setblocking(False)
            if peer.port:
                sock.bind(("0.0.0.0", peer.port))
            if sock.connect_ex((target, port)) != errno.EINPROGRESS:
                self.refused += 1
            peer.sock = sock
            socks.append(sock)
            pending[sock] = self.payload("up", peer.name, 0)
            self.loop.add(sock, at_client(peer))
        self.rounds = self.sent = 1

        def done():
            for sock in list(pending):
                if sock.fileno() >= 0:
                    flush(sock)
            return all(p.complete(1, ways) for p in self.peers)

        try:
            self.loop.until(done, self.wait_for)
        finally:
            for sock in socks:
                if sock.fileno() >= 0:
                    self.loop.drop(sock)
        return self.report(ways)
