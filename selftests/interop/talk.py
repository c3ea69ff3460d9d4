#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""TCP, both ways: each end sends lines that the other counts.

    talk.py serve PORT
    talk.py call SERVER PORT LINES READY GO

The server echoes. The caller touches READY, waits for a line from the fifo GO,
and prints how many of its lines came back in order.
"""

import socket
import socketserver
import sys
import time


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)


class Server(socketserver.ThreadingTCPServer):
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


if __name__ == "__main__":
    {"serve": serve, "call": call}[sys.argv[1]](*sys.argv[2:])
