#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The stage of a test: every socket of every namespace in one process.

Reads commands, a line each, and answers each with one line that begins
with `ok` or `err`; lib/stage.sh drives it as a coprocess. Arguments are
key=value. So a shell test starts no process for a packet, and several
clients really send before anybody answers.
"""

import os
import sys

import scene
import wire

# Whose the commands are: the command `x` is the function do_x() there. A
# module is loaded when a test has a use for it, for loading takes long in an
# emulated machine.
COMMANDS = {
    "cable": "cable passthrough",
    "counters": "await stat",
    "crowd": "crowd crowd-keepalives crowd-send",
    "endpoint": "clear encap ike inbox send send-as-one",
    "exchange": "exchange start",
    "flood": "flood handshakes",
    "host": "ifup netns off sysctl sysctls",
    "iptfs": "iptfs",
    "migrate": "migrate",
    "pump": "pump",
    "raw": "raw resend too-big",
    "resa": "resa",
    "responder": "mode release responder seen",
    "scene": "close reset wait",
    "sniffer": "sniff sniffed",
    "traffic": "burst",
    "udp": "data take udp",
}
MODULES = {verb: module for module, verbs in COMMANDS.items()
           for verb in verbs.split()}


def arguments(words):
    """key=value, each; what a length is compared with begins with `len>`."""
    return dict(word.split("=", 1) if not word.startswith("len>")
                else ("len>", word.split("=", 1)[1]) for word in words)


class Stage:
    """The line loop."""

    def __init__(self, directory):
        self.scene = scene.Scene(directory)
        self.running = True
        self.buffered = b""

    def command(self, line):
        """Carry out one line; the answer's text."""
        verb, *rest = line.split()
        if verb not in MODULES:
            raise wire.StageError("no command " + verb)
        module = __import__(MODULES[verb])
        method = getattr(module, "do_" + verb.replace("-", "_"))
        return method(self.scene, arguments(rest))

    def answer(self, line):
        """Carry out one line, and say how it went."""
        try:
            said = "ok " + self.command(line)
        except KeyError as error:
            said = "err %s: needs or knows no %s" % (line, error)
        except (wire.StageError, OSError, ValueError) as error:
            said = "err %s: %s" % (line, error)
        print(said.rstrip(), flush=True)

    def read(self, _):
        """Take what the shell has written."""
        piece = os.read(0, 65536)
        if not piece:
            self.running = False
        self.buffered += piece

    def serve(self):
        """Until the shell closes our input."""
        loop = self.scene.loop
        loop.readers[0] = (sys.stdin, self.read)
        loop.poll.register(0, 1)
        while self.running or b"\n" in self.buffered:
            while b"\n" in self.buffered:
                line, _, self.buffered = self.buffered.partition(b"\n")
                text = line.decode().strip()
                if text:
                    self.answer(text)
            if self.running:
                loop.turn(1)


if __name__ == "__main__":
    Stage(sys.argv[1]).serve()
