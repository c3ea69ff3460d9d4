#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""How long are softirqs held off, or kept, by esp_nat?

    sections.py start               from now on; the module is loaded
    sections.py report LIMIT        the longest, in microseconds; fails if one
                                    is longer than LIMIT; no more then

Two kinds of section, each with softirqs off:
* from spin_lock_bh to spin_unlock_bh, of ours, and of xfrm_state_walk, in
  which our visitors run: kprobes on both, with the caller's address;
* each call of a function of ours that the kernel calls in softirq, and of
  iptunnel_xmit, by which keepalives leave: function_graph.

Only for one processor whose clock counts instructions (run.sh --icount): else
what other processors, or other users of the machine, do is in the figures.
Whole softirqs, the kernel's part included, are shown but not judged.
"""

import os
import re
import sys

TRACING = "/sys/kernel/tracing/"
# Events have a time only where function_graph does not show them.
EVENTS = "instances/sections/"
# the shortest call that is worth a line, in microseconds
NOTABLE = 5
PROBES = ("_raw_spin_lock_bh", "_raw_spin_unlock_bh")
# Not ours, but they run what is: the walk over the SAs; and work, whose last
# unlock may be a jump, so that it returns there.
HOSTS = ("xfrm_state_walk", "process_one_work")
ENTRIES = re.compile(r"esp_nat_(hook_(pre|post|local)_.*|xfrm_(input|rcv|rcv_cb)"
                     r"|gro_(receive|rcv).*|binding_free|route_free)$")
EVENT = re.compile(r"\s*(\S+-\d+)\s+\[\d+\].*?\s([\d.]+): (\w+): "
                   r"\(.*\) caller=0x([0-9a-f]+)")
CALL = re.compile(r"([\d.]+) us\s*\|\s*(?:\} /\* )?(\w+)")
KEEPALIVE = "iptunnel_xmit"
# Without these nothing was seen that is worth a verdict.
WANTED = {"lock held, xfrm_state_walk", "lock held, esp_nat_death_flush",
          "call, esp_nat_xfrm_rcv_cb", "call, " + KEEPALIVE}
WRITTEN = re.compile(r"entries-in-buffer/entries-written: (\d+)/(\d+)")
WHOLE = re.compile(r"\{ vec: +(\d+), common_pid: +(\d+) \}[^{}]*?max: +(\d+)")
TRIGGERS = (
    ("events/irq/softirq_entry/trigger",
     "hist:keys=vec,common_pid:begun=common_timestamp"),
    ("events/irq/softirq_exit/trigger",
     "hist:keys=vec,common_pid:took=common_timestamp-$begun:"
     "onmax($took).save(vec)"))
SOFTIRQS = {"1": "TIMER", "3": "NET_RX", "7": "SCHED", "8": "HRTIMER",
            "9": "RCU"}


def write(path, text, flag=os.O_TRUNC):
    """Write a file below tracing; some take a word at a time."""
    out = os.open(TRACING + path, os.O_WRONLY | flag)
    data = text.encode() + b"\n"
    try:
        while data:
            data = data[os.write(out, data):]
    finally:
        os.close(out)


def read(path):
    """Read a file below tracing."""
    with open(TRACING + path, encoding="ascii") as text:
        return text.read()


class Symbols:
    """Which functions are ours or HOSTS, and where."""

    def __init__(self):
        found = []
        with open("/proc/kallsyms", encoding="ascii") as text:
            for words in map(str.split, text):
                if words[1] in "tT":
                    found.append((int(words[0], 16), words[2],
                                  words[3:] == ["[esp_nat]"]))
        found.sort()
        self.spans = []
        self.ours = []
        for index, (begin, name, ours) in enumerate(found):
            if not ours and name not in HOSTS:
                continue
            end = begin + 0x1000
            for later, _, _ in found[index + 1:index + 100]:
                if later > begin:
                    end = min(end, later)
                    break
            self.spans.append((begin, end, name))
            if ours:
                self.ours.append(name)

    def at(self, address):
        """The function that has an address."""
        for begin, end, name in self.spans:
            if begin <= address < end:
                return name
        return None

    def condition(self):
        """An event filter for a caller among them."""
        spans = []
        for begin, end, _ in sorted(self.spans):
            if spans and begin - spans[-1][1] < 0x100:
                spans[-1][1] = end
            else:
                spans.append([begin, end])
        return " || ".join("(caller >= 0x%x && caller < 0x%x)" % tuple(s)
                           for s in spans)


def start():
    """Set the tracers and go."""
    symbols = Symbols()
    os.mkdir(TRACING + EVENTS)
    for place in ("", EVENTS):
        write(place + "buffer_size_kb", "65536")
    for name in PROBES:
        write("kprobe_events", "p:sections/%s %s caller=$stack0:x64" %
              (name.strip("_"), name), os.O_APPEND)
    for name in PROBES:
        event = EVENTS + "events/sections/%s/" % name.strip("_")
        write(event + "filter", symbols.condition())
        write(event + "enable", "1")
    entries = sorted(filter(ENTRIES.match, symbols.ours))
    if not entries:
        sys.exit("none of our functions is known")
    write("set_ftrace_filter", "\n".join([*entries, KEEPALIVE]))
    write("tracing_thresh", str(NOTABLE))
    write("current_tracer", "function_graph")
    for path, trigger in TRIGGERS:
        write(path, trigger)
    print("# calls of", *entries)


def stop():
    """Undo all that."""
    for path, trigger in reversed(TRIGGERS):
        write(path, "!" + trigger)
    write("current_tracer", "nop")
    write("tracing_thresh", "0")
    write("set_ftrace_filter", "")
    for name in PROBES:
        write(EVENTS + "events/sections/%s/enable" % name.strip("_"), "0")
    os.rmdir(TRACING + EVENTS)
    write("kprobe_events", "")
    write("tracing_on", "1")


def holds(lines, symbols):
    """(microseconds, what) of each hold of a lock."""
    begun = {}
    for line in lines:
        match = EVENT.match(line)
        if not match:
            continue
        task, when, event = match[1], float(match[2]) * 1e6, match[3]
        if event == "raw_spin_lock_bh":
            begun[task] = (when, symbols.at(int(match[4], 16)))
        elif task in begun:
            then, name = begun.pop(task)
            yield when - then, "lock held, " + name


def calls(lines):
    """(microseconds, what) of each notable call in softirq."""
    for line in lines:
        match = CALL.search(line)
        if match:
            yield float(match[1]), "call, " + match[2]


def report(limit):
    """Print the longest of each kind; whether all are within the limit."""
    for place in ("", EVENTS):
        write(place + "tracing_on", "0")
    longest, number = {}, {}
    events = read(EVENTS + "trace")
    for took, what in [*holds(events.splitlines(), Symbols()),
                       *calls(read("trace").splitlines())]:
        longest[what] = max(took, longest.get(what, 0))
        number[what] = number.get(what, 0) + 1
    for what in sorted(longest, key=longest.get, reverse=True):
        print("%8d us  %s (%d seen)" % (longest[what], what, number[what]))
    whole = {}
    for vec, pid, took in WHOLE.findall(read("events/irq/softirq_exit/hist")):
        whole[vec] = max(whole.get(vec, (0, 0)), (int(took) // 1000, int(pid)))
    for vec, name in SOFTIRQS.items():
        if vec in whole:
            print("%8d us  whole softirq, not judged, %s in process %d" %
                  (whole[vec][0], name, whole[vec][1]))
    stop()
    kept, written = WRITTEN.search(events).groups()
    missing = WANTED - longest.keys()
    if kept != written or missing:
        print("events lost: of", written, "there are", kept, *missing)
        return False
    return max(longest.values()) <= limit


if __name__ == "__main__":
    if sys.argv[1] == "start":
        start()
    elif not report(int(sys.argv[2])):
        sys.exit(1)
