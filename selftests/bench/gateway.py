# SPDX-License-Identifier: GPL-2.0
"""The gateway that is measured: a namespace, its devices, SAs and firewall. At the
other end of its devices nobody is, but a packet socket."""

import socket
import subprocess

import endpoint
import frames
import wire

SERVER, NAT, BEYOND = "192.0.2.1", "203.0.113.1", "10.9.0.2"
L2TP, CLOSED = 1701, 1702
FIRST_PORT = 20000
OWN_MAC, OTHER_MAC = "02:00:00:00:00:01", "02:00:00:00:00:02"
FEED_MAC = "02:00:00:00:00:03"
PACKET_QDISC_BYPASS, PACKET_IGNORE_OUTGOING = 20, 23
SOL_PACKET = 263
SYSCTLS = """
    net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0
    net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
    net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
""".split()
# To get in, out and through, as a gateway may have it.
FIREWALL = """
table ip gateway {
    chain in {
        type filter hook input priority 0; policy drop;
        ct state established,related accept
        meta secpath exists accept
        udp dport { 500, 4500, 5000, 5001 } accept
    }
    chain through {
        type filter hook forward priority 0; policy drop;
        ct state established,related accept
        iifname wan0 accept
    }
    chain out {
        type filter hook output priority 0;
        ct state established,related,new accept
    }
}
"""


def run(*words, text=None):
    """A command that must not fail."""
    done = subprocess.run(words, input=text, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise SystemExit("%s: %s" % (" ".join(words), done.stdout))
    return done.stdout


class Gateway:
    """One, with a device wan0: a cable to the packet socket, or nothing behind it."""

    name, out = "gw", "out"

    def __init__(self, cable, firewall=False, batch=False):
        self.batch = batch
        for ns in (self.name, self.out):
            run("ip", "netns", "add", ns)
        self._device("wan0", "feed0" if cable else None, SERVER + "/24",
                     "192.0.2.254")
        self._device("lan0", None, "10.9.0.1/24", BEYOND)
        self.ip("route", "add", "default", "via", "192.0.2.254")
        self.shell("sysctl", "-qw", *SYSCTLS)
        if firewall:
            self.shell("nft", "-f", "-", text=FIREWALL)
        if batch:
            self._gather()
        self.encap = self.socket(4500)
        endpoint.xfrm_bypass(self.encap)
        self.encap.setsockopt(socket.IPPROTO_UDP, endpoint.UDP_ENCAP,
                              wire.UDP_ENCAP_ESPINUDP)

    def _device(self, dev, peer, address, neighbour):
        words = ["type", "dummy"] if peer is None else [
            "type", "veth", "peer", "name", peer, "address", FEED_MAC,
            "netns", self.out]
        self.ip("link", "add", dev, "address", OWN_MAC, *words)
        self.ip("address", "add", address, "dev", dev)
        self.ip("link", "set", dev, "up")
        if peer is not None:
            run("ip", "-n", self.out, "link", "set", peer, "up")
        self.ip("neigh", "replace", neighbour, "lladdr", OTHER_MAC, "nud",
                "permanent", "dev", dev)

    def _gather(self):
        """What comes in waits for a thread, as a busy device's does."""
        run("ip", "netns", "exec", self.out, "ethtool", "-K", "feed0", "tso", "off")
        self.shell("ethtool", "-K", "wan0", "gro", "on")
        self.shell("sh", "-c", "echo 1 >/sys/class/net/wan0/threaded")

    def ip(self, *words, text=None):
        """ip(8) in it."""
        return run("ip", "-n", self.name, *words, text=text)

    def shell(self, *words, text=None):
        """A command in it."""
        return run("ip", "netns", "exec", self.name, *words, text=text)

    def socket(self, port):
        """A UDP socket of it, which holds what nobody reads."""
        with wire.netns(self.name):
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, wire.SO_RCVBUFFORCE, 64 << 20)
        if port:
            sock.bind(("", port))
        return sock

    def packet_socket(self):
        """The other end of the cable."""
        with wire.netns(self.out):
            sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                 socket.htons(wire.ETH_P_ALL))
        sock.setsockopt(SOL_PACKET, PACKET_QDISC_BYPASS, 1)
        sock.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
        sock.bind(("feed0", 0))
        # whoever waits for an answer in vain says so
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO,
                        (20).to_bytes(8, "little") + bytes(8))
        return sock

    def install(self, clients, mode):
        """The SAs of all, one policy for all of a way."""
        lines = []
        for c in clients:
            peer, port = c.presented
            alg = "aead rfc4106(gcm(aes)) 0x%s 128" % (
                frames.KEY + frames.SALT).hex()
            for src, dst, spi, sport, dport in (
                    (peer, SERVER, frames.SPI_IN, port, 4500),
                    (SERVER, peer, frames.SPI_OUT, 4500, port)):
                lines.append(
                    "xfrm state add src %s dst %s proto esp spi 0x%x mode %s "
                    "replay-window 32 %s encap espinudp %d %d 0.0.0.0" % (
                        src, dst, spi + c.number, mode, alg, sport, dport))
        # in transport mode the ends are those of the packet
        peer, own = (clients[0].presented[0], SERVER) \
            if mode == frames.TUNNEL else ("0.0.0.0", "0.0.0.0")
        for src, dst, way, ends in (
                ("0.0.0.0/0", SERVER, "in", (peer, own)),
                (SERVER, "0.0.0.0/0", "out", (own, peer))):
            lines.append("xfrm policy add src %s dst %s dir %s tmpl src %s "
                         "dst %s proto esp mode %s" % (src, dst, way, *ends, mode))
        self.ip("-batch", "-", text="\n".join(lines) + "\n")

    def away(self):
        """From now on what it sends is freed where it leaves."""
        self.ip("route", "replace", "default", "via", BEYOND, "src", SERVER)

    def close(self):
        """It goes, with all that it has."""
        self.encap.close()
        self.ip("xfrm", "state", "flush")
        for ns in (self.name, self.out):
            run("ip", "netns", "del", ns)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
