#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What packets cost a gateway: in a virtual machine whose clock counts
instructions, each row on the stock kernel and with the module. JSON, a line each.

    inside.py COST [--rows TEXT] [--module KO]
"""

import argparse
import itertools
import json
import os
import socket
import struct
import subprocess
import sys
import time

sys.path[:0] = [os.path.join(os.path.dirname(os.path.realpath(__file__)),
                             "..", "tools")]
# pylint: disable=wrong-import-position
import counters  # noqa: E402
import frames  # noqa: E402
from gateway import (BEYOND, CLOSED, FEED_MAC, FIRST_PORT, Gateway,  # noqa: E402
                     L2TP, NAT, OWN_MAC, SERVER, run)

# bursts, and how many pairs of them
SHORT, LONG = 64, 192
ROUNDS = 12
# 198.18.0.1, the first of the pool, and 10.0.0.1
FIRST_ALIAS, FIRST_INNER = 0xc6120001, 0x0a000001
# so much further is the port of one that has moved
MOVED = 100
# what a client is to the module: itself, one that has moved, an alias
MODULE_WAYS = ("real", "moved", "alias")


class Client(frames.Client):
    """One, as the gateway knows it."""

    def __init__(self, number, way):
        port = FIRST_PORT + number % 40000
        inner = socket.inet_ntoa(struct.pack("!I", FIRST_INNER + number))
        super().__init__(number, NAT, port, inner, SERVER)
        alias = socket.inet_ntoa(struct.pack("!I", FIRST_ALIAS + number))
        self.presented = (alias if way == "alias" else NAT, port)


class Bench:
    """Rows, and what they are measured with."""

    def __init__(self, cost):
        self.cost = cost
        self.cipher = frames.Cipher()

    def _run(self, words, fds, data):
        done = subprocess.run([self.cost, *map(str, words)], input=data,
                              stdout=subprocess.PIPE, check=True, pass_fds=fds)
        return [tuple(map(int, line.split()))
                for line in done.stdout.decode().splitlines()]

    def feed(self, gw, sink, bursts):
        """Frames to a gateway; a list of packets, nanoseconds."""
        data = bytearray()
        for burst in bursts:
            for packet in burst:
                frame = frames.ethernet(OWN_MAC, FEED_MAC, packet)
                data += struct.pack("=H", len(frame)) + frame
            data += struct.pack("=H", 0)
        with gw.packet_socket() as packet:
            return self._run(["batch" if gw.batch else "single",
                              packet.fileno(), sink.fileno()],
                             (packet.fileno(), sink.fileno()), data)

    def send(self, sock, size, bursts):
        """Datagrams of a gateway's socket; a list of packets, nanoseconds."""
        data = bytearray()
        for burst in bursts:
            data += struct.pack("=I", len(burst))
            for addr, port in burst:
                data += struct.pack("=H", socket.AF_INET) + struct.pack(
                    "!H4s8x", port, socket.inet_aton(addr))
        return self._run(["out", sock.fileno(), size], (sock.fileno(),), data)


def cost_of(times):
    """A packet's, by all bursts: what is freed later is paid for by some of them. What
    a burst costs besides its packets is seen where nothing else came in between."""
    least = {}
    for count, took, _ in times:
        least[count] = min(took, least.get(count, took))
    short, long = min(least), max(least)
    beside = least[short] - \
        short * (least[long] - least[short]) / (long - short)
    return sum(took - beside for _, took, _ in times) / \
        sum(count for count, _, _ in times)


def judged(times):
    """The cost of a packet, and by how many percent two halves of the run differ."""
    # the first of each length warms up
    times = times[2:]
    halves = [cost_of(times[n::4] + times[n + 1::4]) for n in (0, 2)]
    whole = cost_of(times)
    return whole, 100 * abs(halves[0] - halves[1]) / whole


def lengths():
    """How long the bursts are: short and long ones, in turn."""
    return [SHORT, LONG] * (1 + 2 * ROUNDS)


def known(gw, way, count):
    """Has the module so many contexts by now?"""
    if way == "stock":
        return
    for _ in range(600):
        have = counters.of(gw.name)
        if have["ctx_created"] - have["ctx_destroyed"] >= count:
            return
        time.sleep(0.1)
    raise SystemExit("contexts: %d of %d" % (
        have["ctx_created"] - have["ctx_destroyed"], count))


class Crowd:
    """Clients whose SAs a gateway has, each of them heard."""

    def __init__(self, bench, gw, row, way):
        self.bench, self.gw = bench, gw
        self.mode, self.size = row["mode"], row["size"]
        self.clients = [Client(n, way) for n in range(row["clients"])]
        gw.install(self.clients, self.mode)
        # else the first packets are of SAs that nobody knows
        if way in ("real", "moved"):
            known(gw, way, len(self.clients))
        self.hear()
        known(gw, way, len(self.clients))
        if way == "moved":
            for client in self.clients:
                client.port += MOVED
            self.hear()
            if counters.of(gw.name)["ctx_moved"] != len(self.clients):
                raise SystemExit("not all have moved")

    def burst(self, some):
        """A packet of each, and one that is answered."""
        last = some[-1]
        return [c.packet(self.bench.cipher, self.mode, self.size, L2TP)
                for c in some] + \
            [last.packet(self.bench.cipher, self.mode, self.size, CLOSED)]

    def feed(self, bursts):
        """All of them, to a socket that nobody reads."""
        with self.gw.socket(L2TP) as sink:
            times = self.bench.feed(self.gw, sink, map(self.burst, bursts))
        for sent, _, arrived in times:
            if arrived != sent - 1:
                raise SystemExit("%d of %d arrived" % (arrived, sent - 1))
        return times

    def hear(self):
        """Each sends once."""
        self.feed([self.clients[begin:begin + SHORT]
                   for begin in range(0, len(self.clients), SHORT)])

    def end(self, client):
        """Where the gateway's processes send to it."""
        return client.presented[0] if self.mode == frames.TRANSPORT \
            else client.inner


def receive(bench, row, way):
    """ESP in."""
    with Gateway(cable=True, batch=row["batch"]) as gw:
        crowd = Crowd(bench, gw, row, way)
        turn = itertools.cycle(crowd.clients)
        return crowd.feed([list(itertools.islice(turn, n)) for n in lengths()])


def send(bench, row, way):
    """ESP out, from one socket that is connected, or to each in turn."""
    with Gateway(cable=True) as gw:
        crowd = Crowd(bench, gw, row, way)
        gw.away()
        with gw.socket(L2TP) as sock:
            if row["connected"]:
                sock.connect((crowd.end(crowd.clients[0]), L2TP))
            turn = itertools.cycle([
                (crowd.end(c), 0 if row["connected"] else L2TP)
                for c in crowd.clients])
            return bench.send(sock, row["size"], [
                list(itertools.islice(turn, n)) for n in lengths()])


def plain(bench, row, _):
    """UDP that is nobody's: in, out, or forwarded."""
    size, cable = row["size"], row["to"] != "out"
    with Gateway(cable, firewall=row["firewall"]) as gw, \
            gw.socket(5000) as sock:
        if not cable:
            sock.connect(("192.0.2.254", 5000))
            return bench.send(sock, size,
                              [[("0.0.0.0", 0)] * n for n in lengths()])
        if row["to"] == "in":
            one = frames.udp(NAT, SERVER, 5000, 5000, size)
            last = frames.udp(NAT, SERVER, 5000, 5001, size)
        else:
            one = frames.udp(NAT, BEYOND, 5000, 5000, size)
            last = frames.udp(NAT, BEYOND, 5000, 5000, size, ttl=1)
        return bench.feed(gw, sock, [[one] * n + [last] for n in lengths()])


def plain_rows():
    """With a firewall, and without."""
    for firewall, to in itertools.product((True, False),
                                          ("in", "out", "forwarded")):
        yield {"what": plain, "name": "not ours, %s%s" % (
            to, ", firewall" if firewall else ""), "to": to,
            "firewall": firewall, "size": 64, "clients": 0,
            "ways": ("stock", "unused")}


def esp_row(what, mode, how, size, clients, ways):
    """One of ESP; how: single or batch, connected or unconnected."""
    verb = "receive" if what is receive else "send"
    return {"what": what, "name": "%s, %s, %s, %d bytes" % (
        verb, mode, how, size), "mode": mode, "batch": how == "batch",
        "connected": how == "connected", "size": size, "clients": clients,
        "ways": ("stock", *ways)}


def rows():
    """All of them, what takes long last."""
    yield from plain_rows()
    ways = {receive: ("single", "batch"), send: ("connected", "unconnected")}
    for mode, what, size in itertools.product(
            (frames.TRANSPORT, frames.TUNNEL), (receive, send), (64, 1400)):
        for how in ways[what]:
            yield esp_row(what, mode, how, size, 1, MODULE_WAYS)
    for clients in (10, 100, 1000, 10000):
        yield esp_row(receive, frames.TRANSPORT, "single", 64, clients,
                      ("alias",))
        yield esp_row(send, frames.TRANSPORT, "unconnected", 64, clients,
                      ("alias",))


def measure(bench, row, way):
    """A line of JSON."""
    cost, differ = judged(row["what"](bench, row, way))
    print(json.dumps({
        "row": row["name"], "clients": row["clients"], "way": way,
        "instructions": round(cost), "differ": round(differ, 2)}), flush=True)


def main():
    """The stock kernel first."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("cost")
    parser.add_argument("--rows", default="", metavar="TEXT",
                        help="only those whose names have it")
    parser.add_argument("--module", default=os.environ.get("ESP_NAT_KO"))
    args = parser.parse_args()
    run("modprobe", "-a", "xfrm_user", "esp4", "aesni_intel")
    bench = Bench(args.cost)
    asked = [row for row in rows() if args.rows in row["name"]]
    for loaded in (False, True):
        if loaded:
            run("insmod", args.module)
        for row in asked:
            for way in row["ways"]:
                if (way != "stock") == loaded:
                    measure(bench, row, way)
    run("rmmod", "esp_nat")


if __name__ == "__main__":
    main()
