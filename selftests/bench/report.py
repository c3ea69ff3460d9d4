#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What the bench has measured, for people.

    report.py progress FILE     keep the lines that come in, and say how far it is
    report.py table FILE        a table
    report.py record FILE...    into Documentation/performance.rst and its drawing
"""

import datetime
import json
import math
import os
import re
import sys

DOCUMENTATION = os.path.join(os.path.dirname(os.path.realpath(__file__)),
                             "../../Documentation")
PAGE = os.path.join(DOCUMENTATION, "performance.rst")
DRAWING = os.path.join(DOCUMENTATION, "performance.svg")
WAYS = ("unused", "real", "moved", "alias")
# two halves of a run that differ by more are the bench's fault
FAULT = 1.0
BEGIN, END = ".. measured: begin\n", ".. measured: end\n"


def read(path):
    """The lines of a kernel."""
    with open(path, encoding="ascii") as text:
        return [json.loads(line) for line in text]


def progress(path):
    """One line that counts."""
    lines = 0
    with open(path + ".new", "w", 1, encoding="ascii") as out:
        for line in sys.stdin:
            if not line.startswith("{"):
                print(line, end="", file=sys.stderr)
                continue
            out.write(line)
            lines += 1
            if sys.stderr.isatty():
                print("\r%d figures" % lines, end="", file=sys.stderr)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    if not lines:
        sys.exit("nothing was measured")
    os.replace(path + ".new", path)


def table(lines):
    """Rows: what, clients, stock's instructions, and how many times that each way
    takes, or its instructions where stock has none."""
    found = {}
    for line in lines:
        found.setdefault((line["row"], line["clients"]), {})[line["way"]] = \
            line["instructions"]
    for (name, clients), ways in found.items():
        stock = ways.get("stock")
        cells = ["{:,}".format(stock) if stock else ""]
        for way in WAYS:
            if way not in ways:
                cells.append("")
            elif stock:
                cells.append("%.3f" % (ways[way] / stock))
            else:
                cells.append("{:,}".format(ways[way]))
        yield [name, str(clients or ""), *cells]


def heads():
    """Of the columns."""
    return ["what", "clients", "stock", *WAYS]


def faults(lines):
    """What two halves of a run did not agree on."""
    return ["%s, %s, %d clients: two halves differ by %.2f %%" % (
        line["row"], line["way"], line["clients"], line["differ"])
        for line in lines if line["differ"] > FAULT]


def show(path):
    """The table as text."""
    lines = read(path)
    rows = [heads(), *table(lines)]
    width = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join([row[0].ljust(width[0])] + [
            cell.rjust(w) for cell, w in zip(row[1:], width[1:])]))
    for fault in faults(lines):
        print("# " + fault)


# ---- the page ----


def page_table(name, lines):
    """A table of Documentation/performance.rst."""
    out = [".. csv-table:: %s" % name, "   :header: %s" % ", ".join(heads()),
           "   :widths: 40, 8, 10, 9, 9, 9, 9", ""]
    out += ["   " + ", ".join('"%s"' % cell for cell in row)
            for row in table(lines)]
    return "\n".join(out) + "\n\n"


def record(paths):
    """All kernels into the page."""
    kernels = {os.path.basename(p)[:-len(".json")]: read(p) for p in paths}
    text = "Measured on %s.\n\n" % datetime.date.today()
    for name, lines in kernels.items():
        text += page_table(name, lines)
    worst = [f for lines in kernels.values() for f in faults(lines)]
    text += "Two halves of a run differ by more than %d %% in %d of %d figures.\n\n" % (
        FAULT, len(worst), sum(map(len, kernels.values())))
    with open(PAGE, encoding="utf-8") as page:
        before, _, rest = page.read().partition(BEGIN)
    _, _, behind = rest.partition(END)
    with open(PAGE, "w", encoding="utf-8") as page:
        page.write(before + BEGIN + "\n" + text + END + behind)
    with open(DRAWING, "w", encoding="utf-8") as out:
        out.write(drawing(kernels))


# ---- the drawing: cost against clients ----

LEFT, TOP, WIDTH, HEIGHT = 80, 30, 480, 300
DECADES_X, LOW, DECADES_Y = 4, 3, 3     # 1 to 10,000 clients, 10^3 to 10^6
COLOURS = ("#c1440e", "#1f6f8b", "#4b8b3b", "#7b4b94")


def place(clients, cost):
    """Where a point is; both axes are logarithmic."""
    return (LEFT + WIDTH * math.log10(clients) / DECADES_X,
            TOP + HEIGHT * (1 - (math.log10(cost) - LOW) / DECADES_Y))


def curves(kernels):
    """(what, points) of each row that has several numbers of clients."""
    for kernel, lines in kernels.items():
        found = {}
        for line in lines:
            if line["clients"]:
                found.setdefault((line["row"], line["way"]), []).append(
                    (line["clients"], line["instructions"]))
        for (row, way), points in found.items():
            if len(points) > 2:
                yield "%s: %s, %s" % (kernel, re.sub(", .*", "", row), way), points


def drawing(kernels):
    """An SVG."""
    found = list(curves(kernels))
    out = ['<!-- SPDX-License-Identifier: GPL-2.0 -->',
           '<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
           'font-family="sans-serif" font-size="12">' % (
               LEFT + WIDTH + 20, TOP + HEIGHT + 50 + 16 * len(found))]
    for power in range(DECADES_X + 1):
        x, y = place(10 ** power, 10 ** LOW)
        out.append('<path d="M%.0f %.0fV%d" stroke="#ddd"/>' % (x, y, TOP))
        out.append('<text x="%.0f" y="%.0f" text-anchor="middle">%s</text>' % (
            x, y + 18, "{:,}".format(10 ** power)))
    for power in range(LOW, LOW + DECADES_Y + 1):
        x, y = place(1, 10 ** power)
        out.append('<path d="M%.0f %.0fh%d" stroke="#ddd"/>' % (x, y, WIDTH))
        out.append('<text x="%.0f" y="%.0f" text-anchor="end">%s</text>' % (
            x - 6, y + 4, "{:,}".format(10 ** power)))
    out.append('<text x="%d" y="%d">instructions a packet, against clients '
               'behind one NAT</text>' % (LEFT, TOP - 12))
    for number, (name, points) in enumerate(found):
        colour = COLOURS[number % len(COLOURS)]
        dashes = ' stroke-dasharray="5 3"' if name.endswith("stock") else ""
        out.append('<polyline fill="none" stroke="%s"%s points="%s"/>' % (
            colour, dashes, " ".join("%.0f,%.0f" % place(*p)
                                     for p in sorted(points))))
        y = TOP + HEIGHT + 48 + 16 * number
        out.append('<path d="M%d %dh30" stroke="%s"%s/><text x="%d" y="%d">%s'
                   '</text>' % (LEFT, y - 4, colour, dashes, LEFT + 38, y, name))
    return "\n".join(out + ["</svg>"]) + "\n"


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "progress":
        progress(sys.argv[2])
    elif len(sys.argv) == 3 and sys.argv[1] == "table":
        show(sys.argv[2])
    elif len(sys.argv) > 2 and sys.argv[1] == "record":
        record(sys.argv[2:])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
