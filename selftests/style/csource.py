#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Rules of the house that no other tool checks, and the measures behind them.

    csource.py RULE             run in the top directory; prints what breaks it
    csource.py measures [DIR]   of any checkout's directory of C; esp_nat's
    csource.py test             whether this reads C and Python rightly

Rules: layers, cycles, lengths, versions, variables, documented, licences, words.
"""

import os
import sys
import unittest

import measures
import rules

RULES = {
    "layers": rules.includes,
    "cycles": rules.cycles,
    "lengths": rules.lengths,
    "versions": rules.versions,
    "variables": rules.variables,
    "documented": rules.documented,
    "licences": rules.licences,
    "words": rules.words,
}


def measure(directory="esp_nat"):
    """Print the measures of a directory."""
    if not os.path.isdir(directory):
        print("%s: no directory" % directory, file=sys.stderr)
        return 1
    print(directory)
    for what, figures in measures.table(directory):
        print("%-48s %s" % (what, figures))
    return 0


def check(rule):
    """Print what breaks a rule."""
    found = list(rule())
    for line in found:
        print(line)
    return 1 if found else 0


def test():
    """Run the tests of the readers of C and Python."""
    suite = unittest.defaultTestLoader.discover(
        os.path.dirname(os.path.abspath(__file__)), "*_test.py")
    if not suite.countTestCases():
        print("no tests found")
        return 1
    return 0 if unittest.TextTestRunner().run(suite).wasSuccessful() else 1


def main(what="", *more):
    """One rule, the measures, or the tests."""
    if what in RULES and not more:
        return check(RULES[what])
    if what == "measures" and len(more) < 2:
        return measure(*more)
    if what == "test" and not more:
        return test()
    print(__doc__.strip(), file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
