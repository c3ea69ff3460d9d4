# SPDX-License-Identifier: GPL-2.0
"""IKE exchanges: a message, how it was presented, and its answer."""

import ike
from arguments import pair, patience


def source(entry):
    """Where a message appeared to come from; nobody's is none."""
    return "%s:%d" % (entry["src"], entry["port"]) if entry else "none"


def do_exchange(scene, a):
    """As send, then wait for the answer. Says where it appeared to
    come from: presented=addr:port (none when nobody saw it),
    answered=1 when the answer reached the sender, its spir, from=."""
    end = scene.end(a["from"])
    data = ike.message(a)
    fields = ike.parse(data)
    asked = [r for n, r in scene.responders.items() if a.get("at", n) == n]
    marks = [len(r.seen) for r in asked]
    del end.inbox[:]
    if end.responder:
        end.responder.begins(fields)
    end.send(data, pair(a["to"]), a.get("src"))
    got = scene.loop.until(lambda: ike.find(end.inbox, fields), patience(a))
    seen = ike.find((entry for r, mark in zip(asked, marks)
                     for entry in r.seen[mark:]), fields)
    out = "answered=%d presented=%s spii=%s" % (bool(got), source(seen),
                                                fields["spii"])
    if seen:
        out += " addr=%s port=%d at=%s" % (seen["src"], seen["port"],
                                           seen["at"])
    if got:
        out += " spir=%s from=%s" % (got["spir"], source(got))
    return out


def do_start(scene, a):
    """by=RESPONDER from=ENDPOINT to= want=ENDPOINT [timeout] ...: the
    responder begins an exchange; waits until it arrives at want, has
    that answer, and says how the answer was presented. own=, remote=,
    hash= and natd= are the answer's."""
    responder = scene.responders[a["by"]]
    end, want = scene.end(a["from"]), scene.end(a["want"])
    claims = {n: a.pop(n) for n in ("own", "remote", "hash", "natd")
              if n in a}
    data = ike.message(a)
    fields = ike.parse(data)
    mark = len(responder.seen)
    del want.inbox[:]
    responder.start(end, data, pair(a["to"]), a.get("src"))
    timeout = patience(a)
    got = scene.loop.until(lambda: ike.find(want.inbox, fields), timeout)
    if not got:
        return "arrived=0 presented=none"
    spir = bytes.fromhex(got["spir"])
    if not any(spir):
        spir = ike.spi(a.get("rspi", "random"))
    payloads = ike.claims(claims, bytes.fromhex(got["spii"]), spir,
                          got["version"])
    want.send(ike.answer(got, spir, payloads), (got["src"], got["port"]))
    seen = scene.loop.until(
        lambda: ike.find(responder.seen[mark:], fields), timeout)
    out = "arrived=1 from=%s spii=%s spir=%s presented=%s" % (
        source(got), got["spii"], spir.hex(), source(seen))
    if seen:
        out += " addr=%s port=%d" % (seen["src"], seen["port"])
    return out
