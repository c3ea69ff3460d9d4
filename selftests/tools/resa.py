# SPDX-License-Identifier: GPL-2.0
"""SAs as no ip(8) of today makes them: one that is there is taken out and put in
anew."""

import socket
import struct

import migrate
import netlink
import wire

XFRM_MSG_NEWSA, XFRM_MSG_DELSA, XFRM_MSG_GETSA = 0x10, 0x11, 0x12
XFRMA_SA_DIR, XFRMA_SA_PCPU = 33, 35
XFRM_SA_DIR_OUT = 2
HEADER = 16


def said(kind, payload):
    """What the kernel answers with to a question, without its header."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                       migrate.NETLINK_XFRM) as sock:
        sock.send(struct.pack("=IHHII", HEADER + len(payload), kind,
                              netlink.NLM_F_REQUEST, 1, 0) + payload)
        answer = sock.recv(65536)
    length, kind = struct.unpack_from("=IH", answer)
    if kind == netlink.NLMSG_ERROR:
        error, = struct.unpack_from("=i", answer, HEADER)
        raise OSError(-error, "no such SA")
    return bytearray(answer[HEADER:length])


def sa_id(dst, spi):
    """struct xfrm_usersa_id of an ESP SA."""
    return migrate.addr(dst) + struct.pack("!I", spi) + \
        struct.pack("=HBx", socket.AF_INET, migrate.IPPROTO_ESP)


def do_resa(_, a):
    """ns= dst= spi= pcpu=N: an outbound SA that is there serves processor N only. Says
    known=1 if the kernel knows of that."""
    which = sa_id(a["dst"], int(a["spi"], 0))
    with wire.netns(a["ns"]):
        sa = said(XFRM_MSG_GETSA, which)
        pcpu = netlink.attribute(XFRMA_SA_PCPU, struct.pack("=I", int(a["pcpu"])))
        out = netlink.attribute(XFRMA_SA_DIR, bytes([XFRM_SA_DIR_OUT]))
        netlink.must(migrate.NETLINK_XFRM, XFRM_MSG_DELSA, which)
        netlink.must(migrate.NETLINK_XFRM, XFRM_MSG_NEWSA, sa + out + pcpu,
                     netlink.NLM_F_CREATE)
        known = pcpu in said(XFRM_MSG_GETSA, which)
    return "known=%d" % known
