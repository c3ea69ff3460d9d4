# SPDX-License-Identifier: GPL-2.0
"""What can be measured of a directory of C, so that two can be compared."""

import os
import re

import calls
import csyntax
import graph
import tree

PER_NET = re.compile(r"\bstruct\s+esp_nat_net\s*\*")


def part(lengths, share):
    """The length that this share of the sorted lengths does not exceed."""
    if not lengths:
        return 0
    return lengths[max(0, -int(-len(lengths) * share // 1) - 1)]


def conditions(texts):
    """How many #if, #ifdef and #ifndef, and how many of them guard headers."""
    count = guards = 0
    for path, text in texts.items():
        bare = csyntax.uncommented(text)
        count += len(re.findall(r"^[ \t]*#[ \t]*if", bare, re.M))
        guards += path.endswith(".h") and bool(
            re.match(r"\s*#\s*ifndef\s+(\w+)\s*\n\s*#\s*define\s+\1\b", bare)
            or re.match(r"\s*#\s*if\s+!defined\((\w+)\)[^\n]*\n"
                        r"\s*#\s*define\s+\1\b", bare))
    return count, guards


def table(directory):
    """The measures of a directory: (what, figures)."""
    texts = tree.sources(directory, ".c", ".h")
    needs = calls.graph(texts)
    within = [f for group in graph.cycles(needs) for f in group]
    lengths = sorted(csyntax.length(f) for text in texts.values()
                     for f in csyntax.functions(text))
    sizes = {f: text.count("\n") for f, text in texts.items()}
    longest = max(sizes, key=sizes.get, default="-")
    lines = max(1, sum(sizes.values()))
    count, guards = conditions(texts)
    heads = [p for f, text in texts.items() if f.endswith(".h")
             for p in csyntax.prototypes(text)]
    yield "functions", "%d" % len(lengths)
    yield "function length, median / p90 / max", "%d / %d / %d" % (
        part(lengths, 0.5), part(lengths, 0.9), part(lengths, 1))
    yield "files (.c), lines", "%d (%d), %d" % (len(texts), len(needs), lines)
    yield "longest file", "%d (%s)" % (sizes.get(longest, 0),
                                       os.path.basename(longest))
    yield "file-call cycles: files in one", "%d of %d" % (len(within),
                                                          len(needs))
    yield "#if per 1,000 lines (without header guards)", "%.1f (%.1f)" % (
        1000 * count / lines, 1000 * (count - guards) / lines)
    yield "file-scope variables that are not const", "%d" % sum(
        len(csyntax.variables(text)) for text in texts.values())
    yield "prototypes in headers with struct esp_nat_net *", "%d of %d" % (
        sum(bool(PER_NET.search(rest)) for _, rest in heads), len(heads))
