# SPDX-License-Identifier: GPL-2.0
"""xfrm_migrate, which ip(8) has no word for."""

import socket
import struct

import netlink
import wire

NETLINK_XFRM = 6
XFRM_MSG_MIGRATE = 0x21
XFRMA_MIGRATE = 17
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


def migrate(netns, inward, policy_peer, peer, local, newpeer, reqid, port):
    """Move the transport SAs between peer and local, one way, to newpeer, with
    the policy between policy_peer and local, UDP of that port on both ends:
    as a daemon that speaks MOBIKE may. The policy's selector stays."""
    daddr, saddr = (local, peer) if inward else (peer, local)
    new_daddr, new_saddr = (local, newpeer) if inward else (newpeer, local)
    sel = (local, policy_peer) if inward else (policy_peer, local)
    policy = selector(*sel, socket.IPPROTO_UDP, port, port) + \
        struct.pack("=IBxxx", 0, 0 if inward else 1)
    addresses = addr(daddr) + addr(saddr) + addr(new_daddr) + addr(new_saddr) + \
        struct.pack("=BBHIHH", IPPROTO_ESP, 0, 0, reqid,
                    socket.AF_INET, socket.AF_INET)
    with wire.netns(netns):
        netlink.must(NETLINK_XFRM, XFRM_MSG_MIGRATE, policy +
                     netlink.attribute(XFRMA_MIGRATE, addresses))
