# SPDX-License-Identifier: GPL-2.0
"""A burst: many clients send at the same time, every payload checked.

Every packet names its client, so that one that reaches somebody else, or
arrives as from somebody else, is seen.
"""

from arguments import number

WAIT = 8


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

    def complete(self, rounds, ways):
        """Whether all of rounds arrived, each way that was used."""
        return all(len(getattr(self, way)) >= rounds for way in ways)


class Burst:
    """A burst of rounds packets each way between one server and peers."""

    ways = ()

    def __init__(self, loop, peers, a):
        self.loop = loop
        self.rounds = number(a.get("rounds", "5"))
        self.size = number(a.get("size", "120"))
        self.wait_for = float(a.get("wait", WAIT))
        self.peers = peers
        self.by_name = {p.name: p for p in peers}
        self.sent = 0
        self.wrong = 0
        self.refused = 0

    def payload(self, kind, name, serial):
        """A payload that says what it is and whose."""
        text = "|%s|%s|%d|" % (kind, name, serial)
        return text.encode().ljust(self.size, b".")

    @staticmethod
    def unpack(data):
        """(kind, name, serial), or None for what is none of ours."""
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

    def complete(self):
        """Whether all that was sent arrived."""
        return all(p.complete(self.sent, self.ways) for p in self.peers)

    def wait(self):
        """Read until everything is there; once something is missing, the
        burst has failed and the other rounds are not waited for long."""
        if not self.loop.until(self.complete, self.wait_for):
            self.wait_for = 0.2

    def report(self):
        """The line that the shell reads."""
        failed = [p.name for p in self.peers
                  if not p.complete(self.rounds, self.ways)]
        counts = " ".join("%s=%d" % (way, sum(len(getattr(p, way))
                                              for p in self.peers))
                          for way in self.ways)
        good = int(not failed and not self.wrong)
        return "all=%d peers=%d rounds=%d %s wrong=%d refused=%d failed=%s" % (
            good, len(self.peers), self.rounds, counts, self.wrong,
            self.refused, ",".join(failed) or "none")
