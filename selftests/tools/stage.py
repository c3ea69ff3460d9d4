#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The stage of a test: every socket of every namespace in one process.

Reads commands, a line each, and answers each with one line that begins
with `ok` or `err`; selftests/stage.sh drives it as a coprocess. Arguments are
key=value. So a shell test starts no process for a packet, and several
clients really send before anybody answers.
"""

import errno
import os
import random
import socket
import sys

import crowd
import ike
import migrate
import traffic
import wire


def pair(text, port=0):
    """addr:port, or addr with the given port; IPv6 in brackets."""
    if text.startswith("["):
        addr, _, number = text[1:].partition("]")
        number = number.lstrip(":")
    else:
        addr, _, number = text.partition(":")
    return addr, int(number or port)


def patience(a):
    """For how many seconds what is to come is awaited."""
    return float(a.get("timeout", "30"))


def number(text):
    """A number, decimal or 0x."""
    return int(text, 0)


class Stage:
    """The commands; a method `do_x` is the command `x`."""

    def __init__(self, directory):
        self.loop = wire.Loop()
        self.log = open(os.path.join(directory, "ike.jsonl"), "a",
                        encoding="ascii", buffering=1)
        self.ends = {}
        self.responders = {}
        self.socks = {}
        self.inboxes = {}
        self.sniffers = {}
        self.nats = []
        self.pumps = {}
        self.crowd = None

    def end(self, name):
        """An endpoint by name."""
        if name not in self.ends:
            raise wire.StageError("no endpoint " + name)
        return self.ends[name]

    # IKE

    def do_ike(self, a):
        """name= ns= addr= port= [marker encap late gro reuse dev bypass
        responder=]: open an IKE socket."""
        if a.get("late"):
            a["encap"] = 0
        end = ike.Endpoint(self.loop, a["name"], a["ns"], a["addr"],
                           number(a["port"]), a)
        self.ends[a["name"]] = end
        if a.get("responder"):
            end.responder = self.responders[a["responder"]]
        return ""

    def do_responder(self, a):
        """name=: what stands for a daemon; endpoints join it by name."""
        self.responders[a["name"]] = ike.Responder(a["name"], self.log)
        return ""

    def do_mode(self, a):
        """name= mode=answer|mute|cookie."""
        self.responders[a["name"]].mode = a["mode"]
        return ""

    def do_encap(self, a):
        """name=: set UDP_ENCAP (again)."""
        self.end(a["name"]).encap()
        return ""

    def do_close(self, a):
        """names=x,y: close sockets of any kind."""
        for name in a["names"].split(","):
            if name in self.ends:
                self.loop.drop(self.ends.pop(name).sock)
            elif name in self.socks:
                self.loop.drop(self.socks.pop(name))
            elif name in self.sniffers:
                self.loop.drop(self.sniffers.pop(name).sock)
            else:
                raise wire.StageError("nothing called " + name)
        return ""

    @staticmethod
    def payloads(a, spii, spir, version):
        """Its NAT detection payloads: own= and remote=, lists of addr:port
        (or `wrong`), hash= and natd= (20 or 130)."""
        if "own" not in a and "remote" not in a:
            return ()
        own, remote = ([end for end in a.get(side, "").split(",") if end]
                       for side in ("own", "remote"))
        return ike.nat_detection(spii, spir, version, own, remote,
                                 a.get("hash", "sha1"),
                                 number(a.get("natd", "20")))

    @classmethod
    def message(cls, a):
        """The message that a command's arguments describe."""
        version = number(a.get("ver", "1"))
        spii = ike.spi(a.get("spii", "random"))
        spir = ike.spi(a.get("spir", "0"))
        exchange = a.get("xchg", "34" if version == 2 else "2")
        flags = a.get("flags", "8" if version == 2 else "0")
        length = a.get("length")
        return ike.build(spii, spir, version,
                         number(exchange), number(flags),
                         number(a.get("msgid", "0")),
                         number(a.get("size", "60")),
                         number(length) if length else None,
                         cls.payloads(a, spii, spir, version))

    def do_send(self, a):
        """from= to=addr:port [spii spir ver xchg flags msgid size length
        own remote hash natd marker src times]: send and look at nothing."""
        end = self.end(a["from"])
        marker = bool(int(a["marker"])) if "marker" in a else None
        for _ in range(number(a.get("times", "1"))):
            end.send(self.message(a), pair(a["to"]), a.get("src"), marker)
            self.loop.turn(0)
        return ""

    def do_exchange(self, a):
        """As send, then wait for the answer. Says where it appeared to
        come from: presented=addr:port (none when nobody saw it),
        answered=1 when the answer reached the sender, its spir, from=."""
        end = self.end(a["from"])
        data = self.message(a)
        fields = ike.parse(data)
        key = (fields["spii"], fields["msgid"])
        marks = {n: len(r.seen) for n, r in self.responders.items()}
        del end.inbox[:]
        end.send(data, pair(a["to"]), a.get("src"))

        def presented():
            for name, responder in self.responders.items():
                if a.get("at", name) != name:
                    continue
                for entry in responder.seen[marks[name]:]:
                    if entry["kind"] == "ike" and \
                            (entry["spii"], entry["msgid"]) == key:
                        return entry
            return None

        def answer():
            for entry in end.inbox:
                if entry["kind"] == "ike" and \
                        (entry["spii"], entry["msgid"]) == key:
                    return entry
            return None

        timeout = patience(a)
        got = self.loop.until(answer, timeout)
        seen = presented()
        out = "answered=%d presented=%s spii=%s" % (
            bool(got), "%s:%d" % (seen["src"], seen["port"]) if seen
            else "none", fields["spii"])
        if seen:
            out += " addr=%s port=%d at=%s" % (seen["src"], seen["port"],
                                               seen["at"])
        if got:
            out += " spir=%s from=%s:%d" % (got["spir"], got["src"],
                                            got["port"])
        return out

    def do_start(self, a):
        """by=RESPONDER from=ENDPOINT to= want=ENDPOINT [timeout] ...: the
        responder begins an exchange; waits until it arrives at want, has
        that answer, and says how the answer was presented. own=, remote=,
        hash= and natd= are the answer's."""
        responder = self.responders[a["by"]]
        end, want = self.end(a["from"]), self.end(a["want"])
        claims = {n: a.pop(n) for n in ("own", "remote", "hash", "natd")
                  if n in a}
        data = self.message(a)
        fields = ike.parse(data)
        key = (fields["spii"], fields["msgid"])
        mark = len(responder.seen)
        del want.inbox[:]
        responder.start(end, data, pair(a["to"]), a.get("src"))

        def match(entries):
            for entry in entries:
                if entry["kind"] == "ike" and \
                        (entry["spii"], entry["msgid"]) == key:
                    return entry
            return None

        timeout = patience(a)
        got = self.loop.until(lambda: match(want.inbox), timeout)
        if not got:
            return "arrived=0 presented=none"
        spir = bytes.fromhex(got["spir"])
        if not any(spir):
            spir = ike.spi(a.get("rspi", "random"))
        flags = 0
        if got["version"] == 2:
            flags = ike.FLAG_RESPONSE
            if not got["flags"] & ike.FLAG_INITIATOR:
                flags |= ike.FLAG_INITIATOR
        spii = bytes.fromhex(got["spii"])
        want.send(ike.build(spii, spir, got["version"], got["exchange"],
                            flags, got["msgid"], 60, None,
                            self.payloads(claims, spii, spir,
                                          got["version"])),
                  (got["src"], got["port"]))
        seen = self.loop.until(lambda: match(responder.seen[mark:]), timeout)
        out = "arrived=1 from=%s:%d spii=%s spir=%s presented=%s" % (
            got["src"], got["port"], got["spii"], spir.hex(),
            "%s:%d" % (seen["src"], seen["port"]) if seen else "none")
        if seen:
            out += " addr=%s port=%d" % (seen["src"], seen["port"])
        return out

    def do_flood(self, a):
        """from= to= count= [ver xchg seed settle=0]: first messages with
        random SPIs, unanswered; says how many the responders saw. settle=0
        does not wait for the last of them."""
        end = self.end(a["from"])
        before = sum(len(r.seen) for r in self.responders.values())
        dest = pair(a["to"])
        total = number(a["count"])
        rng = random.Random(int(a.get("seed", "1")))
        version = number(a.get("ver", "1"))
        exchange = 34 if version == 2 else 2
        flags = 8 if version == 2 else 0
        for index in range(total):
            spii = rng.getrandbits(64).to_bytes(8, "big")
            message = ike.build(spii, version=version, exchange=exchange,
                                flags=flags)
            while True:
                try:
                    end.send(message, dest)
                    break
                except BlockingIOError:
                    # the send buffer is full: packets leave meanwhile
                    self.loop.turn(0.01)
            if index % 32 == 0:
                self.loop.turn(0)
        if a.get("settle") != "0":
            self.loop.settle()
        seen = sum(len(r.seen) for r in self.responders.values()) - before
        return "sent=%d seen=%d" % (total, seen)

    def do_handshakes(self, a):
        """from500= from4500= to= count=: count IKEv1 attempts that never
        get an SA: Main Mode on 500, then on 4500 with the SPIr that came
        back, as a client with a wrong PSK does. Says how many were
        answered on both."""
        done = 0
        first, later = self.end(a["from500"]), self.end(a["from4500"])
        addr = a["to"]
        for _ in range(number(a["count"])):
            spii = os.urandom(8)
            spir = b"\0" * 8
            for end, port in ((first, 500), (later, 4500)):
                del end.inbox[:]
                end.send(ike.build(spii, spir, size=60), (addr, port))
                hit = self.loop.until(
                    lambda e=end: [m for m in e.inbox if m["kind"] == "ike"
                                   and m["spii"] == spii.hex()],
                    patience(a))
                if not hit:
                    break
                spir = bytes.fromhex(hit[0]["spir"])
            else:
                done += 1
        return "done=%d" % done

    def do_seen(self, a):
        """by= spii= [timeout=]: how the last message with that SPIi was
        presented to a responder, and whether its body was intact."""
        responder = self.responders[a["by"]]

        def find():
            return [m for m in responder.seen if m["kind"] == "ike" and
                    m["spii"] == a["spii"].rjust(16, "0")]

        hits = self.loop.until(find, patience(a))
        if not hits:
            return "count=0 presented=none"
        last = hits[-1]
        return "count=%d presented=%s:%d addr=%s port=%d size=%d intact=%d" % (
            len(hits), last["src"], last["port"], last["src"], last["port"],
            last["size"], last["intact"])

    def do_inbox(self, a):
        """name= [wait=N timeout= kind=]: how much an endpoint got; the
        last one's fields."""
        end = self.end(a["name"])

        def mine():
            return [m for m in end.inbox
                    if a.get("kind", m["kind"]) == m["kind"]]

        self.loop.until(lambda: len(mine()) >= number(a.get("wait", "0")),
                        patience(a))
        out = "count=%d" % len(mine())
        if mine():
            out += "".join(" %s=%s" % (k, v) for k, v in mine()[-1].items())
        return out

    def do_clear(self, a):
        """name=: forget what an endpoint got."""
        self.loop.settle()
        del self.end(a["name"]).inbox[:]
        return ""

    # The kernel's own state

    @staticmethod
    def counters(ns):
        """esp_nat's counters of a namespace."""
        with wire.netns(ns):
            with open("/proc/thread-self/net/esp_nat_stat",
                      encoding="ascii") as text:
                return {w[0]: int(w[1]) for w in map(str.split, text)}

    def do_stat(self, a):
        """ns= [names=x,y]: esp_nat's counters."""
        self.loop.settle(0.01)
        have = self.counters(a["ns"])
        names = a["names"].split(",") if "names" in a else have
        return " ".join("%s=%d" % (n, have[n]) for n in names)

    def do_await(self, a):
        """ns= name= min=|is= [timeout=]: serve everybody until a counter
        is there; value=."""
        def there():
            value = self.counters(a["ns"])[a["name"]]
            return value >= number(a["min"]) if "min" in a \
                else value == number(a["is"])

        good = self.loop.until(there, patience(a))
        return "good=%d value=%d" % (
            bool(good), self.counters(a["ns"])[a["name"]])

    def do_sysctl(self, a):
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

    def do_sysctls(self, a):
        """ns= NAME=VALUE...: write several, with their whole names."""
        with wire.netns(a.pop("ns")):
            for name, value in a.items():
                with open("/proc/sys/" + name.replace(".", "/"), "w",
                          encoding="ascii") as out:
                    out.write(value + "\n")
        return ""

    def do_netns(self, a):
        """add=NAME,... | del=NAME,...: as ip netns does, but quicker."""
        for name in a.get("add", "").split(","):
            if name:
                wire.netns_add(name)
        for name in a.get("del", "").split(","):
            if name:
                wire.netns_del(name)
        return ""

    def do_reset(self, _):
        """As when the stage had just begun: nothing is open."""
        for pump in self.pumps.values():
            pump.stop()
        for sock, _ in list(self.loop.readers.values()):
            if sock is not sys.stdin:
                self.loop.drop(sock)
        for sock in self.socks.values():
            sock.close()
        for nat in self.nats:
            nat.raw.close()
        for kept in (self.ends, self.responders, self.socks, self.inboxes,
                     self.sniffers, self.nats, self.pumps):
            kept.clear()
        return ""

    def do_ifup(self, a):
        """ns= dev= addr= [default=1]: address (with 24 bits of network),
        on, and the default route by it."""
        wire.ifup(a["ns"], a["dev"], a["addr"])
        if a.get("default"):
            wire.default_route(a["ns"], a["dev"])
        return ""

    def do_off(self, _):
        """Switch esp_nat off in our own and every named namespace."""
        for name in ["", *os.listdir("/run/netns")]:
            self.do_sysctl({"ns": name, "name": "esp_nat.enabled",
                            "value": "0"})
        return ""

    def do_migrate(self, a):
        """ns= way=in|out peer= to= local= reqid= policy= [port= mode=
        encap=]: xfrm_migrate, see migrate.py."""
        migrate.migrate(a)
        return ""

    # Plain packets

    def do_udp(self, a):
        """name= ns= [addr= port= dev= df=0|1 options=HEX]: open a UDP
        socket; options: of IP, of IPv6 those for the destination."""
        ipv6 = ":" in a.get("addr", "")
        with wire.netns(a["ns"]):
            sock = socket.socket(socket.AF_INET6 if ipv6 else socket.AF_INET,
                                 socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, wire.SO_RCVBUFFORCE, 8 << 20)
        if a.get("dev"):
            sock.setsockopt(socket.SOL_SOCKET, wire.SO_BINDTODEVICE,
                            a["dev"].encode() + b"\0")
        if a.get("df"):
            sock.setsockopt(socket.IPPROTO_IP, wire.IP_MTU_DISCOVER,
                            wire.IP_PMTUDISC_DO if number(a["df"])
                            else wire.IP_PMTUDISC_DONT)
        if a.get("options"):
            sock.setsockopt(*((socket.IPPROTO_IPV6, socket.IPV6_DSTOPTS)
                              if ipv6 else
                              (socket.IPPROTO_IP, socket.IP_OPTIONS)),
                            bytes.fromhex(a["options"]))
        sock.bind((a.get("addr", "0.0.0.0"), number(a.get("port", "0"))))
        sock.setblocking(False)
        self.socks[a["name"]] = sock
        return "port=%d" % sock.getsockname()[1]

    def sock(self, name):
        """A plain or an IKE socket by name."""
        if name in self.socks:
            return self.socks[name]
        return self.end(name).sock

    def do_data(self, a):
        """from= to=addr:port [hex= | size=] [times=]: send a plain UDP
        payload, from an IKE socket too. Says errno=0 or the name."""
        sock = self.sock(a["from"])
        data = bytes.fromhex(a.get("hex", "")) or \
            b"x" * number(a.get("size", "0"))
        for _ in range(number(a.get("times", "1"))):
            try:
                sock.sendto(data, pair(a["to"]))
            except OSError as error:
                return "errno=%d error=%s" % (
                    error.errno, os.strerror(error.errno).replace(" ", "_"))
        return "errno=0"

    def do_take(self, a):
        """name= [timeout= wait=]: what a plain UDP socket got since the last
        take; after a burst one take comes first, to read it from then on."""
        sock = self.socks[a["name"]]
        got = self.inboxes.setdefault(a["name"], [])

        def read(one):
            try:
                got.append(one.recvfrom(65536))
            except OSError:
                pass

        self.loop.add(sock, read)
        self.loop.until(lambda: len(got) >= number(a.get("wait", "1")),
                        patience(a))
        out = "count=%d" % len(got)
        if got:
            data, source = got[-1]
            out += " size=%d src=%s port=%d hex=%s" % (
                len(data), source[0], source[1], data[:32].hex())
        got.clear()
        return out

    def do_raw(self, a):
        """ns= src= dst= [proto= sport= dport= hex= size= check=good|bad|none
        cuts=a,b df=1 times= spread=1 marker=1 + the fields of an IKE
        message]: send packets made by hand, with a UDP header if there is a
        sport; spread: so many from each processor."""
        proto = number(a.get("proto", "17"))
        if a.get("ike"):
            payload = self.message(a)
            if int(a.get("marker", "0")):
                payload = ike.MARKER + payload
        else:
            payload = bytes.fromhex(a.get("hex", ""))
            payload += b"x" * number(a.get("size", "0"))
        if proto == 17 and "sport" in a:
            payload = wire.udp_datagram(a["src"], a["dst"],
                                        number(a["sport"]),
                                        number(a["dport"]), payload,
                                        a.get("check", "good"))
        cuts = [int(c) for c in a.get("cuts", "").split(",") if c]
        with wire.netns(a["ns"]):
            sock = socket.socket(socket.AF_INET, socket.SOCK_RAW,
                                 socket.IPPROTO_RAW)
        with sock:
            for _ in wire.processors() if a.get("spread") else (0,):
                for _ in range(number(a.get("times", "1"))):
                    for packet in wire.ipv4_packets(
                            a["src"], a["dst"], proto, payload,
                            bool(a.get("df")), cuts):
                        sock.sendto(packet, (a.get("via", a["dst"]), 0))
        self.loop.turn(0)
        return ""

    def do_sniff(self, a):
        """name= ns= dev= [ip=4|6]: begin to watch a device."""
        self.sniffers[a["name"]] = wire.Sniffer(self.loop, a["ns"], a["dev"],
                                                number(a.get("ip", "4")))
        return ""

    def do_sniffed(self, a):
        """name= [proto= src= dst= sport= dport= check= frag= df= len>= sum=
        type=]: how many such packets crossed it so far, and of how many ids."""
        self.loop.settle()
        want = {k: v for k, v in a.items() if k != "name"}
        found = self.sniffers[a["name"]].find(want)
        return "count=%d ids=%d" % (len(found),
                                    len({p["id"] for p in found}))

    def do_resend(self, a):
        """name= ns= from=addr:port [times=] [flip=OFFSET] + what sniffed
        takes: send the last such UDP packet once more, from another
        endpoint; flip inverts a byte of its payload."""
        self.loop.settle()
        own = ("name", "ns", "from", "times", "flip")
        want = {k: v for k, v in a.items() if k not in own}
        found = self.sniffers[a["name"]].find(want)
        if not found:
            raise wire.StageError("no such packet")
        packet = found[-1]
        addr, port = pair(a["from"])
        data = bytearray(packet["data"][8:])
        if "flip" in a:
            data[number(a["flip"])] ^= 0xff
        self.do_raw({"ns": a["ns"], "src": addr, "dst": packet["dst"],
                     "sport": str(port), "dport": str(packet["dport"]),
                     "hex": data.hex(), "check": "none",
                     "times": a.get("times", "1")})
        return "seq=%d" % int.from_bytes(data[4:8], "big")

    def do_cable(self, a):
        """ns= one=DEV other=DEV: be the wire between the two, which carries
        nothing but bytes."""
        wire.Cable(self.loop, a["ns"], a["one"], a["other"])
        return ""

    def do_passthrough(self, a):
        """ns= inside=DEV outside=ADDR: become the NAT for port 500."""
        self.nats.append(wire.Passthrough(self.loop, a["ns"], a["inside"],
                                          a["outside"]))
        return ""

    # Traffic

    def do_burst(self, a):
        """server= target=addr:port peers=name:sock:presented:port,...
        [proto=udp|icmp|tcp rounds= size= push=0 wait=]: everybody sends
        at the same time, both ways; see traffic.py. For icmp and tcp,
        server and sock are namespaces."""
        proto = a.get("proto", "udp")
        burst = traffic.Burst(self.loop, number(a.get("rounds", "5")),
                              number(a.get("size", "120")))
        burst.wait_for = float(a.get("wait", traffic.WAIT))
        target = pair(a["target"])
        peers = []
        for text in a["peers"].split(","):
            name, sock, presented, port = text.split(":")
            peers.append((name, self.socks[sock] if proto == "udp" else sock,
                          presented, number(port)))
        if proto == "udp":
            return burst.run_udp(self.socks[a["server"]], peers, target,
                                 bool(number(a.get("push", "1"))))
        if proto == "icmp":
            return burst.run_icmp(a["server"], peers, target[0])
        return burst.run_tcp(a["server"], peers, target[0], target[1])

    def do_pump(self, a):
        """flows=sock>addr:port,... [name=]: from now on send on all these
        sockets, up to 200 times a second, until `pump stop=1 [name=]`. Errors are
        what the test is about, so they are only counted; gap_ms= is the longest
        time in which no flow was served. `pump begun=1`: waits for the first."""
        name = a.get("name", "")
        if a.get("begun"):
            return "begun=%d" % self.pumps[name].begun.wait(60)
        if a.get("stop"):
            return "sent=%d refused=%d gap_ms=%d" % self.pumps.pop(name).stop()
        flows = []
        for text in a["flows"].split(","):
            sock, dest = text.split(">")
            flows.append((self.sock(sock).dup(), pair(dest)))
        self.pumps[name] = traffic.Pump(flows)
        return ""

    # Thousands

    def do_crowd(self, a):
        """ns= local=addr count=: so many SAs, of a client each; crowd.py."""
        self.crowd = crowd.Crowd(a["ns"], a["local"], number(a["count"]))
        self.crowd.install()
        return ""

    def do_crowd_send(self, a):
        """ns= port= seq= [burst=]: one ESP packet of each, from port.
        Waits for each burst to arrive: all=1."""
        server = self.crowd.server
        before = self.counters(server)["in_esp"]
        return "all=%d" % self.crowd.send(
            a["ns"], number(a["port"]), number(a["seq"]),
            number(a.get("burst", "200")),
            lambda n: self.loop.until(
                lambda: self.counters(server)["in_esp"] - before >= n, 60))

    def do_crowd_keepalives(self, a):
        """name=SNIFFER port=: keepalives that crossed it, to that port of
        these clients: count=, to peers= of them; other packets: others=."""
        self.loop.settle()
        return "count=%d peers=%d others=%d" % self.crowd.keepalives(
            self.sniffers[a["name"]].seen, number(a["port"]))

    def do_wait(self, a):
        """seconds=: serve everybody for that long, for tests of expiry."""
        self.loop.until(lambda: False, float(a["seconds"]))
        return ""

    # The line loop

    def command(self, line):
        """Carry out one line; the answer's text."""
        verb, *rest = line.split()
        method = getattr(self, "do_" + verb.replace("-", "_"), None)
        if not method:
            raise wire.StageError("no command " + verb)
        return method(dict(word.split("=", 1) if not word.startswith("len>")
                           else ("len>", word.split("=", 1)[1])
                           for word in rest))

    def serve(self):
        """Until the shell closes our input."""
        running = True
        buffered = b""

        def read(_):
            nonlocal running, buffered
            piece = os.read(0, 65536)
            if not piece:
                running = False
            buffered += piece

        self.loop.readers[0] = (sys.stdin, read)
        self.loop.poll.register(0, 1)
        while running or b"\n" in buffered:
            while b"\n" in buffered:
                line, _, buffered = buffered.partition(b"\n")
                text = line.decode().strip()
                if not text:
                    continue
                try:
                    answer = "ok " + self.command(text)
                except KeyError as error:
                    answer = "err %s: needs or knows no %s" % (text, error)
                except (wire.StageError, OSError, ValueError) as error:
                    answer = "err %s: %s" % (text, error)
                print(answer.rstrip(), flush=True)
            if running:
                self.loop.turn(1)


if __name__ == "__main__":
    Stage(sys.argv[1]).serve()
