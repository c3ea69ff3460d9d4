#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""xfrm_migrate, which ip(8) has no word for.

    migrate.py NETNS in|out PEER LOCAL NEWPEER REQID PROTO SPORT DPORT

Moves the transport SAs and the policy (udp, these ports) between PEER and
LOCAL to NEWPEER, as a daemon that speaks MOBIKE may.
"""

import os
import socket
import struct
import sys

import wire

NETLINK_XFRM = 6
XFRM_MSG_MIGRATE = 0x21
XFRMA_MIGRATE = 17
NLM_F_REQUEST, NLM_F_ACK = 1, 4
IPPROTO_ESP = 50


def addr(text):
    """An IPv4 address as xfrm_address_t."""
    return socket.inet_aton(text) + bytes(12)


def selector(daddr, saddr, proto, sport, dport):
    """struct xfrm_selector."""
    return (addr(daddr) + addr(saddr) +
            struct.pack("!HHHH", dport, 0xffff if dport else 0,
                        sport, 0xffff if sport else 0) +
            struct.pack("=HBBBxxxiI", socket.AF_INET, 32, 32, proto, 0, 0))


def main(netns, way, peer, local, newpeer, reqid, proto, sport, dport):
    """Send it and wait for the answer."""
    inward = way == "in"
    daddr, saddr = (local, peer) if inward else (peer, local)
    new_daddr, new_saddr = (local, newpeer) if inward else (newpeer, local)
    policy = selector(daddr, saddr, int(proto), int(sport), int(dport)) + \
        struct.pack("=IBxxx", 0, 0 if inward else 1)
    migrate = addr(daddr) + addr(saddr) + addr(new_daddr) + addr(new_saddr) + \
        struct.pack("=BBHIHH", IPPROTO_ESP, 0, 0, int(reqid),
                    socket.AF_INET, socket.AF_INET)
    attribute = struct.pack("=HH", 4 + len(migrate), XFRMA_MIGRATE) + migrate
    length = 16 + len(policy) + len(attribute)
    with wire.netns(netns), socket.socket(
            socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_XFRM) as sock:
        sock.send(struct.pack("=IHHII", length, XFRM_MSG_MIGRATE,
                              NLM_F_REQUEST | NLM_F_ACK, 1, 0) +
                  policy + attribute)
        answer = sock.recv(65536)
    error, = struct.unpack_from("=i", answer, 16)
    if error:
        sys.exit("migrate.py: " + os.strerror(-error))


if __name__ == "__main__":
    if len(sys.argv) != 10:
        sys.exit(__doc__)
    main(*sys.argv[1:])
