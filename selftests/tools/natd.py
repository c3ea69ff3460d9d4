# SPDX-License-Identifier: GPL-2.0
"""The NAT detection payloads of RFC 3947 and RFC 7296."""

import hashlib
import socket
import struct

VENDOR = {1: 13, 2: 43}
NOTIFY = 41
SOURCE_IP, DESTINATION_IP = 16388, 16389


def digest(spii, spir, end, name):
    """HASH(SPIi | SPIr | IP | port) of end=addr:port; `wrong` is nobody's."""
    if end == "wrong":
        end = "255.255.255.255:0"
    addr, _, port = end.partition(":")
    return hashlib.new(name, spii + spir + socket.inet_aton(addr) +
                       struct.pack("!H", int(port))).digest()


def payloads(spii, spir, version, own, remote, name, kind):
    """NAT detection payloads, behind one of a vendor: own addresses and the
    remote end's, each a list of addr:port; an empty one is not sent."""
    found = [(VENDOR[version], b"esp_nat selftest")]
    if version == 1:
        for end in remote + own:
            found.append((kind, digest(spii, spir, end, name)))
        return found
    for what, ends in ((SOURCE_IP, own), (DESTINATION_IP, remote)):
        for end in ends:
            found.append((NOTIFY, struct.pack("!BBH", 0, 0, what) +
                          digest(spii, spir, end, name)))
    return found
