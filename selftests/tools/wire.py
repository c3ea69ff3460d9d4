# SPDX-License-Identifier: GPL-2.0
"""Sockets in other network namespaces, raw packets.

Nothing here knows about IKE.
"""

import ctypes
import os
import socket
import struct
from contextlib import contextmanager

CLONE_NEWNET = 0x40000000
UDP_ENCAP_ESPINUDP = 2
ETH_P_ALL = 3
PACKET_OUTGOING = 4
SO_RCVBUFFORCE = 33
SO_BINDTODEVICE = 25

libc = ctypes.CDLL(None, use_errno=True)


class StageError(Exception):
    """What the shell reads after `err`."""


@contextmanager
def netns(name):
    """Run the body in the named network namespace ("" is our own)."""
    if not name:
        yield
        return
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    try:
        there = os.open("/run/netns/" + name, os.O_RDONLY)
        try:
            if libc.setns(there, CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns " + name)
        finally:
            os.close(there)
        try:
            yield
        finally:
            if libc.setns(home, CLONE_NEWNET):
                os._exit(99)
    finally:
        os.close(home)


def checksum(data):
    """The Internet checksum of RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def udp_datagram(src, dst, sport, dport, payload, check="good"):
    """A UDP header with its payload; check is good, bad or none."""
    length = 8 + len(payload)
    head = struct.pack("!HHHH", sport, dport, length, 0)
    if check == "none":
        return head + payload
    pseudo = (socket.inet_aton(src) + socket.inet_aton(dst) +
              struct.pack("!BBH", 0, socket.IPPROTO_UDP, length))
    value = checksum(pseudo + head + payload) or 0xffff
    if check == "bad":
        value ^= 0x5555
        value = value or 0x5555
    return head[:6] + struct.pack("!H", value) + payload


def ipv4_packets(src, dst, proto, payload, df=False, cuts=(), ident=None):
    """IPv4 packets that carry payload, cut at the given offsets."""
    if ident is None:
        ident = int.from_bytes(os.urandom(2), "big") or 1
    edges = [0, *cuts, len(payload)]
    out = []
    for begin, end in zip(edges, edges[1:]):
        if begin % 8:
            raise StageError("fragments begin at multiples of 8")
        word = begin // 8
        if end != len(payload):
            word |= 0x2000
        if df:
            word |= 0x4000
        part = payload[begin:end]
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(part), ident,
                           word, 64, proto, 0, socket.inet_aton(src),
                           socket.inet_aton(dst))
        head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
        out.append(head + part)
    return out


def parse_ipv4(data):
    """What a capture keeps of a packet, or None for what is not IPv4."""
    if len(data) < 20 or data[0] >> 4 != 4:
        return None
    ihl = (data[0] & 15) * 4
    offset = struct.unpack("!H", data[6:8])[0]
    seen = {
        "src": socket.inet_ntoa(data[12:16]),
        "dst": socket.inet_ntoa(data[16:20]),
        "proto": data[9],
        "len": struct.unpack("!H", data[2:4])[0],
        "id": struct.unpack("!H", data[4:6])[0],
        "df": offset >> 14 & 1,
        "frag": 1 if offset & 0x3fff else 0,
        "sport": 0,
        "dport": 0,
        "check": 0,
        "data": data[ihl:struct.unpack("!H", data[2:4])[0]],
    }
    if seen["proto"] in (6, 17) and not offset & 0x1fff:
        if len(data) >= ihl + 4:
            seen["sport"], seen["dport"] = struct.unpack(
                "!HH", data[ihl:ihl + 4])
        if seen["proto"] == 17 and len(data) >= ihl + 8:
            seen["check"] = struct.unpack("!H", data[ihl + 6:ihl + 8])[0]
    return seen
