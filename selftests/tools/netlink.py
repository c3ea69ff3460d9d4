# SPDX-License-Identifier: GPL-2.0
"""One netlink request and its acknowledgement."""

import os
import socket
import struct

NLM_F_REQUEST, NLM_F_ACK = 1, 4
NLM_F_CREATE = 0x400
NLMSG_ERROR = 2


def attribute(kind, data):
    """An attribute, padded."""
    return struct.pack("=HH", 4 + len(data), kind) + data + \
        b"\0" * (-len(data) % 4)


def request(family, kind, payload, flags=0):
    """Ask the network namespace that we are in; its errno, 0 is good."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, family) as sock:
        sock.send(struct.pack("=IHHII", 16 + len(payload), kind,
                              NLM_F_REQUEST | NLM_F_ACK | flags, 1, 0) +
                  payload)
        answer = sock.recv(65536)
    kind, = struct.unpack_from("=H", answer, 4)
    error, = struct.unpack_from("=i", answer, 16)
    return -error if kind == NLMSG_ERROR else 0


def must(*args, **kwargs):
    """As request; an error is raised."""
    error = request(*args, **kwargs)
    if error:
        raise OSError(error, os.strerror(error))
