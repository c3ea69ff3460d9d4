#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Write counters.rst from esp_nat/counters.h; with --check, compare."""

import os
import re
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
ENTRY = re.compile(r'ESP_NAT_STAT\((\w+), "([^"]*)", \\\s*"([^"]*)"\)')
HEAD = """.. SPDX-License-Identifier: GPL-2.0
.. Written by counters.py from esp_nat/counters.h.

========
Counters
========

``espnat stats`` shows them, with -s what each means and what to do when it
rises; so does ``/proc/net/esp_nat_stat`` of each network namespace, a line
each: name and value since the module was loaded or the namespace made. What
begins with ``drop_`` or ``out_no`` or ``out_error`` is a dropped packet, and one
``esp_nat:esp_nat_drop`` trace event with that name as reason.

"""
MIDDLE = """
``ctx_created`` less ``ctx_destroyed`` is the number of contexts,
``alias_given`` less ``alias_released`` that of aliases in use.

What to do
==========

These tell of a problem when they rise.

"""


def table(rows):
    """A simple table."""
    width = max(len(name) for name, _ in rows)
    bar = "=" * width + " " + "=" * 60
    lines = [bar]
    for name, text in rows:
        out, line = [], ""
        for word in text.split():
            if line and len(line) + 1 + len(word) > 60:
                out.append(line)
                line = word
            else:
                line = (line + " " + word).strip()
        out.append(line)
        lines.append(f"{name:{width}} {out[0]}".rstrip())
        lines += [" " * (width + 1) + more for more in out[1:]]
    return "\n".join(lines + [bar]) + "\n"


def document():
    """The whole text."""
    with open(f"{HERE}/../esp_nat/counters.h", encoding="ascii") as source:
        entries = ENTRY.findall(source.read())
    return HEAD + table([(n, m) for n, m, _ in entries]) + MIDDLE + \
        table([(n, r) for n, _, r in entries if r])


def main():
    """The exit status."""
    path = f"{HERE}/counters.rst"
    if sys.argv[1:] == ["--check"]:
        with open(path, encoding="ascii") as old:
            if old.read() == document():
                return 0
        print("Documentation/counters.rst is not current: run Documentation/counters.py")
        return 1
    with open(path, "w", encoding="ascii") as new:
        new.write(document())
    return 0


sys.exit(main())
