#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Two results of scene.sh side by side: table.py WITHOUT WITH

Exit status 0 only if in the second every client is up and nothing is clear.
"""

import sys

HEAD = ("IKE", "L2TP", "pings up/down", "the server sees", "clear")


def read(path):
    """Rows by client name, the packets in the clear, the pings expected."""
    rows, clear, count = {}, None, None
    with open(path, encoding="ascii") as lines:
        for line in lines:
            words = line.split()
            if words[0] == "clear":
                clear = int(words[1])
            elif words[0] == "pings":
                count = int(words[1])
            else:
                name, ike, l2tp, up, down, seen, bare = words
                rows[name] = (ike, l2tp, int(up), int(down), seen, int(bare))
    if clear is None or count is None or not rows:
        sys.exit(f"{path}: not a complete result")
    return rows, clear, count


def cells(row, count):
    ike, l2tp, up, down, seen, bare = row
    return (ike, l2tp, f"{up}/{down} of {count}", seen, str(bare))


def works(row, count):
    return row[:4] == ("yes", "yes", count, count) and row[5] == 0


def main():
    sides = [read(path) for path in sys.argv[1:3]]
    names = list(sides[1][0])
    table = [cells(rows[name], count)
             for rows, _, count in sides for name in names]
    widths = [max(len(row[i]) for row in [HEAD, *table])
              for i in range(len(HEAD))]
    first = max(len(name) for name in names + ["together"])

    def line(left, *parts):
        print(" ", left.ljust(first), *("| " + part for part in parts))

    def columns(row):
        return "  ".join(c.ljust(w) for c, w in zip(row, widths))

    width = len(columns(HEAD))
    line("", "without esp_nat".center(width), "with esp_nat".center(width))
    line("", columns(HEAD), columns(HEAD))
    print(" ", "-" * first, *["+-" + "-" * width] * 2)
    for name in names:
        line(name, *(columns(cells(rows[name], count))
                     for rows, _, count in sides))
    print(" ", "-" * first, *["+-" + "-" * width] * 2)
    verdicts = []
    for rows, clear, count in sides:
        good = sum(works(row, count) for row in rows.values())
        verdicts.append((good, len(rows), clear))
    line("together", *(f"{good} of {all} work, {clear} packets in the clear"
                       .ljust(width) for good, all, clear in verdicts))
    print()
    good, expected, clear = verdicts[1]
    if good == expected and clear == 0:
        print("With esp_nat every client is up at the same time,"
              " and nothing went in the clear.")
        return 0
    print("FAILED: with esp_nat not every client is up,"
          " or something went in the clear.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
