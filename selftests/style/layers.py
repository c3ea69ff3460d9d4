# SPDX-License-Identifier: GPL-2.0
"""The module's layers: Kbuild lists its objects, lower ones first."""

import os
import re

import tree

MODULE = "esp_nat"


def order():
    """The module's nouns, lower layers first, as Kbuild has its objects."""
    text = ""
    for path in (MODULE + "/compat/Kbuild.include", MODULE + "/Kbuild"):
        if os.path.exists(path):
            text += tree.read(path).replace("\\\n", " ") + "\n"

    def objects(value):
        """The objects of a value; $(variables) hold further ones."""
        for word in value.split():
            match = re.match(r"\$\(([\w-]+)\)$", word)
            if match:
                for other in re.findall(r"^\s*%s\s*[:+?]?=(.*)$"
                                        % re.escape(match.group(1)), text,
                                        re.M):
                    yield from objects(other)
            elif word.endswith(".o"):
                yield os.path.basename(word)[:-2]

    nouns = []
    for value in re.findall(r"^%s-(?:y|objs|\$\(\S+\))\s*[:+]?=(.*)$" % MODULE,
                            text, re.M):
        nouns += objects(value)
    return list(dict.fromkeys(nouns))


def includes_of():
    """noun -> {noun that it includes: the file that does}."""
    includes = {}
    for path, text in tree.sources(MODULE, ".c", ".h").items():
        if path.count("/") > 1:
            continue
        noun = os.path.splitext(os.path.basename(path))[0]
        for name in re.findall(r'^\s*#\s*include\s+"([^"/]+)\.h"', text, re.M):
            if name != noun:
                includes.setdefault(noun, {})[name] = path
    return includes


def broken():
    """A file includes only files of lower layers."""
    nouns = order()
    if not nouns:
        yield MODULE + "/Kbuild: no objects found"
        return
    includes = includes_of()
    for path in tree.sources(MODULE, ".c"):
        noun = os.path.splitext(os.path.basename(path))[0]
        if path.count("/") == 1 and noun not in nouns:
            yield "%s is not in %s/Kbuild" % (path, MODULE)
    rank = {noun: float(n) for n, noun in enumerate(nouns)}

    def header_rank(noun, trail):
        """Headers alone rank just above the highest that they include."""
        if noun in rank:
            return rank[noun]
        if noun in trail:
            return float("inf")
        below = [header_rank(n, trail + [noun])
                 for n in includes.get(noun, {})]
        return max(below, default=-1.0) + 0.01

    for noun, names in sorted(includes.items()):
        for name, path in sorted(names.items()):
            if header_rank(name, []) >= header_rank(noun, []):
                yield "%s includes %s.h, which is no lower layer" % (path, name)
