# SPDX-License-Identifier: GPL-2.0
"""What is on the stage: everything that was opened, by name."""

import os
import sys

import loop
import wire


class Scene:
    """What the commands work on."""

    def __init__(self, directory):
        self.loop = loop.Loop()
        self.log = open(os.path.join(directory, "ike.jsonl"), "a",
                        encoding="ascii", buffering=1)
        self.ends = {}
        self.responders = {}
        self.socks = {}
        self.inboxes = {}
        self.sniffers = {}
        self.nats = []
        self.pumps = {}
        self.crowd = None

    def end(self, name):
        """An endpoint by name."""
        if name not in self.ends:
            raise wire.StageError("no endpoint " + name)
        return self.ends[name]

    def sock(self, name):
        """A plain or an IKE socket by name."""
        if name in self.socks:
            return self.socks[name]
        return self.end(name).sock


def do_close(scene, a):
    """names=x,y: close sockets of any kind."""
    for name in a["names"].split(","):
        if name in scene.ends:
            scene.loop.drop(scene.ends.pop(name).sock)
        elif name in scene.socks:
            scene.loop.drop(scene.socks.pop(name))
        elif name in scene.sniffers:
            scene.loop.drop(scene.sniffers.pop(name).sock)
        else:
            raise wire.StageError("nothing called " + name)
    return ""


def do_reset(scene, _):
    """As when the stage had just begun: nothing is open."""
    for pump in scene.pumps.values():
        pump.stop()
    for sock, _ in list(scene.loop.readers.values()):
        if sock is not sys.stdin:
            scene.loop.drop(sock)
    for sock in scene.socks.values():
        sock.close()
    for nat in scene.nats:
        nat.raw.close()
    for kept in (scene.ends, scene.responders, scene.socks, scene.inboxes,
                 scene.sniffers, scene.nats, scene.pumps):
        kept.clear()
    return ""


def do_wait(scene, a):
    """seconds=: serve everybody for that long, for tests of expiry."""
    scene.loop.until(lambda: False, float(a["seconds"]))
    return ""
