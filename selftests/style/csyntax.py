# SPDX-License-Identifier: GPL-2.0
"""C, as far as the rules of the house need it: what stands at a file's top level.

Nothing is preprocessed: both branches of an #if count.
"""

import re
from collections import namedtuple

# line: of its first character; head: what stands outside of braces, a braced
# part as {}; first, last: the lines of a function's braces, else None;
# inner: (line, text) of what stands in braces.
Statement = namedtuple("Statement", "line head first last inner")

# kind: function (its head or prototype), variable, typedef, type or macro.
Declared = namedtuple("Declared", "kind name const")

TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"'
                   r"|'(?:\\.|[^'\\\n])+'", re.S)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.M)

# Attributes with arguments: an identifier before parentheses, but no name.
ATTRIBUTE = re.compile(
    r"\b__(?:attribute__|printf|scanf|aligned|section|must_hold\w*|acquires\w*"
    r"|releases\w*|cond_\w+|alias|alloc_size|assume_aligned|counted_by\w*"
    r"|guarded_by|no_sanitize\w*|nonnull\w*|cleanup)\s*(?=\()")
# Attributes without: they may follow a variable's name.
PLAIN_ATTRIBUTE = re.compile(
    r"\b_{2,4}(?:read_mostly|ro_after_init|init\w*|exit\w*|net_init\w*"
    r"|net_exit\w*|refdata|maybe_unused|always_unused|used|unused|cold|hot"
    r"|packed|must_check|weak|pure|percpu|rcu|user|always_inline|inline"
    r"|\w*cacheline_aligned\w*)\b|\b(?:noinline\w*|asmlinkage)\b")

# Macros that make a variable; further ones make none (DEFINE_EVENT).
DEFINING = re.compile(
    r"(?:DEFINE|DECLARE)_(?:\w*MUTEX|\w*SPINLOCK|\w*RWLOCK|\w*RWSEM|\w*LOCK|IDA"
    r"|IDR|XARRAY\w*|PER_CPU\w*|STATIC_KEY\w*|HASHTABLE|\w*SRCU|SEQLOCK"
    r"|RATELIMIT_STATE|TIMER|BITMAP|WORK|\w*DELAYED_WORK|WAIT_QUEUE_HEAD"
    r"|COMPLETION|RHASHTABLE|KFIFO|TASKLET\w*|STATIC_CALL\w*)$"
    r"|H?LIST_HEAD$|\w+_NOTIFIER_HEAD$|RADIX_TREE$")


def uncommented(text):
    """C without comments, strings emptied, lines kept."""
    def blank(match):
        lines = "\n" * match.group(0).count("\n")
        return ('""' if match.group(0)[0] in "\"'" else " ") + lines

    return TOKEN.sub(blank, text)


def strip(text):
    """C without comments, strings and preprocessor lines, lines kept."""
    return DIRECTIVE.sub(lambda m: "\n" * m.group(0).count("\n"),
                         uncommented(text))


class Reader:
    """Where statements() is: the statement that has begun, and how deep."""

    def __init__(self):
        self.line = 1
        self.margin = True  # at the line's begin
        self.start = None

    def begin(self):
        """A statement begins with this character."""
        self.start = self.line
        self.head = []
        self.inner = []
        self.parens = self.braces = 0
        self.first = None

    def end(self, last=None):
        """It has ended; the statement."""
        done = Statement(self.start, "".join(self.head), self.first, last,
                         [(line, "".join(text)) for line, text in self.inner])
        self.start = None
        return done

    def outside(self, char):
        """A character outside of braces; the statement if it ends there."""
        if char == "{" and self.margin:
            self.parens = 0  # whatever both branches of an #if have closed
        if char == "{" and self.parens == 0:
            if is_function("".join(self.head)):
                self.first = self.line
            else:
                self.head.append("{}")
            self.inner.append((self.line, []))
            self.braces = 1
            return None
        if char == ";" and self.parens == 0:
            return self.end()
        self.parens += (char == "(") - (char == ")")
        self.head.append(char)
        return None

    def inside(self, char):
        """A character in braces; the statement if it ends there."""
        self.braces += (char == "{") - (char == "}")
        if char == "}" and self.margin:
            self.braces = 0  # whatever both branches of an #if have opened
        if self.braces:
            self.inner[-1][1].append(char)
        elif self.first is not None:
            return self.end(self.line)
        return None


def statements(text):
    """Top-level statements of stripped C."""
    reader = Reader()
    for char in text:
        if char == "\n":
            reader.line += 1
        if reader.start is None:
            if char.isspace() or char == ";":
                reader.margin = char == "\n"
                continue
            reader.begin()
        done = (reader.inside if reader.braces else reader.outside)(char)
        reader.margin = char == "\n"
        if done:
            yield done


def group_end(text, start):
    """The index past the bracket that closes the one at start."""
    pairs = {"(": ")", "[": "]", "{": "}"}
    depth = 0
    for index in range(start, len(text)):
        depth += (text[index] == text[start]) \
            - (text[index] == pairs[text[start]])
        if depth == 0:
            return index + 1
    return len(text)


def without(text, pattern, instead=" "):
    """text without what matches pattern and the brackets that follow it."""
    while True:
        match = re.search(pattern, text)
        if not match:
            return text
        text = text[:match.start()] + instead \
            + text[group_end(text, match.end()):]


def split(text, separator):
    """text at those separators that stand in no brackets."""
    parts = [""]
    depth = 0
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        if char == separator and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def last_word(text):
    """The last identifier of text."""
    words = re.findall(r"[A-Za-z_]\w*", text)
    return words[-1] if words else "?"


def is_const(text):
    """Whether what is declared is const: after the last star, if there is any."""
    return bool(re.search(r"\bconst\b", text.rpartition("*")[2]))


def declarator(text, known=None):
    """What one declarator, with its type before it or known, declares."""
    left = split(text, "=")[0]
    left = without(left, ATTRIBUTE)
    left = without(left, r"\b(?:__)?typeof(?:__)?\s*(?=\()", " int ")
    left = PLAIN_ATTRIBUTE.sub(" ", left)
    left = without(left, r"(?=\[)")
    left = " ".join(left.split())
    paren = left.find("(")
    if paren >= 0:
        inner = left[paren + 1:group_end(left, paren) - 1]
        if inner.strip().startswith("*"):
            if "(" in inner:  # a function that returns a function
                return Declared("function", last_word(inner.split("(")[0]),
                                False)
            return Declared("variable", last_word(inner), is_const(inner))
        words = re.findall(r"\w+", left[:paren])
        if not known and [w for w in words if w != "static"] == words[-1:]:
            made = DEFINING.match(words[-1]) if words else None
            return Declared("variable" if made else "macro",
                            words[-1] if words else "?", False)
        return Declared("function", words[-1] if words else "?", False)
    bare = re.sub(r"\b(?:static|const|volatile)\b", " ", left).strip()
    if not known and re.fullmatch(r"(?:struct|union|enum)\b\s*\w*\s*(?:\{\})?",
                                  bare):
        return Declared("type", last_word(left), False)
    if not known and len(re.findall(r"\w+|\{\}", bare)) < 2:
        return Declared("macro", last_word(left), False)
    return Declared("variable", last_word(left), is_const(left))


def declared(head):
    """All that a statement's head declares."""
    head = " ".join(head.split())
    if re.match(r"typedef\b", head):
        return [Declared("typedef", last_word(without(head, r"(?=\[)")), False)]
    first, *more = split(head, ",")
    found = [declarator(first)]
    for text in more:
        found.append(declarator(specifiers(first) + " " + text, found[0]))
    return found


def specifiers(first):
    """The type that the declarators after the first share."""
    text = split(first, "=")[0]
    text = without(text, r"(?=\[)")
    match = re.match(r"(.*?[\w}])\s*(?:\*|\(|\b\w+\s*$)", text)
    return match.group(1) if match else text


def is_function(head):
    """Whether what precedes a brace is a function's head."""
    if len(split(head, "=")) > 1 or not head.strip():
        return False
    text = PLAIN_ATTRIBUTE.sub(" ", without(head, ATTRIBUTE)).rstrip()
    return text.endswith(")") \
        and declarator(head).kind in ("function", "macro")


def function_name(head):
    """The name in a function's head."""
    return declarator(head).name


def functions(text):
    """The functions that C defines."""
    return [s for s in statements(strip(text)) if s.first is not None]


def length(function):
    """A function's lines, from its first brace to its last."""
    return function.last - function.first + 1


def variables(text):
    """File-scope variables that are not const: (line, name)."""
    found = []
    for state in statements(strip(text)):
        if state.first is None and not re.match(r"extern\b", state.head):
            found += [(state.line, d.name) for d in declared(state.head)
                      if d.kind == "variable" and not d.const]
    return found


def prototypes(text):
    """Functions that are declared and not defined: (name, parameters)."""
    found = []
    for state in statements(strip(text)):
        if state.first is None:
            head = re.sub(r"^\s*extern\b", "", state.head)
            head = without(head, ATTRIBUTE)
            what = declared(head)[0]
            if what.kind == "function":
                rest = re.split(r"\b%s\s*\(" % what.name, head, maxsplit=1)[1]
                found.append((what.name, rest))
    return found


def is_static(head):
    """Whether a function is its file's own."""
    return bool(re.search(r"\bstatic\b",
                          without(head, ATTRIBUTE).split("(")[0]))


def macros(text):
    """Macros with arguments: name -> (line, what they stand for)."""
    found = {}
    bare = uncommented(text)
    for match in DIRECTIVE.finditer(bare):
        made = re.match(r"\s*#\s*define\s+(\w+)\(", match.group(0))
        if made:
            start = group_end(match.group(0), made.end() - 1)
            line = bare.count("\n", 0, match.start()) + 1
            found[made.group(1)] = (line, match.group(0)[start:])
    return found
