# SPDX-License-Identifier: GPL-2.0
"""IP-TFS (RFC 9347), which no ip(8) of today has a word for: what is in tunnel mode is
put in anew."""

import errno
import socket
import struct

import migrate
import netlink
import resa
import wire

XFRM_MSG_GETPOLICY, XFRM_MSG_UPDPOLICY = 0x15, 0x19
NLM_F_DUMP = 0x300
NLMSG_DONE = 3
XFRM_SA_DIR_IN = 1
XFRM_MODE_TUNNEL, XFRM_MODE_IPTFS = 1, 5
# Where these are in struct xfrm_usersa_info.
SA_ID, SA_SOURCE, SA_MODE = 56, 80, 214
# In struct xfrm_userpolicy_info, and in each struct xfrm_user_tmpl.
POLICY_BYTES = 168
XFRMA_TMPL = 5
TMPL_MODE, TMPL_BYTES = 48, 64


def dumped(kind):
    """The payloads of all that there are."""
    payloads = []
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                       migrate.NETLINK_XFRM) as sock:
        sock.send(struct.pack("=IHHII", resa.HEADER, kind,
                              netlink.NLM_F_REQUEST | NLM_F_DUMP, 1, 0))
        while True:
            answer = sock.recv(1 << 20)
            while answer:
                length, what = struct.unpack_from("=IH", answer)
                if what == NLMSG_DONE:
                    return payloads
                payloads.append(bytearray(answer[resa.HEADER:length]))
                answer = answer[(length + 3) & ~3:]


def attributes(payload, start):
    """(kind, offset of its data, length of that) of each attribute."""
    while start + 4 <= len(payload):
        length, kind = struct.unpack_from("=HH", payload, start)
        yield kind, start + 4, length - 4
        start += (length + 3) & ~3


def change_sa(sa, local):
    """One SA; local is this end's address."""
    if sa[SA_MODE] != XFRM_MODE_TUNNEL:
        return 0
    out = bytes(sa[SA_SOURCE:SA_SOURCE + 4]) == socket.inet_aton(local)
    way = resa.XFRM_SA_DIR_OUT if out else XFRM_SA_DIR_IN
    spi, = struct.unpack_from("!I", sa, SA_ID + 16)
    gone = resa.sa_id(socket.inet_ntoa(bytes(sa[SA_ID:SA_ID + 4])), spi)
    sa[SA_MODE] = XFRM_MODE_IPTFS
    netlink.must(migrate.NETLINK_XFRM, resa.XFRM_MSG_DELSA, gone)
    netlink.must(migrate.NETLINK_XFRM, resa.XFRM_MSG_NEWSA,
                 sa + netlink.attribute(resa.XFRMA_SA_DIR, bytes([way])),
                 netlink.NLM_F_CREATE)
    return 1


def change_policy(policy):
    """One policy; a socket's has no template."""
    changed = False
    for kind, at, length in attributes(policy, POLICY_BYTES):
        if kind == XFRMA_TMPL:
            for tmpl in range(at, at + length, TMPL_BYTES):
                if policy[tmpl + TMPL_MODE] == XFRM_MODE_TUNNEL:
                    policy[tmpl + TMPL_MODE] = XFRM_MODE_IPTFS
                    changed = True
    if changed:
        netlink.must(migrate.NETLINK_XFRM, XFRM_MSG_UPDPOLICY, policy)


def do_iptfs(_, a):
    """ns= local=ADDRESS: what is in tunnel mode there, is in IP-TFS mode; local is this
    end's address. Says known=0 if the kernel knows no such mode, and n= SAs."""
    changed = 0
    with wire.netns(a["ns"]):
        try:
            for sa in dumped(resa.XFRM_MSG_GETSA):
                changed += change_sa(sa, a["local"])
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.EPROTONOSUPPORT):
                raise
            return "known=0 n=0"
        for policy in dumped(XFRM_MSG_GETPOLICY):
            change_policy(policy)
    return "known=1 n=%d" % changed
