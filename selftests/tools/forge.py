#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Sends an IKE message in others' names.

    forge.py NETNS SERVER:PORT WORD... -- ADDR:PORT...

From each of these endpoints one comes to the server's port, whoever has them. The
words are stage.py's of a message: spii=, spir=, ver=, xchg=, msgid=, flags=, size=.
"""

import socket
import sys

import ike
import wire
from arguments import pair

NAT_PORT = 4500


def main():
    where, server, *rest = sys.argv[1:]
    split = rest.index("--")
    words = dict(word.split("=", 1) for word in rest[:split])
    to, port = pair(server)
    marker = ike.MARKER if port == NAT_PORT else b""
    with wire.netns(where):
        mouth = socket.socket(socket.AF_INET, socket.SOCK_RAW,
                              socket.IPPROTO_RAW)
    for source in rest[split + 1:]:
        addr, sport = pair(source)
        forged = wire.udp_datagram(addr, to, sport, port,
                                   marker + ike.message(words))
        for part in wire.ipv4_packets(addr, to, socket.IPPROTO_UDP, forged):
            mouth.sendto(part, (to, 0))


if __name__ == "__main__":
    main()
