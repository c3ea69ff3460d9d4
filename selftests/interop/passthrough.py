#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A NAT's "IPsec passthrough": port 500 is never translated.

    passthrough.py INSIDE OUTSIDE ADDRESS

Every client's IKE on port 500 leaves as ADDRESS:500; answers are told apart by
the initiator's cookie. The kernel's own NAT must leave these packets alone.
"""

import select
import socket
import struct
import sys

ETH_P_IP = 0x0800
PACKET_OUTGOING = 4


def udp_of(packet):
    """Source, destination, ports and payload of an unfragmented UDP packet."""
    if len(packet) < 28 or packet[0] >> 4 != 4 or packet[9] != 17:
        return None
    if struct.unpack("!H", packet[6:8])[0] & 0x3FFF:
        return None
    size = (packet[0] & 15) * 4
    sport, dport, length = struct.unpack("!HHH", packet[size:size + 6])
    return (packet[12:16], packet[16:20], sport, dport,
            packet[size + 8:size + length])


def datagram(source, target, payload):
    udp = struct.pack("!HHHH", 500, 500, 8 + len(payload), 0)
    # The kernel fills in length, identification and checksum.
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 0, 0, 0, 63, 17, 0, source, target)
    return ip + udp + payload


def listen(device):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                         socket.htons(ETH_P_IP))
    sock.bind((device, ETH_P_IP))
    return sock


def main():
    inside, outside = listen(sys.argv[1]), listen(sys.argv[2])
    public = socket.inet_aton(sys.argv[3])
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    clients = {}
    while True:
        for sock in select.select([inside, outside], [], [])[0]:
            packet, address = sock.recvfrom(65535)
            parsed = udp_of(packet)
            if address[2] == PACKET_OUTGOING or not parsed:
                continue
            source, target, sport, dport, payload = parsed
            if len(payload) < 28:
                continue
            cookie = payload[:8]
            if sock is inside and dport == 500 and sport == 500:
                clients[cookie] = source
                raw.sendto(datagram(public, target, payload),
                           (socket.inet_ntoa(target), 0))
            elif sock is outside and sport == 500 and cookie in clients:
                client = clients[cookie]
                raw.sendto(datagram(source, client, payload),
                           (socket.inet_ntoa(client), 0))


if __name__ == "__main__":
    main()
