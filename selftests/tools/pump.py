# SPDX-License-Identifier: GPL-2.0
"""Traffic that goes on while something else happens."""

import threading
import time

from arguments import pair


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


def do_pump(scene, a):
    """flows=sock>addr:port,... [name=]: from now on send on all these
    sockets, up to 200 times a second, until `pump stop=1 [name=]`. Errors are
    what the test is about, so they are only counted; gap_ms= is the longest
    time in which no flow was served. `pump begun=1`: waits for the first."""
    name = a.get("name", "")
    if a.get("begun"):
        return "begun=%d" % scene.pumps[name].begun.wait(60)
    if a.get("stop"):
        return "sent=%d refused=%d gap_ms=%d" % scene.pumps.pop(name).stop()
    flows = []
    for text in a["flows"].split(","):
        sock, dest = text.split(">")
        flows.append((scene.sock(sock).dup(), pair(dest)))
    scene.pumps[name] = Pump(flows)
    return ""
