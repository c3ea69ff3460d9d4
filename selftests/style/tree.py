# SPDX-License-Identifier: GPL-2.0
"""The files of the project, or of a directory of another."""

import os
import subprocess

SKIP = (".git/", ".cache/", "build/")
MADE = (".ko", ".o", ".mod.c", ".pyc")


def files(top="."):
    """All files below top, as git sees them or else as they lie there."""
    try:
        out = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard"], check=True,
            cwd=top, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True)
        found = out.stdout.split("\n")
    except (OSError, subprocess.CalledProcessError):
        found = []
    if not any(found):  # no checkout, or an ignored part of one
        found = [os.path.relpath(os.path.join(d, f), top)
                 for d, _, fs in os.walk(top) for f in fs]
    return sorted({os.path.normpath(os.path.join(top, f)) for f in found
                   if f and not f.startswith(SKIP) and not f.endswith(MADE)
                   and os.path.isfile(os.path.join(top, f))})


def read(path):
    """A file's text."""
    with open(path, encoding="utf-8", errors="replace") as stream:
        return stream.read()


def sources(directory, *ends):
    """A directory's files whose names end so, with their texts."""
    return {f: read(f) for f in files(directory) if f.endswith(ends)}


def python():
    """The project's Python, with its texts."""
    found = {}
    for path in files():
        if os.path.splitext(path)[1] not in ("", ".py"):
            continue
        text = read(path)
        if path.endswith(".py") or (text.startswith("#!")
                                    and "python3" in text.split("\n")[0]):
            found[path] = text
    return found
