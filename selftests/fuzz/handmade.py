#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Writes the corpus' messages of clients that cannot be captured here.

    handmade.py DIRECTORY

Windows XP, 2003, Vista and 7 as their captures are described: the order of the
payloads, the vendor identifiers, and what type NAT-D has. Keys, nonces and
cookies are made of the message's name, so that the files are the same each time.
"""

import hashlib
import os
import struct
import sys

SA, KE, ID, HASH, NONCE, VENDOR, NAT_D, XP_NAT_D = 1, 4, 5, 8, 10, 13, 20, 130
MAIN, AGGRESSIVE = 2, 4

# vendor identifiers, by their owners' word; most are the MD5 of a text
MS_NT5 = bytes.fromhex("1e2b516905991c7d7c96fcbfb587e461")
FRAGMENTATION = bytes.fromhex("4048b7d56ebce88525e7de7f00d6c2d3")
DRAFT_02 = hashlib.md5(b"draft-ietf-ipsec-nat-t-ike-02\n").digest()
RFC_3947 = hashlib.md5(b"RFC 3947").digest()
VID_INITIAL_CONTACT = bytes.fromhex("26244d38eddb61b3172a36e3d0cfb819")
GSSAPI = hashlib.md5(b"GSSAPI").digest() + struct.pack("!I", 1)
MS_NEGOTIATION = hashlib.md5(b"MS-Negotiation Discovery Capable").digest()
IKE_CGA = hashlib.md5(b"IKE CGA version 1").digest()


def made(name, size):
    """Bytes that only look random."""
    return hashlib.shake_128(name.encode()).digest(size)


def vendors(windows, nat_t):
    """The vendor identifiers of a first message."""
    version = {"xp": 4, "2003": 5, "vista": 6, "7": 8}[windows]
    found = [MS_NT5 + struct.pack("!I", version), FRAGMENTATION]
    if windows in ("vista", "7"):
        found += [RFC_3947]
    found += [nat_t, VID_INITIAL_CONTACT]
    if windows in ("vista", "7"):
        found += [MS_NEGOTIATION, IKE_CGA, GSSAPI]
    return [(VENDOR, v) for v in found]


def proposals(groups):
    """An SA payload: 3DES with SHA-1 and MD5 in these groups."""
    transforms = b""
    choices = [(g, h) for g in groups for h in (2, 1)]
    for n, (group, digest) in enumerate(choices):
        attributes = struct.pack("!8H", 0x8001, 5, 0x8002, digest, 0x8004,
                                 group, 0x8003, 1)
        attributes += struct.pack("!HHHHI", 0x800b, 1, 0x000c, 4, 28800)
        last = n == len(choices) - 1
        transforms += struct.pack("!BBHBBH", 0 if last else 3, 0,
                                  8 + len(attributes), n + 1, 1, 0)
        transforms += attributes
    proposal = struct.pack("!BBHBBBB", 0, 0, 8 + len(transforms), 1, 1, 0,
                           len(choices)) + transforms
    return (SA, struct.pack("!II", 1, 1) + proposal)


def message(name, exchange, payloads, answered=True):
    """A message of IKEv1 with these payloads."""
    chain = b""
    kinds = [kind for kind, _ in payloads]
    for following, (_, body) in zip(kinds[1:] + [0], payloads):
        chain += struct.pack("!BBH", following, 0, 4 + len(body)) + body
    cookies = made(name + " cookies", 16)
    if not answered:
        cookies = cookies[:8] + bytes(8)
    return cookies + struct.pack("!BBBBII", kinds[0], 0x10, exchange, 0, 0,
                                 28 + len(chain)) + chain


def exchange_of(name, group_size, kind, digest, own=1):
    """The payloads of a third or fourth message of main mode."""
    return [(KE, made(name + " key", group_size)),
            (NONCE, made(name + " nonce", 20))] + \
        [(kind, made("%s digest %d" % (name, n), digest))
         for n in range(own + 1)]


def messages():
    """All of them, by name."""
    for windows, nat_t in (("xp", DRAFT_02), ("2003", DRAFT_02),
                           ("vista", DRAFT_02), ("7", DRAFT_02)):
        name = "windows-%s-main-1" % windows
        groups = (14, 2, 1) if windows in ("xp", "2003") else (20, 19, 14, 2)
        yield name, message(name, MAIN, [proposals(groups)] +
                            vendors(windows, nat_t), False)
    for windows, size, kind, digest, own in (
            ("xp", 256, XP_NAT_D, 20, 1), ("xp-md5", 128, XP_NAT_D, 16, 1),
            ("2003", 256, XP_NAT_D, 20, 1), ("2003-homed", 128, XP_NAT_D, 20, 4),
            ("vista", 64, NAT_D, 20, 1), ("7", 64, NAT_D, 20, 1),
            ("7-sha256", 256, NAT_D, 32, 2), ("7-sha384", 96, NAT_D, 48, 1)):
        for number in (3, 4):
            name = "windows-%s-main-%d" % (windows, number)
            yield name, message(name, MAIN, exchange_of(name, size, kind,
                                                        digest, own))
    name = "aggressive-2-draft"
    yield name, message(name, AGGRESSIVE, [
        proposals((2,)), (KE, made(name + " key", 128)),
        (NONCE, made(name + " nonce", 20)),
        (ID, struct.pack("!BBH", 1, 17, 500) + bytes([192, 0, 2, 1])),
        (HASH, made(name + " hash", 20)), (VENDOR, DRAFT_02),
        (XP_NAT_D, made(name + " remote", 20)),
        (XP_NAT_D, made(name + " own", 20))])


def main():
    """A file each."""
    for name, data in messages():
        with open(os.path.join(sys.argv[1], name + ".bin"), "wb") as out:
            out.write(data)


if __name__ == "__main__":
    main()
