# SPDX-License-Identifier: GPL-2.0
"""Whether it is seen which file needs which."""

import unittest

import calls
import graph
import measures
import pysource

C = {
    "a.c": "int a(void)\n{\n\treturn b() + twice(1);\n}\n",
    "b.c": "static int own(void) { return 1; }\n"
           "int b(void) { ops->a(); ops.a(); take(a); return own(); }\n",
    "c.c": "static int b(void) { return 2; }\n"
           "int c(void) { return b(); }\n"
           "int own(void) { /* a() */ return INDIRECT(\"a()\"); }\n",
    "d.c": "int d(void) { return deeper(); }\n",
    "x.h": "int a(void);\n"
           "static inline int twice(int x) { return deeper() * x; }\n"
           "static inline int deeper(void) { return INDIRECT(1); }\n"
           "#define INDIRECT(x) \\\n\td(x)\n",
}

PYTHON = {
    "p/a.py": "import os, b\n",
    "p/b.py": "def f():\n    from c import g\n    g()\n",
    "q/c.py": "import a\n",
    "q/b.py": "import c\n",
}


class Graph(unittest.TestCase):
    """Files and what they need."""

    def test_calls(self):
        """Calls count, pointers and a file's own functions do not."""
        found = {f: sorted(n) for f, n in calls.graph(C).items()}
        self.assertEqual(found, {"a.c": ["b.c", "d.c"], "b.c": [],
                                 "c.c": ["d.c"], "d.c": []})

    def test_line(self):
        """Where the call is."""
        self.assertEqual(calls.graph(C)["a.c"]["b.c"], (3, "b()"))

    def test_imports(self):
        """The file beside comes first, then any; within functions too."""
        found = {f: sorted(n) for f, n in pysource.graph(PYTHON).items()}
        self.assertEqual(found, {"p/a.py": ["p/b.py"], "p/b.py": ["q/c.py"],
                                 "q/c.py": ["p/a.py"], "q/b.py": ["q/c.py"]})

    def test_cycles(self):
        """Files in a cycle, not those that lead to one."""
        found = list(graph.cycles(pysource.graph(PYTHON)))
        self.assertEqual(found, [["p/a.py", "p/b.py", "q/c.py"]])
        self.assertEqual(list(graph.cycles(calls.graph(C))), [])

    def test_measures(self):
        """Shares of lengths, and what guards a header."""
        self.assertEqual(measures.part([1, 2, 3, 4, 5], 0.5), 3)
        self.assertEqual(measures.part(list(range(1, 11)), 0.9), 9)
        self.assertEqual(measures.part([7], 1), 7)
        guarded = "/* x */\n#ifndef X_H\n#define X_H\n# if Y\n#endif\n#endif\n"
        self.assertEqual(measures.conditions({"x.h": guarded}), (2, 1))
        self.assertEqual(measures.conditions({"x.c": guarded}), (2, 0))


if __name__ == "__main__":
    unittest.main()
