# SPDX-License-Identifier: GPL-2.0
"""Python, as far as the rules of the house need it."""

import ast
import os


def functions(text, path):
    """Functions: (line, name, how many lines)."""
    return [(n.lineno, n.name, n.end_lineno - n.lineno + 1)
            for n in ast.walk(ast.parse(text, path))
            if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]


def imported(text, path):
    """Modules that a file imports, anywhere in it: (name, line)."""
    for node in ast.walk(ast.parse(text, path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.split(".")[0], node.lineno
        elif isinstance(node, ast.ImportFrom):
            if node.module:
                yield node.module.split(".")[0], node.lineno
            else:
                for alias in node.names:
                    yield alias.name, node.lineno


def graph(texts):
    """A file -> {the file it imports: why}; the one beside it comes first."""
    found = {}
    for path, text in texts.items():
        found[path] = {}
        for name, line in imported(text, path):
            beside = os.path.join(os.path.dirname(path), name + ".py")
            homes = [p for p in texts if os.path.basename(p) == name + ".py"]
            for home in [beside] if beside in texts else homes:
                if home != path:
                    found[path].setdefault(home, (line, "import " + name))
    return found
