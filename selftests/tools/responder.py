# SPDX-License-Identifier: GPL-2.0
"""What stands for an IKE daemon.

A Responder is a set of endpoints: it answers what is asked, remembers what
was presented to it, and can start exchanges of its own.
"""

import contextlib
import json
import os

import ike
from arguments import patience


class Responder:
    """What stands for the daemon at one end."""

    def __init__(self, name, log):
        self.name = name
        self.log = log
        self.seen = []
        self.mode = "answer"
        self.peer = None
        self.chosen = {}
        self.started = set()
        self.cookied = set()
        self.held = []

    def got(self, endpoint, entry):
        """Write a message down and answer it as the mode says."""
        entry["responder"] = self.name
        self.seen.append(entry)
        if self.log:
            self.log.write(json.dumps(entry) + "\n")
        if entry["kind"] != "ike":
            return
        if (entry["spii"], entry["msgid"]) in self.started:
            return
        if entry["version"] == 2 and entry["flags"] & ike.FLAG_RESPONSE:
            return
        if self.mode == "mute":
            return
        if self.mode == "hold":
            self.held.append((endpoint, entry))
            return
        self.reply(endpoint, entry)

    def reply(self, endpoint, entry):
        """Answer a message."""
        spir = bytes.fromhex(entry["spir"])
        answer = ike.answer
        if not any(spir):
            if self.peer and self.peer != entry["src"]:
                if self.mode == "ignore":
                    return
                answer = ike.refusal
            spir = self.spir(entry)
        with contextlib.suppress(OSError):    # port 0, nobody's address
            endpoint.send(answer(entry, spir), (entry["src"], entry["port"]),
                          entry["dst"])

    def spir(self, entry):
        """The SPIr of an answer to a first message."""
        spii = entry["spii"]
        if self.mode == "cookie" and spii not in self.cookied:
            self.cookied.add(spii)
            return b"\0" * 8
        if spii not in self.chosen:
            self.chosen[spii] = os.urandom(8)
        return self.chosen[spii]

    def begins(self, fields):
        """An exchange is this end's: what comes under it is an answer."""
        self.started.add((fields["spii"], fields["msgid"]))

    def start(self, endpoint, data, dest, source):
        """Send a message that this end begins."""
        self.begins(ike.parse(data))
        endpoint.send(data, dest, source)


def do_responder(scene, a):
    """name=: what stands for a daemon; endpoints join it by name."""
    scene.responders[a["name"]] = Responder(a["name"], scene.log)
    return ""


def do_mode(scene, a):
    """name= mode=answer|mute|hold|cookie|refuse|ignore [peer=]: it knows
    only the peer, and answers others with NO_PROPOSAL_CHOSEN, or with
    nothing; hold: it answers when told to."""
    scene.responders[a["name"]].mode = a["mode"]
    scene.responders[a["name"]].peer = a.get("peer")
    return ""


def do_release(scene, a):
    """name=: it answers the first message that it has held back, and
    takes the others to be forged; how many there were."""
    responder = scene.responders[a["name"]]
    scene.loop.settle()
    held, responder.held = responder.held, []
    if held:
        responder.reply(*held[0])
    return "count=%d" % len(held)


def do_seen(scene, a):
    """by= spii= [timeout=]: how the last message with that SPIi was
    presented to a responder, and whether its body was intact."""
    responder = scene.responders[a["by"]]

    def find():
        return [m for m in responder.seen if m["kind"] == "ike" and
                m["spii"] == a["spii"].rjust(16, "0")]

    hits = scene.loop.until(find, patience(a))
    if not hits:
        return "count=0 presented=none"
    last = hits[-1]
    return "count=%d presented=%s:%d addr=%s port=%d size=%d intact=%d" % (
        len(hits), last["src"], last["port"], last["src"], last["port"],
        last["size"], last["intact"])
