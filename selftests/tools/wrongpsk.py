#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""IKEv1 main mode with a wrong password, again and again (RFC 2409 5.4).

    wrongpsk.py SERVER COUNT

Every handshake has cookies of its own, goes through the real key exchange with
the server, floats to port 4500, and fails there as it does when the password
is wrong: the server cannot decrypt the fifth message. Succeeds if the server
took part in all of them as far as its key exchange payload.
"""

import os
import select
import socket
import struct
import sys
import time

MAIN_MODE, ENCRYPTED = 2, 1
SA, KE, ID, NONCE, VID, NAT_D = 1, 4, 5, 10, 13, 20
NAT_T = bytes.fromhex("4a131c81070358455c5728f20e95452f")
# The generator of the 256-bit curve: a public value that the server accepts.
POINT = bytes.fromhex(
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
# AES-CBC, 128 bits, SHA2-256, pre-shared key, group 19, an hour.
ATTRIBUTES = struct.pack("!14H", 0x8001, 7, 0x800E, 128, 0x8002, 4, 0x8003, 1,
                         0x8004, 19, 0x800B, 1, 0x800C, 3600)


def payloads(*items):
    """The first payload's type, and the chain of (type, body)."""
    kinds = [kind for kind, _ in items[1:]] + [0]
    return items[0][0], b"".join(
        struct.pack("!BBH", following, 0, 4 + len(body)) + body
        for following, (_, body) in zip(kinds, items))


def message(spii, spir, first, body, flags=0):
    return spii + spir + struct.pack("!BBBBII", first, 0x10, MAIN_MODE, flags,
                                     0, 28 + len(body)) + body


def offer():
    transform = struct.pack("!BBHBBH", 0, 0, 8 + len(ATTRIBUTES), 1, 1, 0)
    transform += ATTRIBUTES
    proposal = struct.pack("!BBHBBBB", 0, 0, 8 + len(transform), 1, 1, 0, 1)
    return struct.pack("!II", 1, 1) + proposal + transform


class Handshake:
    def __init__(self, server, ike, natt):
        self.server, self.ike, self.natt = server, ike, natt
        self.spii, self.spir = os.urandom(8), bytes(8)
        self.begin = message(self.spii, self.spir,
                             *payloads((SA, offer()), (VID, NAT_T)))
        self.last, self.done = self.begin, False
        self.resend()

    def resend(self):
        self.ike.sendto(self.last, (self.server, 500))

    def answer(self, packet):
        kind = packet[16]
        if packet[18] != MAIN_MODE or self.done:
            return
        if kind == SA and self.last is self.begin:
            self.spir = packet[8:16]
            self.last = message(self.spii, self.spir, *payloads(
                (KE, POINT), (NONCE, os.urandom(16)),
                (NAT_D, os.urandom(32)), (NAT_D, os.urandom(32))))
            self.resend()
        elif kind == KE:
            garbage = message(self.spii, self.spir, ID, os.urandom(80), ENCRYPTED)
            self.natt.sendto(bytes(4) + garbage, (self.server, 4500))
            self.done = True


def bound(port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("", port))
    return sock


def main():
    server, count = sys.argv[1], int(sys.argv[2])
    ike, natt = bound(500), bound(4500)
    live, done, started = {}, 0, 0
    end, again = time.monotonic() + 600, time.monotonic() + 3
    while done < count and time.monotonic() < end:
        while started < count and len(live) < 10:
            handshake = Handshake(server, ike, natt)
            live[handshake.spii] = handshake
            started += 1
        for sock in select.select([ike, natt], [], [], 1)[0]:
            packet = sock.recv(4096)
            handshake = live.get(packet[:8])
            if sock is ike and len(packet) > 28 and handshake:
                handshake.answer(packet)
                if handshake.done:
                    done += 1
                    del live[handshake.spii]
        if time.monotonic() > again:
            for handshake in live.values():
                handshake.resend()
            again = time.monotonic() + 3
    print(f"{done} of {count} handshakes got as far as the password")
    return done != count


if __name__ == "__main__":
    sys.exit(main())
