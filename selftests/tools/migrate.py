# SPDX-License-Identifier: GPL-2.0
"""xfrm_migrate, which ip(8) has no word for."""

import socket
import struct

import netlink
import wire

NETLINK_XFRM = 6
XFRM_MSG_MIGRATE = 0x21
XFRMA_ENCAP = 4
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


def migrate(a):
    """Move the SAs between a client and this end, one way, with their policy:
    as a daemon that speaks MOBIKE may. a has:
    ns      where
    way     in or out
    peer, to    the client's address before and after
    local   this end's
    reqid   of SAs and policy
    policy  the address that the policy has for the client; it stays
    port    UDP port of the policy on both ends; any traffic without
    mode    transport (that is the default) or tunnel
    encap   the client's new UDP port; without, as before, or from some 7.x on
            no encapsulation
    """
    inward = a["way"] == "in"
    port = int(a.get("port", "0"))

    def ends(peer):
        return (a["local"], peer) if inward else (peer, a["local"])

    policy = selector(*ends(a["policy"]), socket.IPPROTO_UDP if port else 0,
                      port, port) + \
        struct.pack("=IBxxx", 0, 0 if inward else 1)
    move = b"".join(map(addr, ends(a["peer"]) + ends(a["to"]))) + \
        struct.pack("=BBHIHH", IPPROTO_ESP, a.get("mode") == "tunnel", 0,
                    int(a["reqid"]), socket.AF_INET, socket.AF_INET)
    attributes = netlink.attribute(XFRMA_MIGRATE, move)
    if "encap" in a:
        ports = (int(a["encap"]), 4500) if inward else (4500, int(a["encap"]))
        attributes += netlink.attribute(XFRMA_ENCAP, struct.pack(
            "=H", wire.UDP_ENCAP_ESPINUDP) + struct.pack("!HHxx16x", *ports))
    with wire.netns(a["ns"]):
        netlink.must(NETLINK_XFRM, XFRM_MSG_MIGRATE, policy + attributes)


def do_migrate(_, a):
    """ns= way=in|out peer= to= local= reqid= policy= [port= mode=
    encap=]: xfrm_migrate, see migrate()."""
    migrate(a)
    return ""
