# SPDX-License-Identifier: GPL-2.0
"""The loop that reads every socket of the stage."""

import select
import time


class Loop:
    """Every socket of the stage, read as packets arrive."""

    def __init__(self):
        self.poll = select.epoll()
        self.readers = {}

    def add(self, sock, reader):
        """Have reader(sock) called whenever sock can be read."""
        self.readers[sock.fileno()] = (sock, reader)
        try:
            self.poll.register(sock.fileno(), select.EPOLLIN)
        except FileExistsError:
            pass    # another reader for the same socket

    def drop(self, sock):
        """Forget a socket and close it."""
        fileno = sock.fileno()
        if fileno in self.readers:
            del self.readers[fileno]
            self.poll.unregister(fileno)
        sock.close()

    def turn(self, timeout):
        """One round; false when nothing came within timeout seconds."""
        events = self.poll.poll(max(timeout, 0))
        for fileno, _ in events:
            entry = self.readers.get(fileno)
            if entry:
                entry[1](entry[0])
        return bool(events)

    def until(self, done, timeout):
        """Read packets until done() or the time is over; done()'s answer."""
        end = time.monotonic() + timeout
        while True:
            answer = done()
            if answer:
                return answer
            left = end - time.monotonic()
            if left <= 0:
                return done()
            self.turn(min(left, 0.2))

    def settle(self, quiet=0.05):
        """Read whatever is there until it has been quiet for a moment."""
        while self.turn(quiet):
            pass
