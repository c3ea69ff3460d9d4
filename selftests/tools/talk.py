#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""TCP, both ways: each end sends lines that the other counts.

    talk.py serve PORT
    talk.py call SERVER PORT LINES READY GO
    talk.py hold SERVER PORT SAY HEARD

The server echoes. The caller touches READY, waits for a line from the fifo GO,
and prints how many of its lines came back in order. The holder keeps one
connection open, sends what comes from the fifo SAY, and adds what comes back to
the file HEARD.
"""

import socket
import socketserver
import struct
import sys
import time


def abrupt(sock):
    """Nothing of it is to stay, and keep its namespace, when we are killed."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack("ii", 1, 0))


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        abrupt(self.request)
        for line in self.rfile:
            self.wfile.write(line)


class Server(socketserver.ThreadingTCPServer):
    address_family = socket.AF_INET6    # and IPv4
    allow_reuse_address = True
    daemon_threads = True


def serve(port):
    with Server(("", int(port)), Echo) as server:
        server.serve_forever()


def call(server, port, lines, ready, go):
    with open(ready, "w", encoding="ascii"):
        pass
    with open(go, "rb", buffering=0) as fifo:
        fifo.read(1)
    good = 0
    try:
        with socket.create_connection((server, int(port)), 40) as sock:
            sock.settimeout(40)
            stream = sock.makefile("rwb")
            for number in range(int(lines)):
                line = b"%06d %s\n" % (number, b"x" * 900)
                stream.write(line)
                stream.flush()
                if stream.readline() != line:
                    break
                good += 1
                time.sleep(0.1)
    except OSError as error:
        print(error, file=sys.stderr)
    print(good)


def hold(server, port, say, heard):
    with socket.create_connection((server, int(port)), 60) as sock, \
            open(heard, "ab", buffering=0) as out:
        abrupt(sock)
        sock.settimeout(None)
        stream = sock.makefile("rwb")
        while True:
            with open(say, "rb") as fifo:
                for line in fifo:
                    stream.write(line)
                    stream.flush()
                    out.write(stream.readline())


if __name__ == "__main__":
    {"serve": serve, "call": call, "hold": hold}[sys.argv[1]](*sys.argv[2:])
