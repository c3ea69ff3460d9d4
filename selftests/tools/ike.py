# SPDX-License-Identifier: GPL-2.0
"""IKE messages, of which no more is known than the fixed header."""

import os
import struct

from arguments import number

HEADER = struct.Struct("!8s8sBBBBII")
MARKER = b"\0\0\0\0"
BODY = b"\xa5"
FLAG_ENCRYPTED = 0x01   # IKEv1
FLAG_INITIATOR = 0x08
FLAG_RESPONSE = 0x20
MAIN_MODE = 2
QUICK_MODE = 32


def spi(text):
    """An SPI out of hexadecimal digits, `0`, or `random`."""
    if text == "random":
        return os.urandom(8)
    return int(text, 16).to_bytes(8, "big")


def build(spii, spir=b"\0" * 8, version=1, exchange=MAIN_MODE, flags=0,
          msgid=0, size=28, length=None, payloads=()):
    """A message of size bytes; length is what its header claims. Payloads,
    (type, body) each, take the place of a body that means nothing."""
    kinds = [kind for kind, _ in payloads] + [0]
    body = b"".join(struct.pack("!BBH", following, 0, 4 + len(data)) + data
                    for following, (_, data) in zip(kinds[1:], payloads))
    size = max(size, HEADER.size + len(body)) if body else size
    if length is None:
        length = size
    head = HEADER.pack(spii, spir, kinds[0], version << 4, exchange, flags,
                       msgid, length)
    return (head + body + BODY * max(0, size - len(head) - len(body)))[:size]


def parse(data):
    """The header's fields, or None when there is no whole header."""
    if len(data) < HEADER.size:
        return None
    spii, spir, _, version, exchange, flags, msgid, length = \
        HEADER.unpack_from(data)
    return {"spii": spii.hex(), "spir": spir.hex(), "version": version >> 4,
            "exchange": exchange, "flags": flags, "msgid": msgid,
            "length": length, "size": len(data)}


def answer(fields, spir, payloads=()):
    """The answer to a message with these fields, from whom has that SPIr."""
    flags = fields["flags"] & FLAG_ENCRYPTED
    if payloads:
        flags = 0
    if fields["version"] == 2:
        flags = FLAG_RESPONSE
        if not fields["flags"] & FLAG_INITIATOR:
            flags |= FLAG_INITIATOR
    return build(bytes.fromhex(fields["spii"]), spir, fields["version"],
                 fields["exchange"], flags, fields["msgid"], 60, None,
                 payloads)


def refusal(fields, spir):
    """NO_PROPOSAL_CHOSEN, as who does not know the peer answers."""
    if fields["version"] == 2:
        return answer(fields, spir, [(41, struct.pack("!BBH", 0, 0, 14))])
    return answer(dict(fields, exchange=5), spir,
                  [(11, struct.pack("!IBBH", 1, 1, 0, 14))])


def find(entries, fields):
    """The first of what was taken that has the SPIi and the message ID of
    these fields; None when there is none."""
    for entry in entries:
        if entry["kind"] == "ike" and entry["spii"] == fields["spii"] and \
                entry["msgid"] == fields["msgid"]:
            return entry
    return None


def claims(a, spii, spir, version):
    """Its NAT detection payloads: own= and remote=, lists of addr:port
    (or `wrong`), hash= and natd= (20 or 130)."""
    if "own" not in a and "remote" not in a:
        return ()
    import natd    # its digests take long to load
    own, remote = ([end for end in a.get(side, "").split(",") if end]
                   for side in ("own", "remote"))
    return natd.payloads(spii, spir, version, own, remote,
                         a.get("hash", "sha1"), number(a.get("natd", "20")))


def usual_flags(version, exchange, spir, payloads):
    """Of an initiator's message: in IKEv1, what names an SPIr and has no
    payloads to be read is taken to be encrypted."""
    if version == 2:
        return FLAG_INITIATOR
    return FLAG_ENCRYPTED if any(spir) and not payloads and \
        exchange in (MAIN_MODE, QUICK_MODE) else 0


def message(a):
    """The message that a command's arguments describe."""
    version = number(a.get("ver", "1"))
    spii = spi(a.get("spii", "random"))
    spir = spi(a.get("spir", "0"))
    exchange = number(a.get("xchg", "34" if version == 2 else "2"))
    payloads = claims(a, spii, spir, version)
    flags = number(a["flags"]) if "flags" in a else \
        usual_flags(version, exchange, spir, payloads)
    length = a.get("length")
    return build(spii, spir, version, exchange, flags,
                 number(a.get("msgid", "0")), number(a.get("size", "60")),
                 number(length) if length else None, payloads)
