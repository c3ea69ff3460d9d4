#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Open an L2TPv2 tunnel with a tunnel id of our choice (RFC 2661 5.8).

    sccrq.py SERVER TUNNEL_ID READY GO

SCCRQ, SCCRP, SCCCN, and the server's acknowledgement. Touches READY, waits
for a line from the fifo GO before the first packet, so that many can start at
the same time, and prints the tunnel id that the server assigned. Every packet
goes through whatever SA the kernel's policies say.
"""

import select
import socket
import struct
import sys
import time

CONTROL = 0xC802        # T, L and S set, version 2
SCCRQ, SCCRP, SCCCN = 1, 2, 3
MESSAGE_TYPE, VERSION, FRAMING, HOST_NAME, TUNNEL_ID, WINDOW = 0, 2, 3, 7, 9, 10


def avp(kind, value):
    return struct.pack("!HHH", 0x8000 | 6 + len(value), 0, kind) + value


def control(tunnel, ns, nr, *avps):
    body = b"".join(avps)
    return struct.pack("!HHHHHH", CONTROL, 12 + len(body), tunnel, 0, ns, nr) + body


def parse(packet):
    """The header's tunnel id, Ns, Nr, and the attributes; None for data."""
    if len(packet) < 12:
        return None
    flags, length, tunnel, _, ns, nr = struct.unpack("!HHHHHH", packet[:12])
    if flags & 0xC80F != CONTROL:
        return None
    values, at = {}, 12
    while at + 6 <= min(length, len(packet)):
        size, _, kind = struct.unpack("!HHH", packet[at:at + 6])
        size &= 0x3FF
        if size < 6:
            break
        values[kind] = packet[at + 6:at + size]
        at += size
    return tunnel, ns, nr, values


def exchange(sock, packet, wanted, seconds=40):
    """Send, again every second, until an answer is as wanted."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sock.send(packet)
        again = time.monotonic() + 1
        while (left := again - time.monotonic()) > 0:
            if not select.select([sock], [], [], left)[0]:
                break
            try:
                answer = parse(sock.recv(2048))
            except ConnectionRefusedError:
                continue
            if answer and wanted(answer):
                return answer
    return None


def main():
    server, ours, ready, go = sys.argv[1], int(sys.argv[2]), *sys.argv[3:5]
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("", 1701))
    sock.connect((server, 1701))
    with open(ready, "w", encoding="ascii"):
        pass
    with open(go, "rb", buffering=0) as fifo:
        fifo.read(1)
    sccrq = control(0, 0, 0,
                    avp(MESSAGE_TYPE, struct.pack("!H", SCCRQ)),
                    avp(VERSION, b"\x01\x00"),
                    avp(FRAMING, struct.pack("!I", 3)),
                    avp(HOST_NAME, b"client"),
                    avp(TUNNEL_ID, struct.pack("!H", ours)),
                    avp(WINDOW, struct.pack("!H", 4)))
    answer = exchange(sock, sccrq, lambda a: a[0] == ours and a[3].get(
        MESSAGE_TYPE) == struct.pack("!H", SCCRP))
    if not answer:
        sys.exit("no SCCRP")
    theirs, = struct.unpack("!H", answer[3][TUNNEL_ID])
    scccn = control(theirs, 1, answer[1] + 1,
                    avp(MESSAGE_TYPE, struct.pack("!H", SCCCN)))
    if not exchange(sock, scccn, lambda a: a[0] == ours and a[2] >= 2):
        sys.exit("SCCCN is not acknowledged")
    print(theirs)


if __name__ == "__main__":
    main()
