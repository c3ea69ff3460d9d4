#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Is this true of the JSON on standard input?

    pick.py EXPRESSION [ARGUMENT]...
    pick.py --lines EXPRESSION [ARGUMENT]...    a list of what each line has

In the expression, j is the document, a the arguments, ep(addr, port) an
endpoint, and some(key=value, ...) whether a dictionary of the list has those.
What is neither True nor False is printed. What is false is told, with the
document.
"""

import json
import sys


def ep(addr, port=None):
    """An endpoint, as espnat writes it."""
    return {"addr": addr, "port": int(port)} if port else {"addr": addr}


def main(args):
    """The exit status."""
    lines = args[:1] == ["--lines"]
    expression, *rest = args[lines:]
    text = sys.stdin.read()
    document = [json.loads(line) for line in text.splitlines() if line] \
        if lines else json.loads(text)

    def some(**want):
        want = {key.replace("_", "-"): value for key, value in want.items()}
        return any(all(each.get(key) == value for key, value in want.items())
                   for each in document)

    found = eval(expression, {"j": document, "a": rest, "ep": ep,
                              "some": some})
    if found is False or found is None:
        print("# not so:", expression, *rest)
        print("#", json.dumps(document)[:4000])
        return 1
    if found is not True:
        print(found)
    return 0


sys.exit(main(sys.argv[1:]))
