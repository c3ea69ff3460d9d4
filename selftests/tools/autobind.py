#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A UDP encapsulation socket with GRO whose port the kernel chooses.

    autobind.py

Reads commands, a line each: `connect ADDR PORT`, `disconnect`, `send ADDR PORT`.
Answers each with a line: its port, 0 if it has none.
"""

import socket
import struct
import sys

UDP_ENCAP = 100
UDP_GRO = 104
UDP_ENCAP_ESPINUDP = 2


def disconnect(sock):
    """connect() to AF_UNSPEC, which Python has no word for."""
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.connect(sock.fileno(), struct.pack("=H14x", socket.AF_UNSPEC), 16):
        raise OSError(ctypes.get_errno(), "connect")


def main():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.IPPROTO_UDP, UDP_GRO, 1)
    sock.setsockopt(socket.IPPROTO_UDP, UDP_ENCAP, UDP_ENCAP_ESPINUDP)
    for line in sys.stdin:
        verb, *dest = line.split()
        if verb == "connect":
            sock.connect((dest[0], int(dest[1])))
        elif verb == "send":
            sock.sendto(b"\0\0\0\0x", (dest[0], int(dest[1])))
        else:
            disconnect(sock)
        print(sock.getsockname()[1], flush=True)


if __name__ == "__main__":
    main()
