#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Write what a run has shown of a kernel into the table of Documentation/kernels.rst.

    matrix.py built|core|whole KERNEL RELEASE ARCHITECTURE DAEMONS RESULT

KERNEL is a name of vm/kernels, DAEMONS what it ran with. The row of that kernel and
architecture gets today's date and RESULT in that column, and stays as it was in the
others, unless its release is another.
"""

import csv
import datetime
import io
import os
import re
import sys

TABLE = os.path.join(os.path.dirname(os.path.realpath(__file__)),
                     "../Documentation/kernels.rst")
COLUMNS = ("kernel", "release", "architecture", "flavour", "daemons", "built",
           "core", "whole")
# The lines of the table's rows, with what is before and behind them.
ROWS = re.compile(r"(.*^\.\. csv-table::[^\n]*\n(?:   :[^\n]*\n)*\n)"
                  r"((?:   [^\n]*\n)*)(.*)", re.S | re.M)


def flavour(release):
    """What Debian calls it, out of a release."""
    found = re.search(r"-(cloud|rt)-", release)
    return found.group(1) if found else "generic"


def order(row):
    """As versions are sorted, e.g. 6.1 before 6.12."""
    return [int(n) for n in re.findall(r"\d+", row["release"])[:3]], \
        row["release"], row["architecture"]


def merged(rows, new, column):
    """The rows, with the new one's column."""
    for row in rows:
        if (row["kernel"], row["architecture"], row["daemons"]) == \
                (new["kernel"], new["architecture"], new["daemons"]):
            if row["release"] != new["release"]:
                row.update(dict.fromkeys(COLUMNS[-3:], ""))
            row.update({k: new[k] for k in COLUMNS[:-3]})
            row[column] = new[column]
            return sorted(rows, key=order)
    return sorted(rows + [new], key=order)


def main():
    if len(sys.argv) != 7 or sys.argv[1] not in COLUMNS[-3:]:
        sys.exit(__doc__)
    column, kernel, release, architecture, daemons, result = sys.argv[1:]
    with open(TABLE, encoding="utf-8") as table:
        before, lines, behind = ROWS.fullmatch(table.read()).groups()
    rows = [dict(zip(COLUMNS, fields))
            for fields in csv.reader(line.strip() for line in lines.splitlines())]
    new = dict.fromkeys(COLUMNS, "")
    new.update(kernel=kernel, release=release, architecture=architecture,
               flavour=flavour(release), daemons=daemons)
    new[column] = "%s: %s" % (datetime.date.today(), result)
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for row in merged(rows, new, column):
        writer.writerow(row[name] for name in COLUMNS)
    text = "".join("   %s\n" % line for line in out.getvalue().splitlines())
    with open(TABLE + ".new", "w", encoding="utf-8") as table:
        table.write(before + text + behind)
    os.rename(TABLE + ".new", TABLE)


main()
