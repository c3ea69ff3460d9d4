#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Sends whatever IKE passes by once more, as from somebody else.

    copycat.py NETNS DEVICE NETNS ADDR:PORT SERVER

What leaves by the first namespace's device for the server's port 4500, with a
non-ESP marker, is sent to it from ADDR:PORT in the second. A line for each.
"""

import socket
import sys

import wire
from arguments import pair

NAT_PORT = 4500


def is_ike(packet, server, port):
    """Somebody else's IKE message to the server's port 4500."""
    return packet and packet["proto"] == socket.IPPROTO_UDP and \
        packet["dst"] == server and packet["dport"] == NAT_PORT and \
        packet["sport"] != port and packet["data"][8:12] == b"\0\0\0\0"


def main():
    watched, device, where, source, server = sys.argv[1:]
    addr, port = pair(source)
    with wire.netns(watched):
        ear = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                            socket.htons(wire.ETH_P_ALL))
        ear.bind((device, wire.ETH_P_ALL))
    with wire.netns(where):
        mouth = socket.socket(socket.AF_INET, socket.SOCK_RAW,
                              socket.IPPROTO_RAW)
    print("ready", flush=True)
    while True:
        packet = wire.parse_ipv4(ear.recv(65536))
        if not is_ike(packet, server, port):
            continue
        copy = wire.udp_datagram(addr, server, port, NAT_PORT,
                                 packet["data"][8:])
        for part in wire.ipv4_packets(addr, server, socket.IPPROTO_UDP, copy):
            mouth.sendto(part, (server, 0))
        print("port %d, %d bytes" % (packet["sport"], len(copy)), flush=True)


if __name__ == "__main__":
    main()
