# SPDX-License-Identifier: GPL-2.0
"""Which C file calls functions of which.

A call is a name before a parenthesis; what is called through a pointer is not.
Headers have no place of their own: what their inline functions and macros call,
those call who use them.
"""

import re

import csyntax

CALL = re.compile(r"(?<![\w.])(?<!->)([A-Za-z_]\w*)\s*\(")


def called(line, text):
    """Names that text, which begins at line, calls: name -> line."""
    found = {}
    for match in CALL.finditer(text):
        found.setdefault(match.group(1),
                         line + text.count("\n", 0, match.start()))
    return found


def calls_of(text):
    """What a file's functions, tables and macros call: name -> line."""
    found = {}
    parts = [p for s in csyntax.statements(csyntax.strip(text))
             for p in s.inner]
    for line, inner in parts + list(csyntax.macros(text).values()):
        for name, where in called(line, inner).items():
            found.setdefault(name, where)
    return found


def of_headers(texts):
    """What headers' functions and macros call: name -> names."""
    found = {}
    for path, text in texts.items():
        if not path.endswith(".h"):
            continue
        parts = [(csyntax.function_name(f.head), *f.inner[0])
                 for f in csyntax.functions(text)]
        parts += [(name, *part)
                  for name, part in csyntax.macros(text).items()]
        for name, line, inner in parts:
            found.setdefault(name, set()).update(called(line, inner))
    return found


def graph(texts):
    """Of .c and .h files' texts: a .c file -> {the .c file it calls: why}."""
    homes = {}
    own = {}
    sources = {p: t for p, t in texts.items() if p.endswith(".c")}
    for path, text in sources.items():
        own[path] = set()
        for function in csyntax.functions(text):
            name = csyntax.function_name(function.head)
            own[path].add(name)
            if not csyntax.is_static(function.head):
                homes.setdefault(name, []).append(path)
    through = of_headers(texts)
    found = {}
    for path, text in sources.items():
        found[path] = {}
        names = calls_of(text)
        todo = sorted(names.items(), key=lambda item: item[1])
        while todo:
            name, line = todo.pop(0)
            if name in own[path]:
                continue
            for home in homes.get(name, []):
                found[path].setdefault(home, (line, name + "()"))
            for further in sorted(through.get(name, ())):
                if further not in names:
                    names[further] = line
                    todo.append((further, line))
    return found
