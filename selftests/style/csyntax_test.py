# SPDX-License-Identifier: GPL-2.0
"""Whether C is read rightly."""

import unittest

import csyntax

# Statement -> names of the variables in it that may change.
VARIABLES = {
    # plain
    "int a;": ["a"],
    "static unsigned long a = 5;": ["a"],
    "int a, *b = 0, c[3];": ["a", "b", "c"],
    "static const int a = 1, b = 2;": [],
    "int a __read_mostly;": ["a"],
    "static struct s a __ro_after_init = { .x = 1 };": ["a"],
    "static char a[64] __aligned(8);": ["a"],
    "static int a __attribute__((aligned(8)));": ["a"],
    "static __be32 a;": ["a"],
    "static volatile sig_atomic_t a;": ["a"],
    "static typeof(x) a;": ["a"],
    # const in several places
    "const char *a = f(1);": ["a"],
    "const char * const a = \"=;{\";": [],
    "char const a = ';';": [],
    "static const struct s *a, b;": ["a"],
    "static const char *a, * const b = 0;": ["a"],
    # arrays
    "static const char * const a[] = { \"x\", \"y\" };": [],
    "static const char *a[] = { \"x\" };": ["a"],
    "static struct s a[N];": ["a"],
    "static struct s *a[ARRAY_SIZE(others)];": ["a"],
    "static char a[sizeof(const int)];": ["a"],
    "static const struct p a[MAX + 1] = { [1] = { .t = U8 } };": [],
    "static const struct p a[ARRAY_SIZE(b)] = { };": [],
    "static int a[2][F(3)], b;": ["a", "b"],
    "static int (*a)[3];": ["a"],
    # function pointers
    "static int (*a)(const int x);": ["a"],
    "static int (*a)(const int x) = f;": ["a"],
    "static int (* const a)(int x) = f;": [],
    "static void (*a[ARRAY_SIZE(b)])(void) = { f };": ["a"],
    "static void (* const a[])(void) = { f };": [],
    # types with and without a variable
    "struct s;": [],
    "struct s { int x; const int y; };": [],
    "struct s { int x; } __packed;": [],
    "struct s { int x; } a;": ["a"],
    "static struct { const int x; } a[3];": ["a"],
    "static const struct { int *x; } a[] = { { 0 } };": [],
    "enum { A, B = F(2) };": [],
    "enum e { A } a;": ["a"],
    "union u { int x; };": [],
    "typedef int (*f)(int);": [],
    "typedef struct { int x; } s;": [],
    # no definitions
    "extern int a;": [],
    "extern struct s a[];": [],
    "int f(const char *x, ...) __printf(1, 2);": [],
    "__printf(1, 2) int f(const char *x, ...);": [],
    "struct s *f(int x[3], void (*g)(int));": [],
    "static int f(struct s *x) SOME_ATTRIBUTE;": [],
    "int (*f(int x))(void);": [],
    # macros
    "static DEFINE_MUTEX(a);": ["DEFINE_MUTEX"],
    "static LIST_HEAD(a);": ["LIST_HEAD"],
    "static DEFINE_PER_CPU(struct s, a);": ["DEFINE_PER_CPU"],
    "DEFINE_STATIC_KEY_FALSE(a);": ["DEFINE_STATIC_KEY_FALSE"],
    "static DEFINE_SPINLOCK(a);": ["DEFINE_SPINLOCK"],
    "DEFINE_EVENT(c, e, TP_PROTO(int x), TP_ARGS(x));": [],
    "MODULE_LICENSE(\"GPL\");": [],
    "module_init(f);": [],
    "static_assert(sizeof(struct s) == 8);": [],
    "TRACE_EVENT(e, TP_fast_assign(__entry->x = x; __entry->y = y;));": [],
    "#define M(x) static int x; \\\n\tstatic int y;\n": [],
    # nothing at the top level
    "/* int a; */ // int b;\n": [],
    "static int f(void)\n{\n\tstatic int a;\n\treturn a;\n}": [],
}

FUNCTIONS = """
#define M(x) { x; }
struct s { int (*f)(int); };
static const struct s t = {
	.f = one,
};
int one(int x)
{
	return '{' + x;
}

static struct s *
two(int x,
    const char *y)
	__must_hold(&lock)
{
	struct s z = { .f = one };

	if (x) {
		one(1);
	}
}
__printf(1, 2) static void three(const char *x, ...) { puts("}"); }
static int (*four(void))(int) { return one; }
TRACE_EVENT(e, TP_fast_assign(if (x) { y = 1; }));
void __init five(void) { }
static inline __attribute__((pure)) bool six(void (*f)(int)) { return f; }
"""


class Syntax(unittest.TestCase):
    """Reading C."""

    def test_variables(self):
        """Only variables that may change, all of them."""
        for text, names in VARIABLES.items():
            with self.subTest(text):
                found = [name for _, name in csyntax.variables(text)]
                self.assertEqual(found, names)

    def test_one_after_another(self):
        """No statement swallows its neighbour."""
        text = "\n".join(VARIABLES)
        found = [name for _, name in csyntax.variables(text)]
        self.assertEqual(found, sum(VARIABLES.values(), []))

    def test_functions(self):
        """Names and lines of functions."""
        found = [(csyntax.function_name(f.head), f.line, f.first, f.last)
                 for f in csyntax.functions(FUNCTIONS)]
        self.assertEqual(found, [
            ("one", 7, 8, 10), ("two", 12, 16, 22), ("three", 23, 23, 23),
            ("four", 24, 24, 24), ("five", 26, 26, 26), ("six", 27, 27, 27)])

    def test_branches(self):
        """What both branches of an #if open is closed once."""
        text = "int f(void)\n{\n#if A\n\tif (a) {\n#else\n\tif (b) {\n" \
            "#endif\n\t}\n}\nint a;\nint g(void)\n{\n}\n"
        self.assertEqual([f.first for f in csyntax.functions(text)], [2, 12])
        self.assertEqual(csyntax.variables(text), [(10, "a")])

    def test_heads(self):
        """A function with a head in both branches of an #if."""
        text = "int f(int x,\n#if A\n\tint y)\n#else\n\tint y, int z)\n" \
            "#endif\n{\n}\nint g(void)\n{\n}\n"
        self.assertEqual([f.first for f in csyntax.functions(text)], [7, 10])

    def test_static(self):
        """Functions that are their file's own."""
        found = [csyntax.is_static(f.head)
                 for f in csyntax.functions(FUNCTIONS)]
        self.assertEqual(found, [False, True, True, True, False, True])
        self.assertFalse(csyntax.is_static("int f(int x[static 3])"))

    def test_prototypes(self):
        """Names and parameters."""
        text = """
        struct net *net(const struct net *x, int y);
        extern int f(void (*g)(struct net *)) __must_check;
        extern int v;
        int (*pointer)(struct net *x);
        static inline int h(int x) { return x; }
        __printf(2, 3) void say(struct net *x, const char *fmt, ...);
        """
        found = [(name, "net *" in rest)
                 for name, rest in csyntax.prototypes(text)]
        self.assertEqual(found, [("net", True), ("f", True), ("say", True)])

    def test_macros(self):
        """Macros with arguments, over more than one line."""
        text = "#define A 1\n#define F(x) g(x, \\\n\th(x)) /* i(x) */\n"
        found = csyntax.macros(text)
        self.assertEqual(list(found), ["F"])
        self.assertEqual(found["F"][0], 2)
        self.assertIn("h(x)", found["F"][1])
        self.assertNotIn("i(x)", found["F"][1])


if __name__ == "__main__":
    unittest.main()
