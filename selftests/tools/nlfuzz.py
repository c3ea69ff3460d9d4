#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Send the esp_nat family messages that nobody means well.

    nlfuzz.py NETNS COUNT [SEED]

In that network namespace: valid requests, and such with bits changed, lengths
that lie, attributes cut off, nested too deep, doubled or of another set. Prints
how many were taken and how many refused; nothing else is judged here: the
kernel is to live on, and to forget what it refused.
"""

import random
import socket
import struct
import sys

import netlink
import wire

NETLINK_GENERIC = 16
GENL_ID_CTRL = 16
CTRL_CMD_GETFAMILY = 3
CTRL_ATTR_FAMILY_ID = 1
CTRL_ATTR_FAMILY_NAME = 2
NESTED = 0x8000
DUMP = 0x300
COMMANDS = 14
MSG = {"id": 2, "presented": 3, "actual": 4, "spi": 5, "ctx": 6}
ACTUAL, PRESENTED, HOME, LOCAL = 3, 4, 5, 6
ALIASED, SPII, IKE_SA = 8, 16, 18


def family():
    """The number of the family esp_nat."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                       NETLINK_GENERIC) as sock:
        body = struct.pack("=BBxx", CTRL_CMD_GETFAMILY, 1) + \
            netlink.attribute(CTRL_ATTR_FAMILY_NAME, b"esp_nat\0")
        sock.send(struct.pack("=IHHII", 16 + len(body), GENL_ID_CTRL, 1, 1, 0) +
                  body)
        answer = sock.recv(65536)
    at = 20
    while at + 4 <= len(answer):
        size, kind = struct.unpack_from("=HH", answer, at)
        if kind == CTRL_ATTR_FAMILY_ID:
            return struct.unpack_from("=H", answer, at + 4)[0]
        if size < 4:
            break
        at += (size + 3) & ~3
    raise OSError("no family esp_nat")


class Fuzz:
    """Requests, ever new, the same for the same seed."""

    def __init__(self, seed):
        self.dice = random.Random(seed)

    def bytes(self, most):
        """So many bytes at most."""
        return self.dice.randbytes(self.dice.randint(0, most))

    def address(self):
        """An IPv4 address, of the default pool as often as not."""
        if self.dice.random() < 0.5:
            return bytes((198, 18, 0, self.dice.randint(0, 255)))
        return bytes((192, 0, 2, self.dice.randint(0, 255)))

    def endpoint(self, kind, port=True):
        """A nest of an endpoint, most often a good one."""
        body = netlink.attribute(1, self.address())
        if self.dice.random() < 0.1:
            body += netlink.attribute(2, self.bytes(20))
        if port and self.dice.random() < 0.8:
            body += netlink.attribute(3, self.dice.randbytes(2))
        return netlink.attribute(kind | NESTED, body)

    def ike_sa(self):
        """A nest of an IKE SA."""
        return netlink.attribute(
            IKE_SA | NESTED, netlink.attribute(2, self.dice.randbytes(8)) +
            netlink.attribute(3, self.dice.randbytes(8)))

    def context(self):
        """A nest of a context to be imported."""
        body = self.endpoint(ACTUAL) + self.endpoint(PRESENTED) + \
            self.endpoint(HOME, False) + \
            netlink.attribute(SPII, self.dice.randbytes(8))
        if self.dice.random() < 0.7:
            body += netlink.attribute(ALIASED, b"")
        for _ in range(self.dice.choice((0, 1, 2, 17))):
            body += self.ike_sa()
        return netlink.attribute(MSG["ctx"] | NESTED, body)

    def attributes(self):
        """What a request may have, more or less."""
        makers = (
            lambda: netlink.attribute(MSG["id"], struct.pack(
                "=Q", self.dice.randint(0, 20))),
            lambda: self.endpoint(MSG["presented"]),
            lambda: self.endpoint(MSG["actual"]),
            lambda: netlink.attribute(MSG["spi"], self.dice.randbytes(4)),
            self.context,
            lambda: netlink.attribute(self.dice.randint(0, 40), self.bytes(40)),
        )
        return b"".join(self.dice.choice(makers)()
                        for _ in range(self.dice.randint(0, 4)))

    def spoil(self, data):
        """A message with something wrong in it, or cut off."""
        data = bytearray(data)
        for _ in range(self.dice.randint(0, 3)):
            if data:
                data[self.dice.randrange(len(data))] ^= \
                    1 << self.dice.randrange(8)
        if data and self.dice.random() < 0.2:
            del data[self.dice.randrange(len(data)):]
        return bytes(data)

    def message(self, kind):
        """One whole message."""
        body = struct.pack("=BBxx", self.dice.randrange(COMMANDS), 1) + \
            self.attributes()
        if self.dice.random() < 0.5:
            body = body[:4] + self.spoil(body[4:])
        flags = 1 | self.dice.choice((0, 4, 4, DUMP, DUMP | 4))
        return struct.pack("=IHHII", 16 + len(body), kind, flags, 1, 0) + body


def errors(answer):
    """The error numbers in an answer."""
    at = 0
    while at + 16 <= len(answer):
        size, kind = struct.unpack_from("=IH", answer, at)
        if size < 16:
            return
        if kind == netlink.NLMSG_ERROR:
            yield -struct.unpack_from("=i", answer, at + 16)[0]
        at += (size + 3) & ~3


def main(name, count, seed=1):
    """Fuzz; the answers are read so that no queue fills."""
    fuzz = Fuzz(int(seed))
    taken = refused = 0
    with wire.netns(name), socket.socket(
            socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC) as sock:
        kind = family()
        for _ in range(int(count)):
            sock.send(fuzz.message(kind))
            while True:
                try:
                    answer = sock.recv(1 << 18, socket.MSG_DONTWAIT)
                except BlockingIOError:
                    break
                except OSError:
                    continue    # the queue was full
                for error in errors(answer):
                    refused += error != 0
                    taken += error == 0
    print(f"taken={taken} refused={refused}")


if __name__ == "__main__":
    main(*sys.argv[1:])
