# SPDX-License-Identifier: GPL-2.0
"""Traffic of many clients at the same time, of either protocol."""

from arguments import number, pair
from burst import Peer


def kind(proto):
    """The burst of a protocol."""
    if proto == "udp":
        from datagrams import Datagrams
        return Datagrams
    if proto == "icmp":
        from echoes import Echoes
        return Echoes
    from streams import Streams
    return Streams


def do_burst(scene, a):
    """server= target=addr:port peers=name:sock:presented:port,...
    [proto=udp|icmp|tcp rounds= size= push=0 up=0 wait=]: everybody sends
    at the same time, both ways; see burst.py. For icmp and tcp,
    server and sock are namespaces."""
    proto = a.get("proto", "udp")
    # A namespace is opened later, a socket of ours looked up.
    end = scene.socks.__getitem__ if proto == "udp" else str
    peers = []
    for text in a["peers"].split(","):
        name, sock, presented, port = text.split(":")
        peers.append(Peer(name, end(sock), presented, number(port)))
    return kind(proto)(scene.loop, end(a["server"]), peers,
                       pair(a["target"]), a).run()
