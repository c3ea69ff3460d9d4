# SPDX-License-Identifier: GPL-2.0
"""Sockets in other network namespaces, raw packets, captures.

Nothing here knows about IKE; ike.py, traffic.py and stage.py build on it.
"""

import ctypes
import fcntl
import os
import select
import socket
import struct
import time
from contextlib import contextmanager

import netlink

CLONE_NEWNET = 0x40000000
MS_BIND = 4096
MNT_DETACH = 2
SIOCSIFFLAGS = 0x8914
SIOCSIFADDR = 0x8916
SIOCSIFNETMASK = 0x891c
IFF_UP = 1
RTM_NEWROUTE = 24
RTA_OIF = 4
RT_TABLE_MAIN, RTPROT_BOOT, RT_SCOPE_LINK, RTN_UNICAST = 254, 3, 253, 1
UDP_ENCAP = 100
UDP_GRO = 104
UDP_ENCAP_ESPINUDP = 2
IP_XFRM_POLICY = 17
IPV6_XFRM_POLICY = 35
IP_PKTINFO = 8
IP_MTU_DISCOVER = 10
IP_PMTUDISC_DONT = 0
IP_PMTUDISC_DO = 2
XFRM_POLICY_IN = 0
XFRM_POLICY_OUT = 1
ETH_P_ALL = 3
PACKET_OUTGOING = 4
SO_RCVBUFFORCE = 33
SO_BINDTODEVICE = 25

_libc = ctypes.CDLL(None, use_errno=True)


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
            if _libc.setns(there, CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns " + name)
        finally:
            os.close(there)
        try:
            yield
        finally:
            if _libc.setns(home, CLONE_NEWNET):
                os._exit(99)
    finally:
        os.close(home)


def netns_add(name):
    """What `ip netns add` does, in no process of its own."""
    path = "/run/netns/" + name
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL))
    try:
        if _libc.unshare(CLONE_NEWNET):
            error = ctypes.get_errno()
            os.unlink(path)
            raise OSError(error, "unshare")
        failed = _libc.mount(b"/proc/thread-self/ns/net", path.encode(),
                             b"none", MS_BIND, None)
        error = ctypes.get_errno()
        if _libc.setns(home, CLONE_NEWNET):
            os._exit(99)
        if failed:
            raise OSError(error, "mount " + path)
    finally:
        os.close(home)


def netns_del(name):
    """What `ip netns del` does."""
    path = "/run/netns/" + name
    if _libc.umount2(path.encode(), MNT_DETACH):
        raise OSError(ctypes.get_errno(), "umount " + path)
    os.unlink(path)


def ifup(name, dev, addr):
    """Give a device an address with 24 bits of network, and switch it on."""
    ifname = dev.encode().ljust(16, b"\0")

    def inet(text):
        return struct.pack("=HH4s8x", socket.AF_INET, 0,
                           socket.inet_aton(text))
    with netns(name), socket.socket(socket.AF_INET,
                                    socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, SIOCSIFADDR, ifname + inet(addr))
        fcntl.ioctl(sock, SIOCSIFNETMASK, ifname + inet("255.255.255.0"))
        fcntl.ioctl(sock, SIOCSIFFLAGS, ifname + struct.pack("=h14x", IFF_UP))


def default_route(name, dev):
    """Everything by that device, without a gateway."""
    message = struct.pack("=BBBBBBBBI", socket.AF_INET, 0, 0, 0,
                          RT_TABLE_MAIN, RTPROT_BOOT, RT_SCOPE_LINK,
                          RTN_UNICAST, 0)
    with netns(name):
        message += netlink.attribute(
            RTA_OIF, struct.pack("=I", socket.if_nametoindex(dev)))
        netlink.must(socket.NETLINK_ROUTE, RTM_NEWROUTE, message,
                     netlink.NLM_F_CREATE)


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


def parse_ipv6(data):
    """The same of IPv6, so far as it has it, and the type of ICMPv6; what
    has extension headers other than a fragment's is not looked into."""
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
    return "bad" if checksum(pseudo + data) else "good"


def processors():
    """Be on each processor in turn."""
    everywhere = os.sched_getaffinity(0)
    try:
        for one in everywhere:
            os.sched_setaffinity(0, {one})
            yield one
    finally:
        os.sched_setaffinity(0, everywhere)


class Loop:
    """Every socket of the stage, read as packets arrive."""

    def __init__(self):
        self.poll = select.epoll()
        self.readers = {}

    def add(self, sock, reader):
        """Have reader(sock) called whenever sock can be read."""
        self.readers[sock.fileno()] = (sock, reader)
        try:
            self.poll.register(sock.fileno(), select.EPOLLIN)
        except FileExistsError:
            pass    # another reader for the same socket

    def drop(self, sock):
        """Forget a socket and close it."""
        fileno = sock.fileno()
        if fileno in self.readers:
            del self.readers[fileno]
            self.poll.unregister(fileno)
        sock.close()

    def turn(self, timeout):
        """One round; false when nothing came within timeout seconds."""
        events = self.poll.poll(max(timeout, 0))
        for fileno, _ in events:
            entry = self.readers.get(fileno)
            if entry:
                entry[1](entry[0])
        return bool(events)

    def until(self, done, timeout):
        """Read packets until done() or the time is over; done()'s answer."""
        end = time.monotonic() + timeout
        while True:
            answer = done()
            if answer:
                return answer
            left = end - time.monotonic()
            if left <= 0:
                return done()
            self.turn(min(left, 0.2))

    def settle(self, quiet=0.05):
        """Read whatever is there until it has been quiet for a moment."""
        while self.turn(quiet):
            pass


class Sniffer:
    """What crosses one device, kept until asked."""

    def __init__(self, loop, ns, dev, version=4):
        self.seen = []
        self.parse = parse_ipv6 if version == 6 else parse_ipv4
        with netns(ns):
            self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                                      socket.htons(ETH_P_ALL))
            self.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
            self.sock.bind((dev, ETH_P_ALL))
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
                packet["out"] = 1 if addr[2] == PACKET_OUTGOING else 0
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


class Cable:
    """A wire between two devices: it carries the bytes of a frame, and
    nothing of what a kernel remembers of them, as veth does."""

    def __init__(self, loop, ns, one, other):
        self.socks = []
        with netns(ns):
            for dev in (one, other):
                sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                     socket.htons(ETH_P_ALL))
                sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
                sock.bind((dev, ETH_P_ALL))
                sock.setblocking(False)
                self.socks.append(sock)
        loop.add(self.socks[0], lambda s: self.pass_on(s, self.socks[1]))
        loop.add(self.socks[1], lambda s: self.pass_on(s, self.socks[0]))

    @staticmethod
    def pass_on(sock, other):
        """All that waits at one end, to the other."""
        for _ in range(256):
            try:
                data, addr = sock.recvfrom(65536)
                if addr[2] != PACKET_OUTGOING:
                    other.send(data)
            except OSError:
                return


class Passthrough:
    """A NAT that never translates port 500 and tells clients by cookie.

    What clients send to port 500 is picked up at the inside device (the
    firewall there must drop the original), sent from outside:500, and what
    comes back goes to the client whose SPIi it carries.
    """

    def __init__(self, loop, ns, inside, outside):
        self.owner = {}
        with netns(ns):
            self.tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                                     socket.htons(0x0800))
            self.tap.bind((inside, 0x0800))
            self.raw = socket.socket(socket.AF_INET, socket.SOCK_RAW,
                                     socket.IPPROTO_RAW)
            self.out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.out.bind((outside, 500))
        self.tap.setblocking(False)
        self.out.setblocking(False)
        loop.add(self.tap, self.from_client)
        loop.add(self.out, self.from_wire)

    def from_client(self, sock):
        """A client's message: remember its cookie, pass it on."""
        data, addr = sock.recvfrom(65536)
        packet = parse_ipv4(data)
        if not packet or addr[2] == PACKET_OUTGOING:
            return
        if packet["proto"] == 17 and packet["dport"] == 500:
            message = packet["data"][8:]
            self.owner[message[:8]] = (packet["src"], packet["sport"])
            self.out.sendto(message, (packet["dst"], 500))

    def from_wire(self, sock):
        """A message from outside: to the client that has the cookie."""
        message, source = sock.recvfrom(65536)
        client = self.owner.get(message[:8])
        if client:
            datagram = udp_datagram(source[0], client[0], source[1],
                                    client[1], message)
            for packet in ipv4_packets(source[0], client[0], 17, datagram):
                self.raw.sendto(packet, (client[0], 0))
