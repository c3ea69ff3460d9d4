# SPDX-License-Identifier: GPL-2.0
"""IKE sockets: an Endpoint is one UDP socket that sends and takes messages."""

import socket
import struct

import ike
import wire
from arguments import number, pair, patience

UDP_ENCAP = 100
UDP_SEGMENT = 103
UDP_GRO = 104
IP_XFRM_POLICY = 17
IPV6_XFRM_POLICY = 35
IP_PKTINFO = 8
XFRM_POLICY_IN = 0
XFRM_POLICY_OUT = 1


def xfrm_bypass(sock):
    """Exempt a socket from policies both ways, as IKE daemons do."""
    level, option = socket.IPPROTO_IP, IP_XFRM_POLICY
    if sock.family == socket.AF_INET6:
        level, option = socket.IPPROTO_IPV6, IPV6_XFRM_POLICY
    for direction in (XFRM_POLICY_IN, XFRM_POLICY_OUT):
        selector = struct.pack("=32x4HHBBB3xiI", 0, 0, 0, 0,
                               sock.family, 0, 0, 0, 0, 0)
        info = selector + b"\0" * (64 + 32)
        info += struct.pack("=IIBBBB4x", 0, 0, direction, 0, 0, 0)
        sock.setsockopt(level, option, info)


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
                sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
            if int(options.get("bypass", 1)):
                xfrm_bypass(sock)
            sock.bind((addr, port))
            if int(options.get("encap", self.marker)):
                self.encap()
            if int(options.get("gro", 0)):
                sock.setsockopt(socket.IPPROTO_UDP, UDP_GRO, 1)
        except OSError:
            sock.close()
            raise
        sock.setblocking(False)
        loop.add(sock, self.read)

    def encap(self):
        """Have the kernel take ESP out of this socket."""
        self.sock.setsockopt(socket.IPPROTO_UDP, UDP_ENCAP,
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
                if level == socket.IPPROTO_IP and kind == IP_PKTINFO:
                    local = socket.inet_ntoa(value[8:12])
                if level == socket.IPPROTO_IPV6 and \
                        kind == socket.IPV6_PKTINFO:
                    local = socket.inet_ntop(socket.AF_INET6, value[:16])
            self.take(data, source, local)

    def take(self, data, source, local):
        """Judge one datagram and write it down."""
        entry = {"at": self.name, "src": source[0], "port": source[1],
                 "dst": local, "kind": "ike"}
        if self.marker and data[:4] == ike.MARKER:
            data = data[4:]
        elif self.marker:
            entry.update(kind="other", size=len(data), hex=data[:64].hex())
        if entry["kind"] == "ike":
            fields = ike.parse(data)
            if fields:
                entry.update(fields)
                body = data[ike.HEADER.size:]
                entry["intact"] = int(body == ike.BODY * len(body))
            else:
                entry.update(kind="short", size=len(data))
        self.inbox.append(entry)
        if self.responder:
            self.responder.got(self, entry)

    def send(self, data, dest, source=None, marker=None):
        """Send a message, with the marker where this socket uses it."""
        if marker if marker is not None else self.marker:
            data = ike.MARKER + data
        anc = []
        if source and ":" in source:
            anc = [(socket.IPPROTO_IPV6, socket.IPV6_PKTINFO,
                    struct.pack("=16si", socket.inet_pton(socket.AF_INET6,
                                                          source), 0))]
        elif source:
            anc = [(socket.IPPROTO_IP, IP_PKTINFO,
                    struct.pack("=i4s4s", 0, socket.inet_aton(source),
                                b"\0" * 4))]
        self.sock.sendmsg([data], anc, 0, dest)

    def send_as_one(self, messages, dest):
        """Send messages of one size in one packet, cut apart on its way."""
        marker = ike.MARKER if self.marker else b""
        data = [marker + message for message in messages]
        anc = [(socket.IPPROTO_UDP, UDP_SEGMENT,
                struct.pack("=H", len(data[0])))]
        self.sock.sendmsg(data, anc, 0, dest)


def do_ike(scene, a):
    """name= ns= addr= port= [marker encap late gro reuse dev bypass
    responder=]: open an IKE socket."""
    if a.get("late"):
        a["encap"] = 0
    end = Endpoint(scene.loop, a["name"], a["ns"], a["addr"],
                   number(a["port"]), a)
    scene.ends[a["name"]] = end
    if a.get("responder"):
        end.responder = scene.responders[a["responder"]]
    return ""


def do_encap(scene, a):
    """name=: set UDP_ENCAP (again)."""
    scene.end(a["name"]).encap()
    return ""


def do_send(scene, a):
    """from= to=addr:port [spii spir ver xchg flags msgid size length
    own remote hash natd marker src times]: send and look at nothing."""
    end = scene.end(a["from"])
    marker = bool(int(a["marker"])) if "marker" in a else None
    for _ in range(number(a.get("times", "1"))):
        end.send(ike.message(a), pair(a["to"]), a.get("src"), marker)
        scene.loop.turn(0)
    return ""


def do_send_as_one(scene, a):
    """As send, with= a comma list of SPIi/SPIr: one packet with a
    message under each of these IKE SAs."""
    spis = [words.split("/") for words in a["with"].split(",")]
    scene.end(a["from"]).send_as_one(
        [ike.message({**a, "spii": spii, "spir": spir})
         for spii, spir in spis], pair(a["to"]))
    return ""


def do_inbox(scene, a):
    """name= [wait=N timeout= kind=]: how much an endpoint got; the
    last one's fields."""
    end = scene.end(a["name"])

    def mine():
        return [m for m in end.inbox
                if a.get("kind", m["kind"]) == m["kind"]]

    scene.loop.until(lambda: len(mine()) >= number(a.get("wait", "0")),
                     patience(a))
    out = "count=%d" % len(mine())
    if mine():
        out += "".join(" %s=%s" % (k, v) for k, v in mine()[-1].items())
    return out


def do_clear(scene, a):
    """name=: forget what an endpoint got."""
    scene.loop.settle()
    del scene.end(a["name"]).inbox[:]
    return ""
