# SPDX-License-Identifier: GPL-2.0
"""First messages of many that never get an SA."""

import os
import random

import ike
from arguments import number, pair, patience


def do_flood(scene, a):
    """from= to= count= [ver xchg seed settle=0]: first messages with
    random SPIs, unanswered; says how many the responders saw. settle=0
    does not wait for the last of them."""
    end = scene.end(a["from"])
    before = sum(len(r.seen) for r in scene.responders.values())
    dest = pair(a["to"])
    total = number(a["count"])
    rng = random.Random(int(a.get("seed", "1")))
    version = number(a.get("ver", "1"))
    exchange = 34 if version == 2 else 2
    flags = 8 if version == 2 else 0
    for index in range(total):
        spii = rng.getrandbits(64).to_bytes(8, "big")
        message = ike.build(spii, version=version, exchange=exchange,
                            flags=flags)
        while True:
            try:
                end.send(message, dest)
                break
            except BlockingIOError:
                # the send buffer is full: packets leave meanwhile
                scene.loop.turn(0.01)
        if index % 32 == 0:
            scene.loop.turn(0)
    if a.get("settle") != "0":
        scene.loop.settle()
    seen = sum(len(r.seen) for r in scene.responders.values()) - before
    return "sent=%d seen=%d" % (total, seen)


def do_handshakes(scene, a):
    """from500= from4500= to= count=: count IKEv1 attempts that never
    get an SA: Main Mode on 500, then on 4500 with the SPIr that came
    back, as a client with a wrong PSK does. Says how many were
    answered on both."""
    done = 0
    first, later = scene.end(a["from500"]), scene.end(a["from4500"])
    addr = a["to"]
    for _ in range(number(a["count"])):
        spii = os.urandom(8)
        spir = b"\0" * 8
        for end, port in ((first, 500), (later, 4500)):
            del end.inbox[:]
            end.send(ike.build(spii, spir, size=60), (addr, port))
            hit = scene.loop.until(
                lambda e=end: [m for m in e.inbox if m["kind"] == "ike"
                               and m["spii"] == spii.hex()],
                patience(a))
            if not hit:
                break
            spir = bytes.fromhex(hit[0]["spir"])
        else:
            done += 1
    return "done=%d" % done
