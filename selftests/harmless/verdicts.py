#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What the differential bench (lib/harmless.sh) has found, out of KTAP files.

    verdicts.py FILE...    a table in Markdown, a line for each scene: how many of its
                      steps work without the module and with it

A scene that was played on several kernels counts once: a step works if it did
on all of them. The files are those of make check and make harmless:
.cache/check/*.
"""

import re
import sys

TOTAL = re.compile(r"^ *# harmless: (\d+) compared, (\d+) better, (\d+) worse$")
STEP = re.compile(r"^ *(?:not )?ok \d+ ([^#:]+): ([^#]+?) "
                  r"# (both|better|neither|worse)$")


def lines(paths):
    """Their lines."""
    for path in paths:
        with open(path, encoding="utf-8", errors="replace") as stream:
            for line in stream:
                yield line.rstrip("\n")


def total(paths):
    """How many steps were compared, better, worse; None where none was."""
    found = [tuple(map(int, match.groups()))
             for match in map(TOTAL.match, lines(paths)) if match]
    if not found:
        return None
    return tuple(map(sum, zip(*found)))


def scenes(paths):
    """By scene and step: whether it works without the module, and with it."""
    found = {}
    for match in map(STEP.match, lines(paths)):
        if not match:
            continue
        scene, step, verdict = match.groups()
        without = verdict in ("both", "worse")
        with_it = verdict in ("both", "better")
        before = found.setdefault(scene, {}).get(step, (True, True))
        found[scene][step] = (before[0] and without, before[1] and with_it)
    return found


def cell(steps, side):
    """How a scene went on one side, and the steps that failed."""
    failed = [step for step, works in steps.items() if not works[side]]
    if not failed:
        return "works"
    if len(failed) == len(steps):
        return "fails"
    return "%d of %d, not: %s" % (len(steps) - len(failed), len(steps),
                                  "; ".join(failed))


def table(paths):
    """The lines of the table."""
    yield "| scene | stock kernel | with esp_nat |"
    yield "|---|---|---|"
    for scene, steps in scenes(paths).items():
        yield "| %s | %s | %s |" % (scene, cell(steps, 0), cell(steps, 1))


if __name__ == "__main__":
    print("\n".join(table(sys.argv[1:])))
