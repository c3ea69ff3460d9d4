#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Rules of the house that no other tool checks.

    csource.py RULE     run in the top directory; prints what breaks the rule

Rules: layers, lengths, versions, variables, documented, licences, words.
"""

import os
import re
import subprocess
import sys

MODULE = "esp_nat"
FUNCTION_MAX = 60
FILE_MAX = 500
VARIABLES_MAX = 8


def files():
    """All files of the project, as git sees them or else as they lie there."""
    try:
        out = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard"], check=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        found = out.stdout.split("\n")
    except (OSError, subprocess.CalledProcessError):
        found = [os.path.join(d, f)[2:] for d, _, fs in os.walk(".")
                 for f in fs]
    skip = (".git/", ".cache/", "build/")
    return sorted({f for f in found if f and not f.startswith(skip)
                   and os.path.isfile(f)
                   and not f.endswith((".ko", ".o", ".mod.c", ".pyc"))})


def read(path):
    """A file's text."""
    with open(path, encoding="utf-8", errors="replace") as stream:
        return stream.read()


def sources(*ends):
    """The module's files."""
    return [f for f in files()
            if f.startswith(MODULE + "/") and f.endswith(ends)]


def strip(text):
    """C without comments, strings and preprocessor lines, lines kept."""
    def blank(match):
        keep = "\n" * match.group(0).count("\n")
        return '""' + keep if match.group(0)[0] in "\"'" else keep

    text = re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'',
                  blank, text, flags=re.S)
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", blank, text, flags=re.M)


def statements(text):
    """Top-level statements of stripped C: (line, head, body or None)."""
    line = 1
    start = None
    head = []
    depth = 0
    body = 0
    for char in text:
        if char == "\n":
            line += 1
        if start is None:
            if char.isspace():
                continue
            start = line
            head = []
            body = None
        if char == "{":
            if depth == 0 and body is None:
                body = line
            depth += 1
        elif char == "}":
            depth -= 1
            joined = "".join(head)
            if depth == 0 and is_function(joined):
                yield start, joined, (body, line)
                start = None
            continue
        if depth == 0:
            if char == ";":
                yield start, "".join(head), None
                start = None
            elif char != "{":
                head.append(char)


def is_function(head):
    """Whether what precedes a brace is a function's head."""
    return bool(re.search(r"\)\s*(__\w+\s*(\(.*\))?\s*)*$", head)) \
        and "=" not in head


def function_name(head):
    """The name in a function's head."""
    match = re.search(r"(\w+)\s*\(", head)
    return match.group(1) if match else "?"


def order():
    """The module's nouns, lower layers first, as Kbuild has its objects."""
    text = ""
    for path in (MODULE + "/compat/Kbuild.include", MODULE + "/Kbuild"):
        if os.path.exists(path):
            text += read(path).replace("\\\n", " ") + "\n"

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


def rule_layers():
    """A file includes only files of lower layers."""
    nouns = order()
    if not nouns:
        yield MODULE + "/Kbuild: no objects found"
        return
    includes = {}
    for path in sources(".c", ".h"):
        if path.count("/") > 1:
            continue
        noun = os.path.splitext(os.path.basename(path))[0]
        for name in re.findall(r'^\s*#\s*include\s+"([^"/]+)\.h"', read(path),
                               re.M):
            if name != noun:
                includes.setdefault(noun, {})[name] = path
        if path.endswith(".c") and noun not in nouns:
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


def rule_lengths():
    """No function beyond 60 lines, no file beyond 500."""
    for path in sources(".c", ".h"):
        text = read(path)
        if text.count("\n") > FILE_MAX:
            yield "%s: %d lines, more than %d" % (path, text.count("\n"),
                                                  FILE_MAX)
        for _, head, body in statements(strip(text)):
            if body and body[1] - body[0] + 1 > FUNCTION_MAX:
                yield "%s:%d: %s() has %d lines, more than %d" % (
                    path, body[0], function_name(head),
                    body[1] - body[0] + 1, FUNCTION_MAX)


def rule_versions():
    """Kernel differences are probed for, never told by version."""
    for path in files():
        if not path.startswith(MODULE + "/"):
            continue
        for number, line in enumerate(read(path).split("\n"), 1):
            if re.search(r"LINUX_VERSION_CODE|KERNEL_VERSION|linux/version\.h"
                         r"|\$\((VERSION|PATCHLEVEL|KERNELVERSION)\)", line):
                yield "%s:%d: %s" % (path, number, line.strip())


def is_variable(head):
    """Whether a top-level statement makes a variable that may change."""
    if re.match(r"(typedef|extern|struct\s+\w+\s*$|union\s+\w+\s*$"
                r"|enum(\s+\w+)?\s*$)", head):
        return False
    if re.match(r"(static\s+)?(DEFINE_(MUTEX|SPINLOCK|RWLOCK|IDA|IDR|PER_CPU\w*"
                r"|STATIC_KEY\w*|HASHTABLE|SRCU|STATIC_SRCU|SEQLOCK)"
                r"|LIST_HEAD|HLIST_HEAD|ATOMIC_\w+_HEAD)\s*\(", head):
        return True
    left = head.split("=")[0]
    if "=" not in head and "(" in left:
        return False
    if re.match(r"\w+\s*\(", left):
        return False
    return not re.search(r"\bconst\b[^*]*$", left)


def rule_variables():
    """At most 8 file-scope variables that are not const."""
    found = []
    for path in sources(".c"):
        for line, head, body in statements(strip(read(path))):
            if body is None and is_variable(head):
                found.append("%s:%d: %s" % (path, line,
                                            " ".join(head.split())[:60]))
    if len(found) > VARIABLES_MAX:
        yield "%d variables, more than %d:" % (len(found), VARIABLES_MAX)
        yield from found


def rule_documented():
    """kernel-doc on every function that is not static."""
    for path in sources(".c"):
        text = read(path)
        if "/compat/" in path:
            continue
        for line, head, body in statements(strip(text)):
            if not body or re.match(r"static\b", head):
                continue
            name = function_name(head)
            if name in ("init_module", "cleanup_module"):
                continue
            if not re.search(r"/\*\*\n \* %s\(\) - " % re.escape(name), text):
                yield "%s:%d: %s() has no kernel-doc" % (path, line, name)
    for path in sources(".h", ".c"):
        text = read(path)
        for match in re.finditer(r"^(?:struct|union)\s+(\w+)\s*\{", text, re.M):
            if not re.search(r"/\*\*\n \* (struct|union) %s - "
                             % match.group(1), text):
                yield "%s: struct %s has no kernel-doc" % (path,
                                                           match.group(1))


def rule_licences():
    """A licence identifier in every file that can hold a comment."""
    exempt = (".md", ".json", ".txt", ".bin")
    plain = {"COPYING", "config", "settings", "packages"}
    for path in files():
        if path.endswith(exempt) or os.path.basename(path) in plain:
            continue
        if "SPDX-License-Identifier:" not in "\n".join(
                read(path).split("\n")[:3]):
            yield path + ": no SPDX-License-Identifier in the first 3 lines"


def rule_words():
    """What is not done is not promised in a comment."""
    pattern = re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b")
    for path in files():
        for number, line in enumerate(read(path).split("\n"), 1):
            if pattern.search(line):
                yield "%s:%d: %s" % (path, number, line.strip())


def main():
    """One rule."""
    rule = globals().get("rule_" + (sys.argv + [""])[1])
    if len(sys.argv) != 2 or not rule:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    found = list(rule())
    for line in found:
        print(line)
    return 1 if found else 0


sys.exit(main())
