# SPDX-License-Identifier: GPL-2.0
"""Plain UDP sockets."""

import os
import socket

import wire
from arguments import number, pair, patience

IP_MTU_DISCOVER = 10
IP_PMTUDISC_DONT = 0
IP_PMTUDISC_DO = 2


def do_udp(scene, a):
    """name= ns= [addr= port= dev= df=0|1 options=HEX]: open a UDP
    socket; options: of IP, of IPv6 those for the destination."""
    ipv6 = ":" in a.get("addr", "")
    with wire.netns(a["ns"]):
        sock = socket.socket(socket.AF_INET6 if ipv6 else socket.AF_INET,
                             socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, wire.SO_RCVBUFFORCE, 8 << 20)
    if a.get("dev"):
        sock.setsockopt(socket.SOL_SOCKET, wire.SO_BINDTODEVICE,
                        a["dev"].encode() + b"\0")
    if a.get("df"):
        sock.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER,
                        IP_PMTUDISC_DO if number(a["df"])
                        else IP_PMTUDISC_DONT)
    if a.get("options"):
        sock.setsockopt(*((socket.IPPROTO_IPV6, socket.IPV6_DSTOPTS)
                          if ipv6 else
                          (socket.IPPROTO_IP, socket.IP_OPTIONS)),
                        bytes.fromhex(a["options"]))
    sock.bind((a.get("addr", "0.0.0.0"), number(a.get("port", "0"))))
    sock.setblocking(False)
    scene.socks[a["name"]] = sock
    return "port=%d" % sock.getsockname()[1]


def do_data(scene, a):
    """from= to=addr:port [hex= | size=] [times=]: send a plain UDP
    payload, from an IKE socket too. Says errno=0 or the name."""
    sock = scene.sock(a["from"])
    data = bytes.fromhex(a.get("hex", "")) or \
        b"x" * number(a.get("size", "0"))
    for _ in range(number(a.get("times", "1"))):
        try:
            sock.sendto(data, pair(a["to"]))
        except OSError as error:
            return "errno=%d error=%s" % (
                error.errno, os.strerror(error.errno).replace(" ", "_"))
    return "errno=0"


def do_take(scene, a):
    """name= [timeout= wait=]: what a plain UDP socket got since the last
    take; after a burst one take comes first, to read it from then on."""
    sock = scene.socks[a["name"]]
    got = scene.inboxes.setdefault(a["name"], [])

    def read(one):
        try:
            got.append(one.recvfrom(65536))
        except OSError:
            pass

    scene.loop.add(sock, read)
    scene.loop.until(lambda: len(got) >= number(a.get("wait", "1")),
                     patience(a))
    out = "count=%d" % len(got)
    if got:
        data, source = got[-1]
        out += " size=%d src=%s port=%d hex=%s" % (
            len(data), source[0], source[1], data[:32].hex())
    got.clear()
    return out
