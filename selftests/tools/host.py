# SPDX-License-Identifier: GPL-2.0
"""Hosts: network namespaces, their devices, routes and settings."""

import ctypes
import errno
import fcntl
import os
import socket
import struct

import netlink
import wire

MS_BIND = 4096
MNT_DETACH = 2
SIOCSIFFLAGS = 0x8914
SIOCSIFADDR = 0x8916
SIOCSIFNETMASK = 0x891c
IFF_UP = 1
RTM_NEWROUTE = 24
RTA_OIF = 4
RT_TABLE_MAIN, RTPROT_BOOT, RT_SCOPE_LINK, RTN_UNICAST = 254, 3, 253, 1


def netns_add(name):
    """What `ip netns add` does, in no process of its own."""
    path = "/run/netns/" + name
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL))
    try:
        if wire.libc.unshare(wire.CLONE_NEWNET):
            error = ctypes.get_errno()
            os.unlink(path)
            raise OSError(error, "unshare")
        failed = wire.libc.mount(b"/proc/thread-self/ns/net", path.encode(),
                                 b"none", MS_BIND, None)
        error = ctypes.get_errno()
        if wire.libc.setns(home, wire.CLONE_NEWNET):
            os._exit(99)
        if failed:
            raise OSError(error, "mount " + path)
    finally:
        os.close(home)


def netns_del(name):
    """What `ip netns del` does."""
    path = "/run/netns/" + name
    if wire.libc.umount2(path.encode(), MNT_DETACH):
        raise OSError(ctypes.get_errno(), "umount " + path)
    os.unlink(path)


def ifup(name, dev, addr):
    """Give a device an address with 24 bits of network, and switch it on."""
    ifname = dev.encode().ljust(16, b"\0")

    def inet(text):
        return struct.pack("=HH4s8x", socket.AF_INET, 0,
                           socket.inet_aton(text))
    with wire.netns(name), socket.socket(
            socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, SIOCSIFADDR, ifname + inet(addr))
        fcntl.ioctl(sock, SIOCSIFNETMASK, ifname + inet("255.255.255.0"))
        fcntl.ioctl(sock, SIOCSIFFLAGS, ifname + struct.pack("=h14x", IFF_UP))


def default_route(name, dev):
    """Everything by that device, without a gateway."""
    message = struct.pack("=BBBBBBBBI", socket.AF_INET, 0, 0, 0,
                          RT_TABLE_MAIN, RTPROT_BOOT, RT_SCOPE_LINK,
                          RTN_UNICAST, 0)
    with wire.netns(name):
        message += netlink.attribute(
            RTA_OIF, struct.pack("=I", socket.if_nametoindex(dev)))
        netlink.must(socket.NETLINK_ROUTE, RTM_NEWROUTE, message,
                     netlink.NLM_F_CREATE)


def do_netns(_, a):
    """add=NAME,... | del=NAME,...: as ip netns does, but quicker."""
    for name in a.get("add", "").split(","):
        if name:
            netns_add(name)
    for name in a.get("del", "").split(","):
        if name:
            netns_del(name)
    return ""


def do_ifup(_, a):
    """ns= dev= addr= [default=1]: address (with 24 bits of network),
    on, and the default route by it."""
    ifup(a["ns"], a["dev"], a["addr"])
    if a.get("default"):
        default_route(a["ns"], a["dev"])
    return ""


def do_sysctl(_, a):
    """ns= name= [value=]: read or write net.<name> in a namespace;
    underscores in value stand for spaces. errno=0 value=now."""
    path = "/proc/sys/net/" + a["name"].replace(".", "/")
    code = 0
    with wire.netns(a["ns"]):
        if "value" in a:
            try:
                with open(path, "w", encoding="ascii") as out:
                    out.write(a["value"].replace("_", " ") + "\n")
            except OSError as error:
                code = error.errno
        with open(path, encoding="ascii") as text:
            now = text.read().strip()
    return "errno=%d name=%s value=%s" % (
        code, errno.errorcode.get(code, "none"),
        "_".join(now.split()) or "empty")


def do_sysctls(_, a):
    """ns= NAME=VALUE...: write several, with their whole names."""
    with wire.netns(a.pop("ns")):
        for name, value in a.items():
            with open("/proc/sys/" + name.replace(".", "/"), "w",
                      encoding="ascii") as out:
                out.write(value + "\n")
    return ""


def do_off(_, __):
    """Switch esp_nat off in our own and every named namespace."""
    for name in ["", *os.listdir("/run/netns")]:
        do_sysctl(None, {"ns": name, "name": "esp_nat.enabled",
                         "value": "0"})
    return ""
