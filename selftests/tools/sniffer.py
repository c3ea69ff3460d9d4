# SPDX-License-Identifier: GPL-2.0
"""What crosses a device, kept and looked through."""

import socket
import struct

import wire
from arguments import number


def parse_ipv6(data):
    """What parse_ipv4() says, of IPv6, so far as it has it, and the type of
    ICMPv6; what has extension headers other than a fragment's is not looked
    into."""
    if len(data) < 40 or data[0] >> 4 != 6:
        return None
    seen = {
        "src": socket.inet_ntop(socket.AF_INET6, data[8:24]),
        "dst": socket.inet_ntop(socket.AF_INET6, data[24:40]),
        "proto": data[6], "len": 40 + struct.unpack("!H", data[4:6])[0],
        "id": 0, "frag": 0, "sport": 0, "dport": 0, "type": 0,
    }
    payload = data[40:]
    if seen["proto"] == 44 and len(payload) >= 8:
        seen.update(frag=1, proto=payload[0])
        offset = struct.unpack("!H", payload[2:4])[0] & 0xfff8
        payload = b"" if offset else payload[8:]
    if seen["proto"] in (6, 17) and len(payload) >= 4:
        seen["sport"], seen["dport"] = struct.unpack("!HH", payload[:4])
    if seen["proto"] == 58 and payload:
        seen["type"] = payload[0]
    return seen


def transport_sum(packet):
    """The TCP or UDP checksum of a parsed packet: good, bad, none, or
    unknown, of a fragment."""
    data = packet["data"]
    if packet["frag"] or packet["proto"] not in (6, 17):
        return "unknown"
    if packet["proto"] == 17 and data[6:8] == b"\0\0":
        return "none"
    pseudo = (socket.inet_aton(packet["src"]) +
              socket.inet_aton(packet["dst"]) +
              struct.pack("!BBH", 0, packet["proto"], len(data)))
    return "bad" if wire.checksum(pseudo + data) else "good"


class Sniffer:
    """What crosses one device, kept until asked."""

    def __init__(self, loop, ns, dev, version=4):
        self.seen = []
        self.parse = parse_ipv6 if version == 6 else wire.parse_ipv4
        with wire.netns(ns):
            self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                                      socket.htons(wire.ETH_P_ALL))
            self.sock.setsockopt(socket.SOL_SOCKET, wire.SO_RCVBUFFORCE,
                                 64 << 20)
            self.sock.bind((dev, wire.ETH_P_ALL))
        self.sock.setblocking(False)
        loop.add(self.sock, self.read)

    def read(self, sock):
        """Take all that waits."""
        for _ in range(256):
            try:
                data, addr = sock.recvfrom(65536)
            except BlockingIOError:
                return
            packet = self.parse(data)
            if packet:
                packet["out"] = 1 if addr[2] == wire.PACKET_OUTGOING else 0
                self.seen.append(packet)

    def find(self, want):
        """The packets that have all the wanted properties; sum= is that
        of TCP and UDP: good, bad, none."""
        if "sum" in want:
            for packet in self.seen:
                packet.setdefault("sum", transport_sum(packet))
        def good(packet):
            return all(packet[key[:-1]] > int(value) if key.endswith(">")
                       else str(packet[key]) == value
                       for key, value in want.items())
        return [packet for packet in self.seen if good(packet)]


def do_sniff(scene, a):
    """name= ns= dev= [ip=4|6]: begin to watch a device."""
    scene.sniffers[a["name"]] = Sniffer(scene.loop, a["ns"], a["dev"],
                                        number(a.get("ip", "4")))
    return ""


def do_sniffed(scene, a):
    """name= [proto= src= dst= sport= dport= check= frag= df= len>= sum=
    type=]: how many such packets crossed it so far, and of how many ids."""
    scene.loop.settle()
    want = {k: v for k, v in a.items() if k != "name"}
    found = scene.sniffers[a["name"]].find(want)
    return "count=%d ids=%d" % (len(found),
                                len({p["id"] for p in found}))
