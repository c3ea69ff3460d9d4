# SPDX-License-Identifier: GPL-2.0
"""Packets made by hand."""

import os
import socket
import struct

import ike
import wire
from arguments import number, pair


def processors():
    """Be on each processor in turn."""
    everywhere = os.sched_getaffinity(0)
    try:
        for one in everywhere:
            os.sched_setaffinity(0, {one})
            yield one
    finally:
        os.sched_setaffinity(0, everywhere)


def do_raw(scene, a):
    """ns= src= dst= [proto= sport= dport= hex= size= check=good|bad|none
    behind= cuts=a,b df=1 times= spread=1 marker=1 + the fields of an IKE
    message]: send packets made by hand, with a UDP header if there is a
    sport; behind: so many bytes behind the datagram; spread: so many from
    each processor."""
    proto = number(a.get("proto", "17"))
    if a.get("ike"):
        payload = ike.message(a)
        if int(a.get("marker", "0")):
            payload = ike.MARKER + payload
    else:
        payload = bytes.fromhex(a.get("hex", ""))
        payload += b"x" * number(a.get("size", "0"))
    if proto == 17 and "sport" in a:
        payload = wire.udp_datagram(a["src"], a["dst"], number(a["sport"]),
                                    number(a["dport"]), payload,
                                    a.get("check", "good"))
    payload += bytes(number(a.get("behind", "0")))
    cuts = [int(c) for c in a.get("cuts", "").split(",") if c]
    with wire.netns(a["ns"]):
        sock = socket.socket(socket.AF_INET, socket.SOCK_RAW,
                             socket.IPPROTO_RAW)
    with sock:
        for _ in processors() if a.get("spread") else (0,):
            for _ in range(number(a.get("times", "1"))):
                for packet in wire.ipv4_packets(
                        a["src"], a["dst"], proto, payload,
                        bool(a.get("df")), cuts):
                    sock.sendto(packet, (a.get("via", a["dst"]), 0))
    scene.loop.turn(0)
    return ""


def do_resend(scene, a):
    """name= ns= from=addr:port [times=] [flip=OFFSET] + what sniffed
    takes: send the last such UDP packet once more, from another
    endpoint; flip inverts a byte of its payload."""
    scene.loop.settle()
    own = ("name", "ns", "from", "times", "flip")
    want = {k: v for k, v in a.items() if k not in own}
    found = scene.sniffers[a["name"]].find(want)
    if not found:
        raise wire.StageError("no such packet")
    packet = found[-1]
    addr, port = pair(a["from"])
    data = bytearray(packet["data"][8:])
    if "flip" in a:
        data[number(a["flip"])] ^= 0xff
    do_raw(scene, {"ns": a["ns"], "src": addr, "dst": packet["dst"],
                   "sport": str(port), "dport": str(packet["dport"]),
                   "hex": data.hex(), "check": "none",
                   "times": a.get("times", "1")})
    return "seq=%d" % int.from_bytes(data[4:8], "big")


def do_too_big(scene, a):
    """ns= src= dst= mtu= of=addr:port to=addr:port [spi=]
    [check=good|bad]: an ICMP error from src to dst that an ESP packet in
    UDP from of to to is longer than mtu."""
    (one, sport), (other, dport) = pair(a["of"]), pair(a["to"])
    esp = struct.pack("!II", number(a.get("spi", "0xbad")), 1)
    quoted = wire.ipv4_packets(
        one, other, 17, wire.udp_datagram(one, other, sport, dport,
                                          esp + b"x" * 1400, "none"),
        df=True)[0][:20 + 8 + 8]
    head = struct.pack("!BBHHH", 3, 4, 0, 0, number(a["mtu"]))
    check = wire.checksum(head + quoted)
    if a.get("check") == "bad":
        check ^= 0x5555
    icmp = head[:2] + struct.pack("!H", check) + head[4:] + quoted
    return do_raw(scene, {"ns": a["ns"], "src": a["src"], "dst": a["dst"],
                          "proto": "1", "hex": icmp.hex()})
