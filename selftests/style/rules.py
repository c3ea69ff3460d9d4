# SPDX-License-Identifier: GPL-2.0
"""The rules: each yields what breaks it."""

import os
import re

import calls
import csyntax
import graph
import layers
import pysource
import tree

MODULE = layers.MODULE
FUNCTION_MAX = 60
FILE_MAX = 500
# File-scope variables that are not const, a directory of C: what a namespace
# has belongs into its struct esp_nat_net, what a command has on its stack.
VARIABLES_MAX = {MODULE: 9, "tools": 20}


def includes():
    """A file includes only files of lower layers."""
    return layers.broken()


def cycles():
    """Files call, and Python imports, in one direction only."""
    for directory in VARIABLES_MAX:
        texts = tree.sources(directory, ".c", ".h")
        yield from graph.explain(calls.graph(texts))
    yield from graph.explain(pysource.graph(tree.python()))


def functions():
    """Every function, of C and of Python: (path, line, name, how long)."""
    for directory in VARIABLES_MAX:
        for path, text in tree.sources(directory, ".c", ".h").items():
            for function in csyntax.functions(text):
                yield (path, function.first,
                       csyntax.function_name(function.head),
                       csyntax.length(function))
    for path, text in tree.python().items():
        for function in pysource.functions(text, path):
            yield (path, *function)


def lengths():
    """No function beyond 60 lines, no file beyond 500."""
    texts = tree.python()
    for directory in VARIABLES_MAX:
        texts.update(tree.sources(directory, ".c", ".h"))
    for path, text in sorted(texts.items()):
        if text.count("\n") > FILE_MAX:
            yield "%s: %d lines, more than %d" % (path, text.count("\n"),
                                                  FILE_MAX)
    for path, line, name, long in functions():
        if long > FUNCTION_MAX:
            yield "%s:%d: %s() has %d lines, more than %d" % (
                path, line, name, long, FUNCTION_MAX)


def variables():
    """Few file-scope variables that are not const, arrays included."""
    for directory, most in VARIABLES_MAX.items():
        found = ["%s:%d: %s" % (path, *variable)
                 for path, text in tree.sources(directory, ".c", ".h").items()
                 for variable in csyntax.variables(text)]
        if len(found) > most:
            yield "%s: %d variables, more than %d:" % (directory, len(found),
                                                       most)
            yield from found


def versions():
    """Kernel differences are probed for, never told by version."""
    for path in tree.files(MODULE):
        for number, line in enumerate(tree.read(path).split("\n"), 1):
            if re.search(r"LINUX_VERSION_CODE|KERNEL_VERSION|linux/version\.h"
                         r"|\$\((VERSION|PATCHLEVEL|KERNELVERSION)\)", line):
                yield "%s:%d: %s" % (path, number, line.strip())


def documented():
    """kernel-doc on every function that is not static."""
    for path, text in tree.sources(MODULE, ".c").items():
        if "/compat/" in path:
            continue
        for function in csyntax.functions(text):
            name = csyntax.function_name(function.head)
            if csyntax.is_static(function.head) \
                    or name in ("init_module", "cleanup_module"):
                continue
            if not re.search(r"/\*\*\n \* %s\(\) - " % re.escape(name), text):
                yield "%s:%d: %s() has no kernel-doc" % (path, function.line,
                                                         name)
    for path, text in tree.sources(MODULE, ".h", ".c").items():
        for match in re.finditer(r"^(?:struct|union)\s+(\w+)\s*\{", text, re.M):
            if not re.search(r"/\*\*\n \* (struct|union) %s - "
                             % match.group(1), text):
                yield "%s: struct %s has no kernel-doc" % (path,
                                                           match.group(1))


def licences():
    """A licence identifier in every file that can hold a comment."""
    exempt = (".md", ".json", ".txt", ".bin")
    plain = {"COPYING", "config", "settings", "packages"}
    for path in tree.files():
        if path.endswith(exempt) or os.path.basename(path) in plain:
            continue
        if "SPDX-License-Identifier:" not in "\n".join(
                tree.read(path).split("\n")[:3]):
            yield path + ": no SPDX-License-Identifier in the first 3 lines"


def words():
    """What is not done is not promised in a comment."""
    pattern = re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b")
    for path in tree.files():
        for number, line in enumerate(tree.read(path).split("\n"), 1):
            if pattern.search(line):
                yield "%s:%d: %s" % (path, number, line.strip())
