# SPDX-License-Identifier: GPL-2.0
"""An IKE speaker that knows no more of IKE than its fixed header.

Endpoint is one UDP socket that sends and takes IKE messages. A Responder
is a set of endpoints that stands for the daemon: it answers what is asked,
writes down what was presented to it, and can start exchanges of its own.
"""

import hashlib
import json
import os
import socket
import struct

import wire

HEADER = struct.Struct("!8s8sBBBBII")
MARKER = b"\0\0\0\0"
BODY = b"\xa5"
FLAG_INITIATOR = 0x08
FLAG_RESPONSE = 0x20
MAIN_MODE, AGGRESSIVE, INFORMATIONAL1, QUICK_MODE = 2, 4, 5, 32
VENDOR = {1: 13, 2: 43}
NAT_D, NOTIFY = 20, 41
SOURCE_IP, DESTINATION_IP = 16388, 16389
IKE_SA_INIT, IKE_AUTH, CREATE_CHILD_SA, INFORMATIONAL2 = 34, 35, 36, 37


def spi(text):
    """An SPI out of hexadecimal digits, `0`, or `random`."""
    if text == "random":
        return os.urandom(8)
    return int(text, 16).to_bytes(8, "big")


def build(spii, spir=b"\0" * 8, version=1, exchange=MAIN_MODE, flags=0,
          msgid=0, size=28, length=None, payloads=()):
    """A message of size bytes; length is what its header claims. Payloads,
    (type, body) each, take the place of a body that means nothing."""
    kinds = [kind for kind, _ in payloads] + [0]
    body = b"".join(struct.pack("!BBH", following, 0, 4 + len(data)) + data
                    for following, (_, data) in zip(kinds[1:], payloads))
    size = max(size, HEADER.size + len(body)) if body else size
    if length is None:
        length = size
    head = HEADER.pack(spii, spir, kinds[0], version << 4, exchange, flags,
                       msgid, length)
    return (head + body + BODY * max(0, size - len(head) - len(body)))[:size]


def digest(spii, spir, end, name):
    """HASH(SPIi | SPIr | IP | port) of end=addr:port; `wrong` is nobody's."""
    if end == "wrong":
        end = "255.255.255.255:0"
    addr, _, port = end.partition(":")
    return hashlib.new(name, spii + spir + socket.inet_aton(addr) +
                       struct.pack("!H", int(port))).digest()


def nat_detection(spii, spir, version, own, remote, name="sha1", kind=NAT_D):
    """NAT detection payloads, behind one of a vendor: own addresses and the
    remote end's, each a list of addr:port; an empty one is not sent."""
    found = [(VENDOR[version], b"esp_nat selftest")]
    if version == 1:
        for end in remote + own:
            found.append((kind, digest(spii, spir, end, name)))
        return found
    for what, ends in ((SOURCE_IP, own), (DESTINATION_IP, remote)):
        for end in ends:
            found.append((NOTIFY, struct.pack("!BBH", 0, 0, what) +
                          digest(spii, spir, end, name)))
    return found


def parse(data):
    """The header's fields, or None when there is no whole header."""
    if len(data) < HEADER.size:
        return None
    spii, spir, _, version, exchange, flags, msgid, length = \
        HEADER.unpack_from(data)
    return {"spii": spii.hex(), "spir": spir.hex(), "version": version >> 4,
            "exchange": exchange, "flags": flags, "msgid": msgid,
            "length": length, "size": len(data)}


class Endpoint:
    """One UDP socket that speaks IKE, with or without the marker."""

    def __init__(self, loop, name, ns, addr, port, options):
        self.loop = loop
        self.name = name
        self.marker = bool(int(options.get("marker", port != 500)))
        self.inbox = []
        self.responder = None
        ipv6 = ":" in addr
        with wire.netns(ns):
            sock = socket.socket(socket.AF_INET6 if ipv6 else socket.AF_INET,
                                 socket.SOCK_DGRAM)
        self.sock = sock
        try:
            if options.get("reuse"):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if options.get("dev"):
                sock.setsockopt(socket.SOL_SOCKET, wire.SO_BINDTODEVICE,
                                options["dev"].encode() + b"\0")
            sock.setsockopt(socket.SOL_SOCKET, wire.SO_RCVBUFFORCE, 16 << 20)
            if ipv6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                sock.setsockopt(socket.IPPROTO_IPV6,
                                socket.IPV6_RECVPKTINFO, 1)
            else:
                sock.setsockopt(socket.IPPROTO_IP, wire.IP_PKTINFO, 1)
            if int(options.get("bypass", 1)):
                wire.xfrm_bypass(sock)
            sock.bind((addr, port))
            if int(options.get("encap", self.marker)):
                self.encap()
            if int(options.get("gro", 0)):
                sock.setsockopt(socket.IPPROTO_UDP, wire.UDP_GRO, 1)
        except OSError:
            sock.close()
            raise
        sock.setblocking(False)
        loop.add(sock, self.read)

    def encap(self):
        """Have the kernel take ESP out of this socket."""
        self.sock.setsockopt(socket.IPPROTO_UDP, wire.UDP_ENCAP,
                             wire.UDP_ENCAP_ESPINUDP)

    def read(self, sock):
        """Take all that waits."""
        for _ in range(256):
            try:
                data, anc, _, source = sock.recvmsg(65536, 256)
            except (BlockingIOError, ConnectionRefusedError):
                return
            except OSError:
                continue
            local = None
            for level, kind, value in anc:
                if level == socket.IPPROTO_IP and kind == wire.IP_PKTINFO:
                    local = socket.inet_ntoa(value[8:12])
                if level == socket.IPPROTO_IPV6 and \
                        kind == socket.IPV6_PKTINFO:
                    local = socket.inet_ntop(socket.AF_INET6, value[:16])
            self.take(data, source, local)

    def take(self, data, source, local):
        """Judge one datagram and write it down."""
        entry = {"at": self.name, "src": source[0], "port": source[1],
                 "dst": local, "kind": "ike"}
        if self.marker and data[:4] == MARKER:
            data = data[4:]
        elif self.marker:
            entry.update(kind="other", size=len(data), hex=data[:64].hex())
        if entry["kind"] == "ike":
            fields = parse(data)
            if fields:
                entry.update(fields)
                body = data[HEADER.size:]
                entry["intact"] = int(body == BODY * len(body))
            else:
                entry.update(kind="short", size=len(data))
        self.inbox.append(entry)
        if self.responder:
            self.responder.got(self, entry)

    def send(self, data, dest, source=None, marker=None):
        """Send a message, with the marker where this socket uses it."""
        if marker if marker is not None else self.marker:
            data = MARKER + data
        anc = []
        if source and ":" in source:
            anc = [(socket.IPPROTO_IPV6, socket.IPV6_PKTINFO,
                    struct.pack("=16si", socket.inet_pton(socket.AF_INET6,
                                                          source), 0))]
        elif source:
            anc = [(socket.IPPROTO_IP, wire.IP_PKTINFO,
                    struct.pack("=i4s4s", 0, socket.inet_aton(source),
                                b"\0" * 4))]
        self.sock.sendmsg([data], anc, 0, dest)


class Responder:
    """What stands for the daemon at one end."""

    def __init__(self, name, log):
        self.name = name
        self.log = log
        self.seen = []
        self.mode = "answer"
        self.chosen = {}
        self.started = set()
        self.cookied = set()
        self.ours = set()

    def got(self, endpoint, entry):
        """Write a message down and answer it as the mode says."""
        entry["responder"] = self.name
        self.seen.append(entry)
        if self.log:
            self.log.write(json.dumps(entry) + "\n")
        if entry["kind"] != "ike":
            return
        if (entry["spii"], entry["msgid"]) in self.started:
            return
        if entry["version"] == 2 and entry["flags"] & FLAG_RESPONSE:
            return
        if self.mode == "mute":
            return
        spir = bytes.fromhex(entry["spir"])
        if not any(spir):
            spir = self.spir(entry)
        flags = 0
        if entry["version"] == 2:
            flags = FLAG_RESPONSE
            if not entry["flags"] & FLAG_INITIATOR:
                flags |= FLAG_INITIATOR
        message = build(bytes.fromhex(entry["spii"]), spir, entry["version"],
                        entry["exchange"], flags, entry["msgid"], 60)
        endpoint.send(message, (entry["src"], entry["port"]), entry["dst"])

    def spir(self, entry):
        """The SPIr of an answer to a first message."""
        spii = entry["spii"]
        if self.mode == "cookie" and spii not in self.cookied:
            self.cookied.add(spii)
            return b"\0" * 8
        if spii not in self.chosen:
            self.chosen[spii] = os.urandom(8)
        return self.chosen[spii]

    def start(self, endpoint, data, dest, source):
        """Send a message that this end begins."""
        fields = parse(data)
        self.started.add((fields["spii"], fields["msgid"]))
        endpoint.send(data, dest, source)
